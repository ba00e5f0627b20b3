"""Two owners write one draft at the same time: nothing that either typed is lost."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from projects.errors import StaleVersion
from projects.models import CustomerEffect, DraftText, MoneyLine, Proposal, Signature
from projects.proposals.services import Change, Collision, update_proposal
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, text

KINDS = MoneyLine.Kind


def line(kind: str, likely: int, label: str = "") -> MoneyLine:
    amount = Decimal(likely)
    return MoneyLine(kind=kind, label=label, low=amount, likely=amount, high=amount)


@pytest.fixture
def draft(company: Company) -> Proposal:
    money = [line(KINDS.ONE_OFF_COST, 100), line(KINDS.RETENTION, 200)]
    return company.draft("Both of us", money=money)


def write(company: Company, who: str, draft: Proposal, version: int, **given: Any) -> Proposal:
    lists = {name: given.pop(name) for name in ("money", "effects", "measures") if name in given}
    decided = given.pop("decided", None)
    return update_proposal(
        actor=getattr(company, who),
        proposal=draft,
        change=Change(fields=given, **lists),
        expected_version=version,
        decided=decided,
    )


def stored(draft: Proposal) -> dict[str, int]:
    rows = Proposal.objects.get(pk=draft.pk).money.all()
    return {f"{row.kind} {row.label}".strip(): int(row.likely) for row in rows}


def test_different_fields_from_the_same_text_are_both_kept(
    company: Company, draft: Proposal
) -> None:
    write(company, "marketing", draft, 1, problem="Theirs.", title="Both of us")
    saved = write(company, "cx", draft, 1, customer_job="Mine.", problem=draft.problem)
    assert (saved.problem, saved.customer_job, saved.version) == ("Theirs.", "Mine.", 3)


def test_the_same_change_twice_is_no_collision(company: Company, draft: Proposal) -> None:
    write(company, "marketing", draft, 1, problem="Agreed.\r\nOn the phone.")
    saved = write(company, "cx", draft, 1, problem="Agreed.\nOn the phone.")
    assert saved.version == 3


def test_what_both_changed_is_shown_and_saves_nothing(company: Company, draft: Proposal) -> None:
    write(company, "marketing", draft, 1, problem="Theirs.")
    with pytest.raises(Collision) as caught:
        write(company, "cx", draft, 1, problem="Mine.", customer_job="Kept back too.")
    both = caught.value.fields["problem"]
    assert (both.mine, both.theirs, list(caught.value.fields)) == ("Mine.", "Theirs.", ["problem"])
    fresh = Proposal.objects.get(pk=draft.pk)
    assert (fresh.problem, fresh.version) == ("Theirs.", 2)
    assert "Kept back too." not in fresh.customer_job


@pytest.mark.parametrize(("choice", "expected"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_a_collision_is_decided_for_either(
    company: Company, draft: Proposal, choice: str, expected: str
) -> None:
    write(company, "marketing", draft, 1, problem="Theirs.")
    given = {"problem": "Mine.", "customer_job": "Mine as well."}
    saved = write(company, "cx", draft, 1, decided={"problem": choice}, **given)
    assert (saved.problem, saved.customer_job) == (expected, "Mine as well.")


def test_rows_are_merged_by_what_they_are(company: Company, draft: Proposal) -> None:
    """One adds and changes, the other adds and removes."""
    mine = [line(KINDS.ONE_OFF_COST, 150), line(KINDS.RETENTION, 200), line(KINDS.ENRICHMENT, 7)]
    theirs = [line(KINDS.ONE_OFF_COST, 100), line(KINDS.COST_TO_SERVE, 9)]
    write(company, "marketing", draft, 1, money=theirs)
    write(company, "cx", draft, 1, money=mine)
    assert stored(draft) == {"one_off_cost": 150, "cost_to_serve": 9, "enrichment": 7}


def test_a_row_that_one_removed_and_the_other_changed_collides(
    company: Company, draft: Proposal
) -> None:
    write(company, "marketing", draft, 1, money=[line(KINDS.ONE_OFF_COST, 100)])
    mine = [line(KINDS.ONE_OFF_COST, 100), line(KINDS.RETENTION, 300)]
    with pytest.raises(Collision) as caught:
        write(company, "cx", draft, 1, money=mine)
    [(path, both)] = caught.value.fields.items()
    assert path == "money: Retention: margin from customers kept per year"
    assert (both.mine["likely"], both.theirs) == ("300.00", None)
    write(company, "cx", draft, 1, money=mine, decided={path: "mine"})
    assert stored(draft) == {"one_off_cost": 100, "retention": 300}


def test_two_rows_of_one_kind_are_told_apart_by_their_names(
    company: Company, draft: Proposal
) -> None:
    two = [line(KINDS.ONE_OFF_COST, 1, "Letters"), line(KINDS.ONE_OFF_COST, 2, "App")]
    write(company, "cx", draft, 1, money=two)
    write(company, "cx", draft, 2, money=[line(KINDS.ONE_OFF_COST, 5, "Letters"), two[1]])
    write(company, "marketing", draft, 2, money=[two[0], line(KINDS.ONE_OFF_COST, 6, "App")])
    assert stored(draft) == {"one_off_cost Letters": 5, "one_off_cost App": 6}


def test_effects_are_the_same_where_stage_and_segment_are(
    company: Company, draft: Proposal
) -> None:
    [effect] = draft.effects.all()

    def moved(points: int) -> CustomerEffect:
        return CustomerEffect(
            stage=effect.stage,
            segment=effect.segment,
            reach=effect.reach,
            points=Decimal(points),
            evidence=effect.evidence,
        )

    write(company, "marketing", draft, 1, effects=[moved(20)])
    with pytest.raises(Collision, match="changed by someone else"):
        write(company, "cx", draft, 1, effects=[moved(30)])
    write(company, "cx", draft, 1, problem="Another step.", effects=[moved(int(effect.points))])
    assert Proposal.objects.get(pk=draft.pk).effects.get().points == 20


def test_a_merge_that_changes_the_text_voids_both_keys(company: Company, draft: Proposal) -> None:
    company.sign(draft)
    write(company, "marketing", draft, 1, problem="Theirs.")
    company.sign(Proposal.objects.get(pk=draft.pk))
    write(company, "cx", draft, 1, customer_job="Mine.")
    assert not Signature.objects.filter(revision__proposal=draft, voided_at=None).exists()


def test_of_a_version_that_nobody_knows_nothing_is_merged(
    company: Company, draft: Proposal
) -> None:
    for version in (0, 7, -1):
        with pytest.raises(StaleVersion):
            write(company, "cx", draft, version, problem="Guessed.")


def test_earlier_texts_go_when_the_proposal_is_submitted(company: Company) -> None:
    company.submitted("Done")
    assert not DraftText.objects.exists()


def test_the_page_shows_both_texts_and_takes_one_click_for_either(
    company: Company, draft: Proposal
) -> None:
    path = f"/proposals/{draft.pk}/edit/problem/"
    one, other = signed_in(company.marketing), signed_in(company.cx)
    one.post(path, {"version": 1, "problem": "Theirs <b>.", "customer_job": "J", "stay": "1"})
    typed = {"version": 1, "problem": "Mine.", "customer_job": draft.customer_job, "stay": "1"}
    shown = other.post(path, typed)
    page = shown.content.decode()
    assert shown.status_code == 422
    assert "both of you changed it" in page
    assert "Theirs &lt;b&gt;." in page
    assert 'name="keep-problem" value="theirs"' in page
    assert 'name="version" value="1"' in page
    assert "Mine.</textarea>" in page
    done = other.post(path, typed | {"keep-problem": "theirs"}, follow=True)
    assert "What was changed meanwhile is kept too." in text(done)
    fresh = Proposal.objects.get(pk=draft.pk)
    assert (fresh.problem, fresh.customer_job) == ("Theirs <b>.", "J")


def test_the_api_merges_too_and_names_what_collides(company: Company, draft: Proposal) -> None:
    marketing, cx = Api(company.marketing), Api(company.cx)
    path = f"/proposals/{draft.pk}/"
    assert marketing.send("PATCH", path, {"problem": "Theirs."}, version=1).status_code == 200
    merged = cx.send("PATCH", path, {"customer_job": "Mine."}, version=1)
    assert (merged.status_code, merged.headers["ETag"]) == (200, '"3"')
    assert (merged.json()["problem"], merged.json()["customer_job"]) == ("Theirs.", "Mine.")
    refused = cx.send("PATCH", path, {"problem": "Mine.", "cx_part": "Too."}, version=1)
    assert refused.status_code == 412
    assert refusal_of(refused) == {
        "problem": ["Changed by somebody else too. It now says: Theirs."]
    }


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_lose_no_word(company: Company) -> None:
    draft = company.draft("Many hands")
    fields = ("problem", "customer_job", "marketing_part", "cx_part")

    def work(place: int) -> int:
        saved = 0
        for number in range(25):
            version = Proposal.objects.get(pk=draft.pk).version
            who = ("marketing", "cx")[place % 2]
            write(company, who, draft, version, **{fields[place]: f"{place} wrote {number}"})
            saved += 1
        connections.close_all()
        return saved

    with ThreadPoolExecutor(len(fields)) as pool:
        counts = list(pool.map(work, range(len(fields))))
    fresh = Proposal.objects.get(pk=draft.pk)
    assert [getattr(fresh, name) for name in fields] == [f"{n} wrote 24" for n in range(4)]
    assert fresh.version == 1 + sum(counts) == 101


def test_a_stranger_merges_nothing(company: Company, draft: Proposal) -> None:
    client: Client = signed_in(company.other_cx)
    path = f"/proposals/{draft.pk}/edit/problem/"
    assert client.post(path, {"version": 1, "problem": "X"}).status_code == 404
