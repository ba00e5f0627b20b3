"""Declared conflicts of interest: they close proposals, end in the open, and are kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.errors import Conflict
from projects.models import AuditEntry, Proposal, User
from scoring.models import DeclaredConflict, Scorecard, Seat
from scoring.panel.selectors import conflicts, is_conflicted
from scoring.scorecards.selectors.cards import to_judge
from scoring.scorecards.services import declare_conflict, end_conflict
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/conflicts/"


@pytest.mark.parametrize("kind", ["person", "team", "the other person"])
def test_a_tie_closes_their_proposals(company: Company, kind: str) -> None:
    alpha = company.submitted("Alpha")
    assert alpha in to_judge(company.panelist)
    subjects: dict[str, dict[str, Any]] = {
        "person": {"person": company.cx},
        "team": {"team": company.marketing.team},
        "the other person": {"person": company.other_cx},
    }
    declare_conflict(actor=company.panelist, reason=" We are married. ", **subjects[kind])
    closed = kind != "the other person"
    assert is_conflicted(company.panelist, alpha) == closed
    assert (alpha in to_judge(company.panelist)) != closed
    assert alpha in to_judge(company.curator)
    assert DeclaredConflict.objects.get().reason == "We are married."


def test_what_was_given_counts_no_more(company: Company) -> None:
    alpha, beta = company.scored("Alpha"), company.submitted("Beta")
    company.score(beta, company.panelist, 50, 25, submit=False)
    assert company.rank().facts["scores"] == 4
    declare_conflict(actor=company.panelist, person=company.cx, reason="A friend.")
    recused = Scorecard.objects.filter(status=Scorecard.Status.RECUSED)
    assert {card.proposal for card in recused} == {alpha, beta}
    assert recused.first().recusal_reason == "Conflict of interest: A friend."  # type: ignore[union-attr]
    assert company.rank().facts["scores"] == 2


def test_a_tie_to_a_person_leaves_owners_without_a_team_alone(company: Company) -> None:
    alpha = company.scored("Alpha")
    User.objects.filter(pk=company.marketing.pk).update(team=None)
    declare_conflict(actor=company.panelist, person=company.other_cx, reason="A friend.")
    assert not Scorecard.objects.filter(status=Scorecard.Status.RECUSED).exists()
    assert alpha in to_judge(company.panelist)


def test_a_tie_that_ended_closes_what_was_begun_before(company: Company) -> None:
    alpha = company.submitted("Alpha")
    tie = declare_conflict(actor=company.panelist, person=company.cx, reason="A friend.")
    with pytest.raises(PermissionDenied):
        end_conflict(actor=company.curator, tie=tie)
    end_conflict(actor=company.panelist, tie=tie)
    assert is_conflicted(company.panelist, alpha)
    later = company.submitted("Beta")
    assert not is_conflicted(company.panelist, later)
    with pytest.raises(Conflict, match="It has ended already"):
        end_conflict(actor=company.panelist, tie=tie)
    actions = AuditEntry.objects.filter(action__startswith="conflict").order_by("pk")
    assert [entry.action for entry in actions] == ["conflict.declare", "conflict.end"]
    declare_conflict(actor=company.panelist, person=company.cx, reason="Again.")
    assert is_conflicted(company.panelist, later)


def test_what_cannot_be_declared(company: Company) -> None:
    panelist = company.panelist
    both: dict[str, Any] = {"person": company.cx, "team": company.cx.team}
    for wrong in ({}, both):
        with pytest.raises(ValidationError, match="Choose a person or a team"):
            declare_conflict(actor=panelist, reason="So.", **wrong)
    with pytest.raises(ValidationError, match="Nobody judges their own"):
        declare_conflict(actor=panelist, person=panelist, reason="So.")
    with pytest.raises(ValidationError, match="cannot be blank"):
        declare_conflict(actor=panelist, person=company.cx, reason=" ")
    with pytest.raises(PermissionDenied):
        declare_conflict(actor=company.leader, person=company.cx, reason="So.")
    declare_conflict(actor=panelist, person=company.cx, reason="So.")
    with pytest.raises(Conflict, match="is declared already"):
        declare_conflict(actor=panelist, person=company.cx, reason="So.")


def test_the_database_keeps_what_was_declared(company: Company) -> None:
    tie = declare_conflict(actor=company.panelist, person=company.cx, reason="So.")
    ties = DeclaredConflict.objects.filter(pk=tie.pk)
    moment = timezone.now()
    for changed in (
        {"reason": "Other."},
        {"person": company.other_cx, "ended_at": moment},
        {"declared_at": moment - timedelta(days=9), "ended_at": moment},
    ):
        with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
            ties.update(**changed)
    ties.update(ended_at=moment)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        ties.update(ended_at=None)


def test_the_page_declares_and_ends(company: Company) -> None:
    company.submitted("Alpha")
    client = signed_in(company.panelist)
    wrong = client.post(PAGE, {"subject": "person-999999", "reason": "A friend."})
    assert (wrong.status_code, "Choose a person or a team" in text(wrong)) == (422, True)
    assert 'value="A friend."' in text(wrong)
    body = {"subject": f"team-{company.cx.team_id}", "reason": "I worked there."}
    assert "is declared" in text(client.post(PAGE, body, follow=True))
    tie = DeclaredConflict.objects.get()
    assert "I worked there." in text(signed_in(company.curator).get(PAGE))
    other = signed_in(company.curator).post(f"{PAGE}{tie.pk}/end/")
    assert other.status_code == 404
    assert "has ended" in text(client.post(f"{PAGE}{tie.pk}/end/", follow=True))
    assert Proposal.objects.count() == 1


def test_a_panelist_reads_only_the_own_ones(company: Company) -> None:
    declare_conflict(actor=company.curator, person=company.cx, reason="A cousin.")
    assert "A cousin." not in text(signed_in(company.panelist).get(PAGE))
    assert "A cousin." in text(signed_in(company.admin).get(PAGE))


def test_a_condition_on_proposals_and_one_on_people_say_the_same(company: Company) -> None:
    """Owners, signers, teams of today and of before, and ties, each on one proposal alone."""
    brand = {"marketing": company.other_marketing, "cx": company.other_cx}
    proposals = [company.submitted("Alpha"), company.submitted("Beta", **brand)]
    panel = [company.panelist, company.curator, company.leader, company.admin]
    company.panelist.team = company.cx.team
    company.panelist.save()
    company.curator.team = company.other_cx.team
    company.curator.save()
    company.curator.team = company.leader.team
    company.curator.save()
    Seat.objects.create(user=company.leader)
    declare_conflict(actor=company.leader, team=company.other_marketing.team, reason="A friend.")
    User.objects.filter(pk=company.admin.pk).update(team=None)
    people = [*panel, company.marketing, company.cx_mate, company.other_cx]
    people = list(User.objects.filter(pk__in=[person.pk for person in people]))
    one_by_one = {
        (proposal.pk, person.pk)
        for proposal in proposals
        for person in people
        if is_conflicted(person, proposal)
    }
    alpha, beta = proposals
    assert conflicts(people, proposals) == one_by_one
    assert one_by_one == {
        (alpha.pk, company.panelist.pk),
        (alpha.pk, company.marketing.pk),
        (alpha.pk, company.cx_mate.pk),
        (beta.pk, company.curator.pk),
        (beta.pk, company.leader.pk),
        (beta.pk, company.other_cx.pk),
    }
    with CaptureQueriesContext(connection) as found:
        conflicts(people, proposals)
    assert len(found) == 1
