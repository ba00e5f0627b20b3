"""Taking a proposal out of everything, and taking it up again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.errors import Conflict, StaleVersion
from projects.models import Comment, Notification, Proposal, User
from projects.proposals.overlap import overlaps_within
from projects.proposals.selectors import content_of, digest_of, live_signatures, with_content
from projects.proposals.services import (
    Change,
    submit_proposal,
    take_up_again,
    update_proposal,
    withdraw_proposal,
)
from scoring.scorecards.selectors.cards import pending_for
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words


def fresh(proposal: Proposal) -> Proposal:
    return with_content(Proposal.objects.filter(pk=proposal.pk)).get()


def withdrawn(actor: User, proposal: Proposal, reason: str = "The law changed.") -> Proposal:
    return withdraw_proposal(
        actor=actor,
        proposal=proposal,
        reason=reason,
        expected_version=fresh(proposal).version,
    )


def test_it_leaves_everything_but_its_two_teams(company: Company) -> None:
    made = company.submitted("Taken out")
    assert [row.pk for row in pending_for(company.panelist, company.version)] == [made.pk]
    Notification.objects.all().delete()
    withdrawn(company.marketing, made)
    assert not list(pending_for(company.panelist, company.version))
    for person in (company.panelist, company.leader, company.other_cx):
        assert signed_in(person).get(f"/proposals/{made.pk}/").status_code == 404
        assert "Taken out" not in words(signed_in(person).get("/proposals/"))
    page = words(signed_in(company.cx_mate).get(f"/proposals/{made.pk}/"))
    assert "Withdrawn: The law changed." in page
    told = Notification.objects.values_list("recipient__username", "text")
    assert list(told) == [("cx", "marketing commented on “Taken out”: Withdrawn: The law changed.")]


def test_a_run_without_it_and_no_overlap_with_it(company: Company) -> None:
    made, other = company.scored("Stop the double offer"), company.scored("Stop double offers")
    assert overlaps_within(Proposal.objects.all())
    withdrawn(company.cx, made)
    assert not overlaps_within(Proposal.objects.all())
    assert list(company.rank().results.values_list("proposal", flat=True)) == [other.pk]


def test_only_its_owners_with_a_reason_before_a_decision(company: Company) -> None:
    made = company.submitted()
    for actor in (company.marketing_mate, company.leader, company.panelist):
        with pytest.raises(PermissionDenied):
            withdrawn(actor, made)
    with pytest.raises(ValidationError) as caught:
        withdrawn(company.marketing, made, "  ")
    assert set(caught.value.message_dict) == {"reason"}
    with pytest.raises(ValidationError) as caught:
        withdrawn(company.marketing, made, "x" * 1_901)
    assert caught.value.message_dict == {"reason": ["Say it in 1,900 characters at most."]}
    with pytest.raises(StaleVersion):
        withdraw_proposal(actor=company.cx, proposal=made, reason="So.", expected_version=0)
    Proposal.objects.filter(pk=made.pk).update(status="greenlit")
    with pytest.raises(Conflict):
        withdrawn(company.marketing, made)
    assert not Comment.objects.exists()


def test_nothing_is_done_to_it_meanwhile(company: Company) -> None:
    made = company.sign(company.draft())
    withdrawn(company.marketing, made)
    version = fresh(made).version
    with pytest.raises(Conflict, match="withdrawn"):
        update_proposal(
            actor=company.cx,
            proposal=made,
            change=Change(fields={"title": "Other"}),
            expected_version=version,
        )
    with pytest.raises(Conflict, match="withdrawn"):
        submit_proposal(actor=company.cx, proposal=made, expected_version=version)
    with pytest.raises(Conflict):
        withdrawn(company.cx, made)
    page = signed_in(company.cx).get(f"/proposals/{made.pk}/edit/money/", follow=True)
    assert "Take it up again to change it." in words(page)


def test_taken_up_again_it_is_the_same_text(company: Company) -> None:
    made = company.sign(company.draft())
    before = content_of(fresh(made))
    withdrawn(company.marketing, made)
    with pytest.raises(PermissionDenied):
        take_up_again(
            actor=company.marketing_mate,
            proposal=made,
            expected_version=fresh(made).version,
        )
    take_up_again(actor=company.cx, proposal=made, expected_version=fresh(made).version)
    after = fresh(made)
    assert (after.status, content_of(after)) == ("draft", before)
    assert set(live_signatures(after, digest_of(before))) == {"marketing", "cx"}
    with pytest.raises(Conflict):
        take_up_again(actor=company.cx, proposal=made, expected_version=after.version)


def test_from_the_page_and_back(company: Company) -> None:
    made, person = company.draft(), signed_in(company.marketing)
    form = {"version": fresh(made).version, "reason": ""}
    page = person.post(f"/proposals/{made.pk}/withdraw/", form, follow=True)
    assert "Say why, for who comes across it later." in words(page)
    page = person.post(f"/proposals/{made.pk}/withdraw/", form | {"reason": "Late"}, follow=True)
    assert "Take up again" in words(page)
    assert "Draft" not in words(person.get("/"))
    form = {"version": fresh(made).version}
    page = person.post(f"/proposals/{made.pk}/take-up/", form, follow=True)
    assert "The proposal is a draft again." in words(page)


def test_by_api(company: Company) -> None:
    made, api = company.submitted(), Api(company.marketing)
    path = f"/proposals/{made.pk}/"
    done = api.send("POST", f"{path}withdraw/", {"reason": "Late"}, version=fresh(made).version)
    assert done.json()["status"] == "withdrawn"
    assert Api(company.leader).send("GET", path).status_code == 404
    again = api.send("POST", f"{path}take-up/", version=fresh(made).version)
    assert again.json()["status"] == "draft"
