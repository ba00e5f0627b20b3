"""One proposal becomes part of another once all their owners have agreed."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.errors import Conflict
from projects.models import AuditEntry, Comment, Link, Notification, Proposal, User
from projects.proposals.selectors import merges_asked_of, readable_revisions, visible_to
from projects.proposals.services import (
    agree,
    link_proposals,
    remove_link,
    take_up_again,
    withdraw_proposal,
)
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, tie

BECAUSE = "Both stop the same letter."


@pytest.fixture
def pair(company: Company) -> tuple[Proposal, Proposal]:
    """A draft of ours that is to become part of what another team handed in."""
    others = {"marketing": company.other_marketing, "cx": company.other_cx}
    return company.draft("Ours"), company.submitted("Theirs", **others)


def ask(company: Company, one: Proposal, other: Proposal) -> Link:
    return link_proposals(
        actor=company.marketing, proposal=one, kind="part", other=other, because=BECAUSE
    )


def all_agree(company: Company, link: Link) -> Link:
    for owner in (company.cx, company.other_marketing, company.other_cx):
        link = agree(actor=owner, link=link)
    return link


def told(person: User) -> list[str]:
    return [row.text for row in Notification.objects.filter(recipient=person)]


def test_from_asking_to_the_last_yes(company: Company, pair: tuple[Proposal, Proposal]) -> None:
    one, other = pair
    asked = signed_in(company.marketing).post(
        f"/proposals/{one.pk}/links/",
        {"kind": "part", "other": other.reference, "because": BECAUSE},
        follow=True,
    )
    assert f"Asked: {one.reference} becomes part of {other.reference}." in words(asked)
    link = Link.objects.get()
    assert link.awaited == [company.cx, company.other_marketing, company.other_cx]
    for person in link.awaited:
        assert any("asks whether you agree" in text for text in told(person))
        home = words(signed_in(person).get("/"))
        assert f"Shall {one.reference} become part of {other.reference}?" in home
    page = words(signed_in(company.other_cx).get(f"/proposals/{one.pk}/"))
    assert f"Asked to agree: {company.cx}, {company.other_marketing}, {company.other_cx}" in page
    assert f"{company.cx} : agree, or not: {link}" in page

    agree(actor=company.cx, link=link)
    agree(actor=company.other_cx, link=link)
    one.refresh_from_db()
    assert (one.status, Link.objects.get().merged_at) == ("draft", None)
    last = signed_in(company.other_marketing).post(f"/proposals/links/{link.pk}/agree/")
    assert last["Location"] == f"/proposals/{other.pk}/"

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == ("withdrawn", "submitted")
    assert [comment.text for comment in Comment.objects.order_by("pk")] == [
        f"Became part of {other.reference}: {BECAUSE}",
        f"Took in {one.reference}: {BECAUSE}",
    ]
    reader = words(signed_in(company.leader).get(f"/proposals/{other.pk}/"))
    assert one.reference in reader
    assert one.title not in reader
    assert list(AuditEntry.objects.filter(action="proposal.merge").values_list("subject")) == [
        (f"proposal:{one.pk}",)
    ]
    there = words(signed_in(company.marketing).get(f"/proposals/{other.pk}/"))
    assert f"Took in {one}" in there
    assert "Not this merge" not in there
    assert merges_asked_of(company.other_cx) == []


def test_both_histories_stay_readable_to_the_owners_of_both(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    one, other = pair
    company.sign(one, company.cx)
    for reader in (company.other_cx, company.panelist):
        assert not visible_to(reader).filter(pk=one.pk).exists()
    link = all_agree(company, ask(company, one, other))
    for reader in (company.marketing, company.other_marketing, company.other_cx):
        assert visible_to(reader).filter(pk=one.pk).exists()
        assert readable_revisions(reader, one).count() == 1
    for reader in (company.panelist, company.leader):
        assert not visible_to(reader).filter(pk=one.pk).exists()
        assert Api(reader).read("/links/")["results"] == []
    assert Api(company.other_cx).read("/links/")["results"][0]["merged_at"] is not None
    assert link.merged_at is not None


def test_a_no_ends_it_and_closes_the_draft_again(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    link = ask(company, *pair)
    page = words(signed_in(company.other_cx).get(f"/proposals/{pair[0].pk}/"))
    assert "Not this merge" in page
    answer = signed_in(company.other_cx).post(f"/proposals/links/{link.pk}/remove/")
    assert answer.status_code == 302
    assert not Link.objects.exists()
    assert not visible_to(company.other_cx).filter(pk=pair[0].pk).exists()
    assert any("took back" in text for text in told(company.marketing))


def test_taken_up_again_it_is_its_teams_own(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    one, other = pair
    link = all_agree(company, ask(company, one, other))
    with pytest.raises(Conflict, match="is done"):
        remove_link(actor=company.marketing, link=link)
    one.refresh_from_db()
    take_up_again(actor=company.marketing, proposal=one, expected_version=one.version)
    assert not Link.objects.exists()
    assert not visible_to(company.other_cx).filter(pk=one.pk).exists()
    assert any("out of it again" in text for text in told(company.other_cx))


def test_only_owners_agree_and_an_administrators_word_is_nobodys(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    link = ask(company, *pair)
    for person in (company.admin, company.marketing_mate):
        with pytest.raises(PermissionDenied):
            agree(actor=person, link=link)
    other_kind = link_proposals(
        actor=company.marketing,
        proposal=company.submitted("Third"),
        kind="needs",
        other=pair[1],
        because=BECAUSE,
    )
    with pytest.raises(Conflict, match="Nobody is asked"):
        agree(actor=company.marketing, link=other_kind)
    agree(actor=company.cx, link=link)
    agree(actor=company.cx, link=link)  # twice is once
    assert AuditEntry.objects.filter(action="proposal.agree").count() == 1


def test_what_is_decided_or_withdrawn_is_not_merged(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    one, other = pair
    Proposal.objects.filter(pk=other.pk).update(status="greenlit")
    other.refresh_from_db()
    with pytest.raises(ValidationError, match=r"is greenlit\. Only what nobody has decided"):
        ask(company, one, other)
    Proposal.objects.filter(pk=other.pk).update(status="submitted")
    other.refresh_from_db()
    link = ask(company, one, other)
    fresh = Proposal.objects.get(pk=other.pk)
    withdraw_proposal(
        actor=company.other_cx, proposal=fresh, reason="Late.", expected_version=fresh.version
    )
    with pytest.raises(Conflict):  # who may no longer read the other has no say
        agree(actor=company.cx, link=link)


def test_both_owners_must_be_able_to_read_what_it_goes_into(company: Company) -> None:
    """One owner's team may read a draft that the other owner's may not."""
    one = company.draft("Ours")
    other = company.draft("Half ours", marketing=company.marketing_mate, cx=company.other_cx)
    with pytest.raises(ValidationError) as caught:
        ask(company, one, other)
    assert caught.value.message_dict == {
        "other": [
            f"{company.cx} cannot read {other.reference}. Its owners can let them write along."
        ]
    }
    assert not Link.objects.exists()


def test_through_the_api(company: Company, pair: tuple[Proposal, Proposal]) -> None:
    one, other = pair
    body = {"proposal": one.pk, "kind": "part", "other": other.pk, "because": BECAUSE}
    made = Api(company.marketing).send("POST", "/links/", body).json()
    assert made["awaited"] == [company.cx.pk, company.other_marketing.pk, company.other_cx.pk]
    assert made["merged_at"] is None
    last = made
    for person in (company.cx, company.other_marketing, company.other_cx):
        last = Api(person).send("POST", f"/links/{made['id']}/agree/").json()
    assert last["awaited"] == []
    assert last["merged_at"] is not None
    again = Api(company.cx).send("POST", f"/links/{made['id']}/agree/")
    assert again.status_code == 409


@pytest.mark.parametrize(("kind", "obeyed"), [("needs", 1), ("part", 0)])
def test_a_plan_does_not_obey_a_merge_that_is_asked_for(
    company: Company, kind: str, obeyed: int
) -> None:
    company.scored("One")
    company.scored("Other")
    run = company.rank()
    tie(company, "One", kind, "Other")
    assert len(case(run).links) == obeyed
