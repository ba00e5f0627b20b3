"""Somebody writes along: reads and changes the draft, signs nothing, and never judges it."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict
from projects.models import AuditEntry, CoAuthor, Notification, Proposal, User
from projects.proposals.selectors import owned_drafts, visible_to
from projects.proposals.services import (
    Change,
    add_author,
    add_file,
    end_author,
    sign_proposal,
    submit_proposal,
    update_proposal,
    withdraw_proposal,
)
from scoring.decisions.services import decide
from scoring.models import Score, Scorecard
from scoring.panel.selectors import conflicted, is_conflicted
from tests.company import Company, digest
from tests.contract import Api
from tests.pages import signed_in, words


def invited(company: Company, proposal: Proposal, person: User) -> CoAuthor:
    return add_author(actor=company.marketing, proposal=proposal, person=person)


def written(person: User, proposal: Proposal, **fields: object) -> Proposal:
    return update_proposal(
        actor=person,
        proposal=proposal,
        change=Change(fields=fields or {"problem": f"As {person} sees it."}),
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )


class TestWriting:
    def test_they_read_and_change_the_draft_and_nothing_else(self, company: Company) -> None:
        proposal, person = company.draft(), company.other_cx
        assert not visible_to(person).filter(pk=proposal.pk).exists()
        with pytest.raises(PermissionDenied):
            written(person, proposal)
        author = invited(company, proposal, person)
        assert visible_to(person).get() == proposal
        company.sign(proposal)
        assert written(person, proposal).problem == f"As {person} sees it."
        assert not proposal.revisions.filter(signatures__voided_at=None).exists()
        author.refresh_from_db()
        assert author.wrote_at is not None
        fresh = Proposal.objects.get(pk=proposal.pk)
        for act in (
            lambda: sign_proposal(actor=person, proposal=fresh, digest=digest(fresh)),
            lambda: submit_proposal(actor=person, proposal=fresh, expected_version=fresh.version),
            lambda: add_author(actor=person, proposal=fresh, person=company.leader),
            lambda: withdraw_proposal(
                actor=person, proposal=fresh, reason="So.", expected_version=fresh.version
            ),
            lambda: written(person, fresh, marketing_owner=company.marketing_mate),
            lambda: written(person, fresh, cx_owner=person),
        ):
            with pytest.raises(PermissionDenied):
                act()

    def test_an_owner_still_keeps_the_own_side(self, company: Company) -> None:
        proposal = company.draft()
        with pytest.raises(PermissionDenied, match="give away"):
            written(company.marketing, proposal, marketing_owner=company.marketing_mate)
        assert written(company.marketing, proposal, cx_owner=company.other_cx).version == 2

    def test_it_ends_by_an_owner_or_by_who_writes_and_stays_on_record(
        self, company: Company
    ) -> None:
        proposal = company.draft()
        for actor in (company.cx, company.other_cx):
            author = invited(company, proposal, company.other_cx)
            with pytest.raises(PermissionDenied):
                end_author(actor=company.leader, author=author)
            end_author(actor=actor, author=author)
            with pytest.raises(Conflict):
                end_author(actor=actor, author=author)
            assert not visible_to(company.other_cx).exists()
            with pytest.raises(PermissionDenied):
                written(company.other_cx, proposal)
        assert CoAuthor.objects.count() == 2
        acts = AuditEntry.objects.filter(action__startswith="proposal.coauthor").order_by("number")
        assert [entry.action for entry in acts] == 2 * [
            "proposal.coauthor",
            "proposal.coauthor_left",
        ]
        told = Notification.objects.filter(recipient=company.other_cx).order_by("pk")
        assert [line.text.partition(" ")[2][:20] for line in told] == [
            "asks you to write “S",
            "goes on without you ",
            "asks you to write “S",
        ]

    def test_who_cannot_be_asked_is_named(self, company: Company) -> None:
        proposal = company.draft()
        invited(company, proposal, company.other_cx)
        off = User.objects.create_user("off", is_active=False)
        for person in (company.other_cx, company.cx, off):
            with pytest.raises(ValidationError) as caught:
                invited(company, proposal, person)
            assert list(caught.value.message_dict) == ["person"]
        submitted = company.submitted("Handed in")
        with pytest.raises(Conflict):
            invited(company, submitted, company.other_cx)

    def test_home_lists_what_one_writes_along_without_asking_for_a_key(
        self, company: Company
    ) -> None:
        proposal = company.draft()
        invited(company, proposal, company.other_cx)
        (found,) = owned_drafts(company.other_cx)
        assert (found.proposal, found.needs_my_key, found.missing) == (proposal, False, 0)
        assert "you write along" in words(signed_in(company.other_cx).get("/"))
        invited(company, proposal, company.leader)  # who proposes nothing of their own
        assert "you write along" in words(signed_in(company.leader).get("/"))


class TestJudging:
    def test_who_was_only_asked_may_judge_and_who_wrote_never(self, company: Company) -> None:
        """An owner cannot keep a strict judge away by asking them to write."""
        proposal = company.draft()
        author = invited(company, proposal, company.panelist)
        assert not is_conflicted(company.panelist, proposal)
        written(company.panelist, proposal)
        assert is_conflicted(company.panelist, proposal)
        assert conflicted([company.panelist, company.curator], proposal) == {company.panelist.pk}
        end_author(actor=company.panelist, author=author)
        assert is_conflicted(company.panelist, proposal)
        company.sign(proposal)
        version = Proposal.objects.get(pk=proposal.pk).version
        submit_proposal(actor=company.cx, proposal=proposal, expected_version=version)
        with pytest.raises(PermissionDenied):
            company.score(proposal, company.panelist, 50, 25)

    def test_putting_a_file_to_it_is_writing_too(self, company: Company) -> None:
        proposal = company.draft()
        invited(company, proposal, company.panelist)
        add_file(actor=company.panelist, proposal=proposal, name="a.txt", content=b"So it is.")
        assert is_conflicted(company.panelist, proposal)

    def test_by_sql_neither(self, company: Company) -> None:
        proposal = company.draft()
        invited(company, proposal, company.panelist)
        written(company.panelist, proposal)
        company.sign(proposal)
        version = Proposal.objects.get(pk=proposal.pk).version
        proposal = submit_proposal(actor=company.cx, proposal=proposal, expected_version=version)
        assert proposal.submitted_revision is not None
        card = Scorecard.objects.create(
            panelist=company.panelist,
            proposal=proposal,
            revision=proposal.submitted_revision,
            framework_version=company.version,
        )
        criterion, said = next(iter(company.answers(50, 25).items()))
        with pytest.raises(DatabaseError), transaction.atomic():
            Score.objects.create(scorecard=card, criterion_id=criterion, level_id=said.level)

    def test_a_leader_who_wrote_it_does_not_decide_on_it(self, company: Company) -> None:
        proposal = company.draft("Mine")
        invited(company, proposal, company.leader)
        written(company.leader, proposal)
        company.sign(proposal)
        version = Proposal.objects.get(pk=proposal.pk).version
        submit_proposal(actor=company.cx, proposal=proposal, expected_version=version)
        run = company.rank()
        with pytest.raises(PermissionDenied, match="wrote this proposal along"):
            decide(
                actor=company.leader,
                proposal=proposal,
                run=run,
                outcome="hold",
                reason="No.",
                creation_key=uuid4(),
            )


class TestPages:
    def test_asked_written_and_ended_by_the_pages(self, company: Company) -> None:
        proposal, person = company.draft(), company.other_cx
        owner, along = signed_in(company.marketing), signed_in(person)
        path = f"/proposals/{proposal.pk}/authors/"
        assert along.get(path).status_code == 404
        wrong = owner.post(path, {"person": company.cx.pk})
        assert wrong.status_code == 422
        assert f"{company.cx} owns it already." in words(wrong)
        done = owner.post(path, {"person": person.pk}, follow=True)
        assert f"{person} can write along now." in words(done)
        page = words(along.get(f"/proposals/{proposal.pk}/"))
        assert "Write no longer" in page
        assert "Let somebody write along" not in page
        assert along.get(path).status_code == 403
        basics = along.get(f"/proposals/{proposal.pk}/edit/basics/").content.decode()
        assert basics.count("<option") == 2  # the owners as they are
        form = {"version": 1, "problem": "Anew", "customer_job": "As it was"}
        assert along.post(f"/proposals/{proposal.pk}/edit/problem/", form).status_code == 302
        title = {
            "version": 2,
            "title": "Named anew",
            "marketing_owner": company.marketing.pk,
            "cx_owner": company.cx.pk,
        }
        assert along.post(f"/proposals/{proposal.pk}/edit/basics/", title).status_code == 302
        author = CoAuthor.objects.get()
        ended = along.post(f"/proposals/authors/{author.pk}/end/", follow=True)
        assert "You no longer write “Named anew”." in words(ended)
        assert along.get(f"/proposals/{proposal.pk}/").status_code == 404

    def test_the_interface(self, company: Company) -> None:
        proposal, api = company.draft(), Api(company.marketing)
        body = {"proposal": proposal.pk, "person": company.other_cx.pk}
        made = api.send("POST", "/co-authors/", body).json()
        assert api.read(f"/co-authors/?proposal={proposal.pk}")["results"] == [made]
        again = api.send("POST", "/co-authors/", body)
        assert again.json()["errors"] == {"person": [f"{company.other_cx} writes it already."]}
        assert Api(company.leader).read("/co-authors/")["results"] == []
        assert api.send("DELETE", f"/co-authors/{made['id']}/").status_code == 204
        assert api.read("/co-authors/")["results"] == []
