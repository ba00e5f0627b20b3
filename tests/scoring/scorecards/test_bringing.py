"""Judgements that were given elsewhere come in by a list."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from projects.imports.services import Table, read_table
from projects.models import AuditEntry, Notification, Proposal, User
from scoring.models import Scorecard, Seat
from scoring.scorecards.services import bring_judgements, recuse, save_scorecard, set_judges
from tests.company import Company
from tests.pages import signed_in, words

HEAD = "proposal,panelist,Pain relieved,strategic FIT,comment"
PAGE = "/judgements/import/"


def listed(*rows: str, head: str = HEAD) -> Table:
    return read_table(
        io.BytesIO("\n".join([head, *rows]).encode()), "scores.csv", wanted=("proposal", "panelist")
    )


def brought(company: Company, *rows: str, head: str = HEAD, dry_run: bool = False) -> list[str]:
    """What is wrong with the list."""
    _, errors = bring_judgements(
        actor=company.admin, table=listed(*rows, head=head), dry_run=dry_run
    )
    return [str(error) for error in errors]


def opened(company: Company, *titles: str) -> list[Proposal]:
    """Submitted proposals with the numbers P-1, P-2, ..., whatever was there before."""
    made = [company.submitted(title) for title in titles or ("One",)]
    for number, proposal in enumerate(made, start=1):
        proposal.reference = f"P-{number}"
        proposal.save(update_fields=["reference"])
    return made


def said(card: Scorecard) -> list[tuple[str, str]]:
    return [(str(score.level or ""), score.abstention_reason) for score in card.scores.all()]


class TestComingIn:
    def test_it_counts_as_the_panelists_own_and_says_who_entered_it(self, company: Company) -> None:
        opened(company)
        User.objects.filter(pk=company.curator.pk).update(email="chair@example.org")
        rows = (
            "P-1,panelist,50,Level 25,Said on paper",
            "p-1,Chair@Example.org,abstain: no data,100,",
        )
        assert brought(company, *rows) == []
        cards = {card.panelist: card for card in Scorecard.objects.all()}
        first = cards[company.panelist]
        assert (first.status, first.entry, first.comment) == ("submitted", 1, "Said on paper")
        assert first.entered_by == company.admin
        assert [(said(card), card.panelist) for card in (first, cards[company.curator])] == [
            ([("Level 50", ""), ("Level 25", "")], company.panelist),
            ([("", "no data"), ("Level 100", "")], company.curator),
        ]
        run = company.rank()
        assert run.results.get().value is not None
        entry = AuditEntry.objects.filter(action="scorecard.submit").earliest("pk")
        assert (entry.actor, entry.data["panelist"]) == (company.admin, company.panelist.pk)

    def test_each_panelist_is_told_once(self, company: Company) -> None:
        opened(company, "One", "Two")
        assert (
            brought(company, "P-1,panelist,0,100,", "P-2,panelist,50,25,", "P-1,curator,0,0,") == []
        )
        told = {
            line.recipient: line.text
            for line in Notification.objects.filter(text__contains="list by")
        }
        assert told[company.panelist] == (
            f"2 of your judgements were brought in from a list by {company.admin}. "
            "Change what you did not say."
        )
        assert told[company.curator].startswith("1 of your judgements was brought in")

    def test_the_panelist_sees_it_and_may_change_it(self, company: Company) -> None:
        (proposal,) = opened(company)
        brought(company, "P-1,panelist,0,100,")
        page = words(signed_in(company.panelist).get(f"/admin/score/{proposal.pk}/"))
        assert f"{company.admin} brought this judgement in from a list" in page
        save_scorecard(
            actor=company.panelist,
            proposal=proposal,
            answers=company.answers(50, 25),
            change_reason="The list had another row for me.",
            submit=True,
            expected_version=1,
        )
        last = Scorecard.objects.get(entry=2)
        assert last.entered_by is None
        page = words(signed_in(company.panelist).get(f"/admin/score/{proposal.pk}/"))
        assert "brought this judgement in" not in page

    @pytest.mark.parametrize("fifty", ["50", "50.000", "50,000", "50.0", " 50 ", "level 50"])
    def test_a_level_is_known_however_a_sheet_writes_its_number(
        self, company: Company, fifty: str
    ) -> None:
        """Ours has decimals, as a column of the database: of thousands there is no level."""
        opened(company)
        assert brought(company, f'P-1,panelist,"{fifty}",100,') == []
        assert said(Scorecard.objects.get())[0] == ("Level 50", "")

    def test_a_check_keeps_nothing(self, company: Company) -> None:
        opened(company)
        assert brought(company, "P-1,panelist,0,100,", dry_run=True) == []
        assert not Scorecard.objects.exists()
        assert not Notification.objects.filter(text__contains="list by").exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("P-9,panelist,0,100,", "“P-9” is not open to judge."),
            (",panelist,0,100,", "“” is not open to judge."),
            ("P-1,,0,100,", "“” has no panel seat."),
            ("P-1,cx,0,100,", "“cx” has no panel seat."),
            (
                "P-1,panelist,7,100,",
                "“7” is no level of “Pain relieved”. Use 0, 50, 100, or “abstain:” and why.",
            ),
            ("P-1,panelist,Levle 50,100,", "“Levle 50” is no level of “Pain relieved”."),
            ("P-1,panelist,abstain:,100,", "or abstain and say why."),
            ("P-1,panelist,,100,", "Choose a level for “Pain relieved”, or abstain and say why."),
        ],
    )
    def test_all_rows_or_none_and_the_cell_is_named(
        self, company: Company, row: str, told: str
    ) -> None:
        opened(company)
        (error,) = brought(company, "P-1,curator,0,100,", row)
        assert error.startswith("row 3")
        assert told in error
        assert not Scorecard.objects.exists()

    def test_nobody_judges_an_own_proposal_by_a_list_either(self, company: Company) -> None:
        Seat.objects.create(user=company.marketing)
        opened(company)
        (error,) = brought(company, "P-1,marketing,100,100,")
        assert "or their team have a part in this proposal" in error

    def test_who_is_not_asked_or_has_stepped_back_or_begun_is_not_spoken_for(
        self, company: Company
    ) -> None:
        asked, left, begun, given = opened(company, "A", "B", "C", "D")
        set_judges(actor=company.curator, proposal=asked, judges=[company.curator.pk])
        recuse(actor=company.panelist, proposal=left, reason="A friend.", expected_version=0)
        save_scorecard(
            actor=company.panelist, proposal=begun, answers={}, submit=False, expected_version=0
        )
        company.score(given, company.panelist, 0, 0)
        before = Scorecard.objects.count()
        errors = brought(
            company, *(f"{one.reference},panelist,100,100," for one in (asked, left, begun, given))
        )
        assert [error.partition(": ")[2] for error in errors] == [
            f"Others than {company.panelist} are asked to judge it.",
            *3 * [f"{company.panelist} has begun or given a judgement of it. Only they change it."],
        ]
        assert Scorecard.objects.count() == before

    def test_a_panelist_twice_is_refused(self, company: Company) -> None:
        opened(company)
        (error,) = brought(company, "P-1,panelist,0,100,", "P-1,panelist,100,100,")
        assert error.startswith("row 3, panelist")

    def test_a_decided_proposal_is_not_open(self, company: Company) -> None:
        (proposal,) = opened(company)
        Proposal.objects.filter(pk=proposal.pk).update(status=Proposal.Status.DECLINED)
        company.submitted("Another")
        (error,) = brought(company, "P-1,panelist,0,100,")
        assert "“P-1” is not open to judge." in error

    def test_a_column_that_is_not_there_is_named(self, company: Company) -> None:
        opened(company)
        head = HEAD.replace("comment", "charm")
        (error,) = brought(company, "P-1,panelist,0,100,9", head=head)
        known = "proposal, panelist, comment, pain, strategic-fit"
        assert f"charm: There is no such column. Use: {known}." in error

    def test_only_an_administrator_who_judges_nothing(self, company: Company) -> None:
        opened(company)
        for person in (company.curator, company.leader, company.marketing):
            with pytest.raises(PermissionDenied):
                bring_judgements(actor=person, table=listed("P-1,panelist,0,0,"), dry_run=True)
        assert "Import judgements" in words(signed_in(company.admin).get("/admin/assignments/"))
        Seat.objects.create(user=company.admin)
        assert "Import judgements" not in words(signed_in(company.admin).get("/admin/assignments/"))
        assert signed_in(company.admin).get(PAGE).status_code == 403
        with pytest.raises(PermissionDenied):
            brought(company, "P-1,panelist,0,0,")

    def test_the_database_knows_that_nobody_enters_for_themselves(self, company: Company) -> None:
        (proposal,) = opened(company)
        card = company.score(proposal, company.panelist, 0, 0, submit=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Scorecard.objects.filter(pk=card.pk).update(entered_by=company.panelist)


def test_the_page_checks_and_keeps(company: Company) -> None:
    opened(company)
    client = signed_in(company.admin)
    content = f"{HEAD}\nP-1,panelist,0,100,\n".encode()
    checked = client.post(PAGE, {"file": SimpleUploadedFile("scores.csv", content), "check": "1"})
    assert "1 judgement. Nothing is kept yet" in words(checked)
    assert not Scorecard.objects.exists()
    done = client.post(PAGE, {"file": SimpleUploadedFile("scores.csv", content)}, follow=True)
    assert "Kept: 1 judgement." in words(done)
    assert Scorecard.objects.get().entered_by == company.admin


def test_two_columns_of_one_criterion_are_named(company: Company) -> None:
    opened(company)
    head = "proposal,panelist,Pain relieved,fit,pain"
    (error,) = brought(company, "P-1,panelist,0,100,50", head=head)
    assert "pain: Two columns say this. Leave one out." in error
