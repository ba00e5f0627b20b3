"""Proposals of one function, where the cycle takes them: two keys all the same, marked, counted."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from projects.models import Cycle, Proposal, User
from projects.proposals.services import Change, copy_proposal, update_proposal
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

REFUSED = {"cx_owner": ["Choose an active person from a CX team."]}


def allow(allowed: bool = True) -> None:
    Cycle.objects.update(allows_solo=allowed)


@pytest.fixture
def open_to_solo(company: Company) -> Company:
    allow()
    company.cycle.refresh_from_db()
    return company


def solo(company: Company, title: str = "Ours alone") -> Proposal:
    return company.submitted(title, marketing=company.marketing, cx=company.marketing_mate)


def test_without_the_cycles_word_both_functions_are_needed(company: Company) -> None:
    with pytest.raises(ValidationError) as refused:
        solo(company)
    assert refused.value.message_dict == REFUSED
    page = words(signed_in(company.marketing).get("/proposals/new/"))
    assert "makes it a proposal of one" not in page
    assert str(company.marketing_mate) not in page


def test_two_of_one_function_sign_what_is_marked_and_counted(open_to_solo: Company) -> None:
    company = open_to_solo
    alone, joint = solo(company), company.submitted("Together")
    assert (alone.is_joint, joint.is_joint) == (False, True)
    client = signed_in(company.leader)
    mark = "not joint: one function holds both keys"
    assert mark in words(client.get(f"/proposals/{alone.pk}/"))
    assert mark not in words(client.get(f"/proposals/{joint.pk}/"))
    listed = words(client.get("/proposals/"))
    assert f"1 of 2 handed in to {company.cycle} is not joint" in listed
    assert "Together" not in words(client.get("/proposals/?joint=false"))
    rows = Api(company.leader).read("/proposals/?joint=true")["results"]
    assert [(row["title"], row["is_joint"]) for row in rows] == [("Together", True)]


def test_it_is_told_where_it_is_decided(open_to_solo: Company) -> None:
    company = open_to_solo
    alone = solo(company)
    for judge in (company.curator, company.panelist):
        company.score(alone, judge, 50, 25)
    company.rank()
    page = words(signed_in(company.leader).get(f"/backlog/{alone.pk}/decide/"))
    assert "It is not joint: one function holds both keys." in page


def test_each_of_cx_and_nobody_the_others_key(open_to_solo: Company) -> None:
    company = open_to_solo
    of_cx = company.draft("CX alone", marketing=company.cx_mate, cx=company.cx)
    assert not of_cx.is_joint
    with pytest.raises(ValidationError) as refused:
        company.draft("Swapped", marketing=company.cx, cx=company.marketing)
    assert set(refused.value.message_dict) == {"marketing_owner", "cx_owner"}
    with pytest.raises(ValidationError):
        company.draft("With the panel", cx=company.panelist)


def test_the_form_offers_both_functions_for_the_other_key(open_to_solo: Company) -> None:
    company = open_to_solo
    client = signed_in(company.marketing)
    page = client.get("/proposals/new/")
    offered = {person.pk for person in page.context["form"].fields["cx_owner"].queryset}
    assert {company.cx.pk, company.marketing_mate.pk} <= offered
    assert company.marketing.pk not in offered
    said = {"title": "Alone", "marketing_owner": company.marketing.pk}
    client.post("/proposals/new/", said | {"cx_owner": company.marketing_mate.pk})
    assert not Proposal.objects.get(title="Alone").is_joint


def test_who_holds_the_other_functions_key_writes_on(open_to_solo: Company) -> None:
    company = open_to_solo
    draft = company.draft("Alone", cx=company.marketing_mate)
    client, path = signed_in(company.marketing_mate), f"/proposals/{draft.pk}/edit/basics/"
    form = client.get(path).context["form"]
    assert [person.pk for person in form.fields["cx_owner"].queryset] == [company.marketing_mate.pk]
    offered = {person.pk for person in form.fields["marketing_owner"].queryset}
    assert company.marketing.pk in offered
    assert company.marketing_mate.pk not in offered
    owners = {"marketing_owner": draft.marketing_owner_id, "cx_owner": draft.cx_owner_id}
    answer = client.post(path, {"version": 1, "title": "Said better", **owners})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.cx_owner, draft.is_joint) == (
        "Said better",
        company.marketing_mate,
        False,
    )


def test_it_becomes_joint_with_an_owner_of_the_other_function(open_to_solo: Company) -> None:
    company = open_to_solo
    draft = company.draft("First alone", cx=company.marketing_mate)
    change = Change(fields={"cx_owner": company.cx})
    update_proposal(actor=company.marketing, proposal=draft, change=change, expected_version=1)
    draft.refresh_from_db()
    assert draft.is_joint


def test_who_changes_teams_changes_no_proposal(open_to_solo: Company) -> None:
    company = open_to_solo
    alone, joint = solo(company), company.submitted("Together")
    User.objects.filter(pk=company.marketing.pk).update(team=company.cx.team)
    change = Change(fields={"title": "Said better"})
    for proposal in (alone, joint):
        Proposal.objects.filter(pk=proposal.pk).update(status="draft")
        assert (Proposal.objects.get(pk=proposal.pk).is_joint) == (proposal == joint)
    # A joint one is not signed by two of CX unnoticed: who is to own it is asked again.
    allow(allowed=False)
    with pytest.raises(ValidationError):
        update_proposal(
            actor=company.cx,
            proposal=joint,
            change=change,
            expected_version=Proposal.objects.get(pk=joint.pk).version,
        )


def test_it_is_not_carried_into_a_cycle_that_takes_none(open_to_solo: Company) -> None:
    company = open_to_solo
    alone = solo(company)
    allow(allowed=False)
    with pytest.raises(ValidationError) as refused:
        copy_proposal(actor=company.marketing, proposal=alone, creation_key=uuid4())
    assert refused.value.message_dict == REFUSED


def test_the_api_refuses_it_and_tells_of_the_cycle(company: Company) -> None:
    body = {
        "title": "Alone",
        "marketing_owner": company.marketing.pk,
        "cx_owner": company.marketing_mate.pk,
        "creation_key": "7c0f6ab2-3b6d-4a3a-9f2e-0a7a5b1f0c11",
    }
    api = Api(company.marketing)
    assert refusal_of(api.send("POST", "/proposals/", body)) == REFUSED
    allow()
    assert api.send("POST", "/proposals/", body).json()["is_joint"] is False
    assert api.read("/cycles/")["results"][0]["allows_solo"] is True
