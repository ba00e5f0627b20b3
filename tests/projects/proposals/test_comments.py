"""Comments and questions on a proposal: who reads them, who is told, and what is settled."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.errors import Conflict
from projects.models import AuditEntry, Comment, Notification, Proposal, User
from projects.proposals.selectors import asked_of, comments_for
from projects.proposals.services import (
    add_comment,
    recall_proposal,
    remind_of_answers,
    reply,
    resolve,
    submit_proposal,
)
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, text, words

TODAY = timezone.localdate()


def said(actor: User, proposal: Proposal, words: str = "Why 5,000?", **values: Any) -> Comment:
    return add_comment(actor=actor, comment=Comment(proposal=proposal, text=words, **values))


def told() -> dict[str, str]:
    found = dict(Notification.objects.values_list("recipient__username", "text"))
    Notification.objects.all().delete()
    return found


@pytest.fixture
def proposal(company: Company) -> Proposal:
    made = company.submitted()
    Notification.objects.all().delete()
    return made


class TestWhoReads:
    def test_everybody_reads_what_is_said_of_a_submitted_one(
        self, company: Company, proposal: Proposal
    ) -> None:
        made = said(company.panelist, proposal, part="money")
        for person in (company.cx, company.other_marketing, company.leader):
            assert list(comments_for(person)) == [made]
            page = signed_in(person).get(f"/proposals/{proposal.pk}/")
            assert "Why 5,000?" in words(page)
            assert "1 open comment" in words(page)

    def test_what_was_said_to_a_draft_stays_with_its_teams(self, company: Company) -> None:
        draft = company.draft()
        made = said(company.marketing, draft, "Shall we say 5,000?")
        answer = reply(actor=company.cx_mate, thread=made, text="Say 4,000.")
        company.sign(draft)
        submitted = signed_in(company.marketing).post(
            f"/proposals/{draft.pk}/submit/", {"version": Proposal.objects.get(pk=draft.pk).version}
        )
        assert submitted.status_code == 302
        for person in (company.cx, company.marketing_mate, company.admin):
            assert set(comments_for(person)) == {made, answer}
        for person in (company.other_cx, company.panelist, company.leader):
            assert not comments_for(person).exists()
            assert "5,000" not in text(signed_in(person).get(f"/proposals/{draft.pk}/"))
            assert Api(person).read("/comments/")["count"] == 0
            refused = signed_in(person).post(f"/proposals/comments/{made.pk}/reply/", {"text": "x"})
            assert refused.status_code == 404
        # A later answer belongs to the same talk.
        later = reply(actor=company.cx, thread=made, text="Agreed.")
        assert not comments_for(company.leader).filter(pk=later.pk).exists()

    def test_an_answer_while_it_is_a_draft_again_stays_with_the_teams(
        self, company: Company, proposal: Proposal
    ) -> None:
        """In a talk that began in public, and on every path once it is submitted anew."""
        made = said(company.leader, proposal, "Who counted?")
        recall_proposal(
            actor=company.marketing,
            proposal=proposal,
            expected_version=Proposal.objects.get(pk=proposal.pk).version,
        )
        reply(actor=company.cx, thread=made, text="Between us: nobody.")
        company.sign(proposal)
        submit_proposal(
            actor=company.marketing,
            proposal=proposal,
            expected_version=Proposal.objects.get(pk=proposal.pk).version,
        )
        page = f"/proposals/{proposal.pk}/"
        for person in (company.leader, company.panelist):
            read = text(signed_in(person).get(page))
            assert "Who counted?" in read
            assert "Between us" not in read
        assert "Between us" in text(signed_in(company.cx_mate).get(page))

    def test_what_is_said_in_public_is_out_of_sight_with_its_proposal(
        self, company: Company, proposal: Proposal
    ) -> None:
        said(company.leader, proposal)
        recall_proposal(
            actor=company.marketing,
            proposal=proposal,
            expected_version=Proposal.objects.get(pk=proposal.pk).version,
        )
        assert not comments_for(company.leader).exists()
        with pytest.raises(PermissionDenied):
            said(company.leader, proposal)
        page = signed_in(company.leader).get(f"/proposals/{proposal.pk}/comment/")
        assert page.status_code == 404


class TestWhoIsTold:
    def test_owners_and_who_is_asked(self, company: Company, proposal: Proposal) -> None:
        said(company.leader, proposal, to=company.cx, due=TODAY)
        assert told() == {
            "cx": f"leader asks you about “{proposal.title}”: Why 5,000? Please answer by {TODAY}.",
            "marketing": f"leader commented on “{proposal.title}”: Why 5,000?",
        }

    def test_a_reply_goes_to_who_spoke_before(self, company: Company, proposal: Proposal) -> None:
        made = said(company.leader, proposal, to=company.other_cx)
        told()
        reply(actor=company.other_cx, thread=made, text="Counted by hand.")
        assert set(told()) == {"leader", "marketing", "cx"}
        reply(actor=company.cx, thread=made, text="Twice.")
        assert set(told()) == {"leader", "marketing", "other-cx"}

    def test_who_can_no_longer_read_is_not_told(self, company: Company) -> None:
        draft = company.draft()
        made = said(company.marketing_mate, draft)
        User.objects.filter(pk=company.marketing_mate.pk).update(team=company.other_cx.team)
        told()
        reply(actor=company.cx, thread=made, text="Counted.")
        assert set(told()) == {"marketing"}

    def test_who_left_the_teams_does_not_hear_what_is_said_to_their_draft(
        self, company: Company
    ) -> None:
        """Also once it is submitted, and they read the proposal as everybody does."""
        draft = company.draft()
        made = said(company.marketing_mate, draft, "Shall we say 5,000?")
        company.sign(draft)
        submit_proposal(
            actor=company.marketing,
            proposal=draft,
            expected_version=Proposal.objects.get(pk=draft.pk).version,
        )
        User.objects.filter(pk=company.marketing_mate.pk).update(team=company.panelist.team)
        told()
        reply(actor=company.cx, thread=made, text="Rather 4,000.")
        assert set(told()) == {"marketing"}

    def test_who_is_asked_is_reminded_the_day_before_and_on_the_day(
        self, company: Company, proposal: Proposal
    ) -> None:
        tomorrow = TODAY + timedelta(days=1)
        said(company.leader, proposal, to=company.cx, due=tomorrow)
        said(company.leader, proposal, to=company.cx, due=tomorrow + timedelta(days=1))
        asked_today = said(company.leader, proposal, to=company.marketing, due=TODAY)
        told()
        assert (remind_of_answers(), remind_of_answers()) == (2, 0)
        assert told() == {
            "cx": f"Your answer to leader on “{proposal.title}” is due tomorrow.",
            "marketing": f"Your answer to leader on “{proposal.title}” is due today.",
        }
        resolve(actor=company.marketing, thread=asked_today)
        assert remind_of_answers() == 1  # the other one, which the test forgot


class TestAsking:
    def test_it_stands_among_the_tasks_until_it_is_resolved(
        self, company: Company, proposal: Proposal
    ) -> None:
        later = said(company.leader, proposal, "Later?", to=company.cx)
        first = said(company.leader, proposal, "First?", to=company.cx, due=TODAY)
        assert list(asked_of(company.cx)) == [first, later]
        home = signed_in(company.cx).get("/")
        assert "Questions to you First? leader on" in words(home)
        assert "Questions to you" not in words(signed_in(company.marketing).get("/"))
        resolve(actor=company.cx, thread=first)
        assert list(asked_of(company.cx)) == [later]

    def test_only_who_can_read_a_draft_is_asked_about_it(self, company: Company) -> None:
        draft = company.draft()
        with pytest.raises(ValidationError) as caught:
            said(company.marketing, draft, to=company.leader)
        assert caught.value.message_dict == {
            "to": ["They cannot read this draft. Ask somebody of the two teams."]
        }
        said(company.marketing, draft, to=company.cx_mate)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"words": "  "}, "text"),
            ({"words": "x" * 2001}, "text"),
            ({"part": "price"}, "part"),
            ({"due": TODAY}, "__all__"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, company: Company, proposal: Proposal, values: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            said(company.leader, proposal, **values)
        assert set(caught.value.message_dict) == {field}
        assert not Comment.objects.exists()

    def test_the_past_and_closed_accounts_answer_nothing(
        self, company: Company, proposal: Proposal
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            said(company.leader, proposal, to=company.cx, due=TODAY - timedelta(days=1))
        assert set(caught.value.message_dict) == {"due"}
        User.objects.filter(pk=company.cx_mate.pk).update(is_active=False)
        company.cx_mate.refresh_from_db()
        with pytest.raises(ValidationError) as caught:
            said(company.leader, proposal, to=company.cx_mate)
        assert set(caught.value.message_dict) == {"to"}

    def test_a_wrong_form_keeps_what_was_typed(self, company: Company, proposal: Proposal) -> None:
        form = {"part": "money", "text": "Why so much?", "due": str(TODAY)}
        page = signed_in(company.leader).post(f"/proposals/{proposal.pk}/comment/", form)
        assert page.status_code == 422
        assert "Say who is to answer by that day." in words(page)
        assert "Why so much?" in text(page)
        form |= {"to": str(company.cx.pk)}
        answer = signed_in(company.leader).post(f"/proposals/{proposal.pk}/comment/", form)
        made = Comment.objects.get()
        assert answer.headers["Location"] == f"/proposals/{proposal.pk}/#comment-{made.pk}"


class TestResolving:
    def test_by_who_made_it_who_is_asked_an_owner_or_an_administrator(
        self, company: Company, proposal: Proposal
    ) -> None:
        for actor in (company.leader, company.other_cx, company.marketing, company.admin):
            made = said(company.leader, proposal, to=company.other_cx)
            resolve(actor=actor, thread=made)
        made = said(company.leader, proposal, to=company.other_cx)
        for actor in (company.panelist, company.cx_mate):
            with pytest.raises(PermissionDenied):
                resolve(actor=actor, thread=made)
            page = signed_in(actor).get(f"/proposals/{proposal.pk}/")
            assert f"/proposals/comments/{made.pk}/resolve/" not in text(page)
            assert f"/proposals/comments/{made.pk}/reply/" in text(page)

    def test_it_is_settled_once(self, company: Company, proposal: Proposal) -> None:
        made = said(company.leader, proposal)
        resolve(actor=company.leader, thread=made)
        for act in (
            lambda: resolve(actor=company.cx, thread=made),
            lambda: reply(actor=company.cx, thread=made, text="Too late."),
        ):
            with pytest.raises(Conflict, match="resolved already"):
                act()
        page = signed_in(company.cx).post(f"/proposals/comments/{made.pk}/resolve/", follow=True)
        assert "resolved already" in words(page)

    def test_it_is_kept_by_the_database_too(self, company: Company, proposal: Proposal) -> None:
        made = said(company.leader, proposal)
        for change in ({"text": "Other"}, {"part": "money"}, {"author": company.cx}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Comment.objects.filter(pk=made.pk).update(**change)
        resolve(actor=company.leader, thread=made)
        with pytest.raises(DatabaseError), transaction.atomic():
            Comment.objects.filter(pk=made.pk).update(resolved_at=None, resolved_by=None)


def test_it_is_no_part_of_the_signed_text(company: Company) -> None:
    draft = company.sign(company.draft())
    said(company.marketing, draft, part="problem")
    page = signed_in(company.marketing).get(f"/proposals/{draft.pk}/")
    assert "Both owners have signed exactly this text." in words(page)


def test_what_is_open_stands_beside_the_step_it_is_about(company: Company) -> None:
    draft = company.draft()
    made = said(company.cx, draft, "Name the year.", part="cx_part")
    person = signed_in(company.marketing)
    assert "Name the year." in words(person.get(f"/proposals/{draft.pk}/edit/change/"))
    assert "Name the year." not in words(person.get(f"/proposals/{draft.pk}/edit/money/"))
    resolve(actor=company.cx, thread=made)
    assert "Name the year." not in words(person.get(f"/proposals/{draft.pk}/edit/change/"))


def test_queries_at_one_and_three(company: Company, proposal: Proposal) -> None:
    person, counts = signed_in(company.leader), []
    person.get(f"/proposals/{proposal.pk}/")
    for number in (1, 3):
        for _ in range(number - Comment.objects.filter(thread=None).count()):
            made = said(company.cx, proposal, to=company.leader)
            reply(actor=company.leader, thread=made, text="So.")
        for address in (f"/proposals/{proposal.pk}/", "/"):
            with CaptureQueriesContext(connection) as found:
                person.get(address)
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_by_api(company: Company, proposal: Proposal) -> None:
    leader, cx = Api(company.leader), Api(company.cx)
    body = {"proposal": proposal.pk, "part": "money", "text": "Why?", "to": company.cx.pk}
    made = leader.send("POST", "/comments/", body).json()
    assert (made["author"], made["resolved_by"]) == ("leader", None)
    answer = cx.send("POST", f"/comments/{made['id']}/reply/", {"text": "Counted."}).json()
    assert answer["thread"] == made["id"]
    assert cx.read(f"/comments/?proposal={proposal.pk}&open=true")["count"] == 2
    settled = cx.send("POST", f"/comments/{made['id']}/resolve/")
    assert settled.json()["resolved_by"] == "cx"
    again = cx.send("POST", f"/comments/{made['id']}/resolve/")
    assert (again.status_code, refusal_of(again)["detail"]) == (
        409,
        "This comment is resolved already.",
    )
    assert AuditEntry.objects.filter(action__startswith="comment.").count() == 3
    draft = company.draft("Not theirs", marketing=company.other_marketing, cx=company.other_cx)
    refused = leader.send("POST", "/comments/", body | {"proposal": draft.pk})
    assert refused.status_code == 400
