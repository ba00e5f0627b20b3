"""What two proposals have to do with each other: who says it, who reads it, who hears of it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditEntry, Cycle, Link, Notification, Proposal
from projects.proposals.selectors import links_of
from projects.proposals.services import link_proposals, remove_link
from tests.company import Company
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

BECAUSE = "The address must be right first."


def tie(company: Company, one: Proposal, other: Proposal, kind: str = "needs") -> Link:
    return link_proposals(
        actor=company.marketing, proposal=one, kind=kind, other=other, because=BECAUSE
    )


@pytest.fixture
def pair(company: Company) -> tuple[Proposal, Proposal]:
    """One of ours and one of another team."""
    others = {"marketing": company.other_marketing, "cx": company.other_cx}
    return company.submitted("Ours"), company.submitted("Theirs", **others)


def test_the_page_says_it_from_both_ends(company: Company, pair: tuple[Proposal, Proposal]) -> None:
    one, other = pair
    client = signed_in(company.marketing)
    said = {"kind": "needs", "other": f" {other.reference.lower()} ", "because": BECAUSE}
    answer = client.post(f"/proposals/{one.pk}/links/", said, follow=True)
    assert f"Needs {other}" in words(answer)
    assert BECAUSE in words(answer)
    there = words(signed_in(company.other_cx).get(f"/proposals/{other.pk}/"))
    assert f"Is needed by {one}" in there
    assert f"{company.marketing} said: {one.reference} needs {other.reference}" in str(
        Notification.objects.get(recipient=company.other_marketing, text__contains="said:").text
    )
    assert not Notification.objects.filter(
        recipient__in=[company.marketing, company.cx], text__contains="said:"
    ).exists()


@pytest.mark.parametrize("kind", ["together", "excludes"])
def test_the_other_kinds_read_the_same_both_ways(
    company: Company, pair: tuple[Proposal, Proposal], kind: str
) -> None:
    link = tie(company, *pair, kind=kind)
    told = [links_of(end, company.marketing)[0] for end in pair]
    assert told == [
        (link.get_kind_display(), pair[1], link),
        (link.get_kind_display(), pair[0], link),
    ]


def test_signatures_stay(company: Company, pair: tuple[Proposal, Proposal]) -> None:
    version = pair[0].version
    tie(company, *pair)
    pair[0].refresh_from_db()
    assert (pair[0].status, pair[0].version) == ("submitted", version)


def test_a_pair_is_tied_once_whichever_end_says_it(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    one, other = pair
    tie(company, one, other)
    for kind in Link.Kind.values:
        with pytest.raises(ValidationError) as caught:
            link_proposals(
                actor=company.other_cx, proposal=other, kind=kind, other=one, because=BECAUSE
            )
        assert caught.value.message_dict == {
            "other": [f"It is tied to {one.reference} already. Remove that first."]
        }
    assert Link.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "likes"}, "kind"),
        ({"because": "  "}, "because"),
        ({"because": "x" * 201}, "because"),
        ({"other": "P-0"}, "other"),
        ({"other": "own"}, "other"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(
    company: Company, pair: tuple[Proposal, Proposal], said: dict[str, str], field: str
) -> None:
    one, other = pair
    body = {"kind": "needs", "other": other.reference, "because": BECAUSE} | said
    body["other"] = one.reference if body["other"] == "own" else body["other"]
    answer = signed_in(company.marketing).post(f"/proposals/{one.pk}/links/", body)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Link.objects.exists()


def test_only_proposals_of_the_same_cycle_that_one_sees(company: Company) -> None:
    mine = company.submitted("Ours")
    hidden = company.draft("Veiled", marketing=company.other_marketing, cx=company.other_cx)
    elsewhere = company.submitted("Last year")
    last = Cycle.objects.create(
        name="Last", intake_opens="2020-01-01", intake_closes="2020-02-01", budget=1
    )
    Proposal.objects.filter(pk=elsewhere.pk).update(cycle=last)
    for other in (hidden, elsewhere):
        with pytest.raises(ValidationError, match="no such proposal"):
            tie(company, mine, other)
    body = {"kind": "needs", "because": BECAUSE, "proposal": mine.pk}
    hers, nobodys = hidden.pk, hidden.pk + 10_000
    refused = [
        str(refusal_of(Api(company.marketing).send("POST", "/links/", body | {"other": pk})))
        for pk in (hers, nobodys)
    ]
    assert refused[0].replace(str(hers), "") == refused[1].replace(str(nobodys), "")


def test_a_link_to_a_hidden_draft_is_not_shown(company: Company) -> None:
    veiled = company.draft("Veiled")
    other = company.submitted("Seen", marketing=company.other_marketing, cx=company.other_cx)
    link = tie(company, veiled, other)
    assert links_of(other, company.marketing)
    assert links_of(other, company.other_cx) == []
    assert Api(company.other_cx).read("/links/")["results"] == []
    answer = signed_in(company.other_cx).post(f"/proposals/links/{link.pk}/remove/")
    assert answer.status_code == 404


def test_nobody_hears_of_a_draft_that_they_may_not_read(company: Company) -> None:
    veiled = company.draft("Veiled")
    others = {"marketing": company.other_marketing, "cx": company.other_cx}
    link = tie(company, veiled, company.submitted("Seen", **others))
    remove_link(actor=company.marketing, link=link)
    told = Notification.objects.filter(text__contains=veiled.reference)
    assert not told.filter(recipient__in=others.values()).exists()
    of_mates = company.draft("Of our teams", marketing=company.marketing_mate, cx=company.cx_mate)
    tie(company, veiled, of_mates)
    assert told.filter(recipient=company.cx_mate).count() == 1


def test_the_owners_of_both_take_it_back_and_nobody_else(
    company: Company, pair: tuple[Proposal, Proposal]
) -> None:
    link = tie(company, *pair)
    with pytest.raises(PermissionDenied):
        remove_link(actor=company.panelist, link=link)
    answer = signed_in(company.other_cx).post(f"/proposals/links/{link.pk}/remove/")
    assert answer["Location"] == f"/proposals/{pair[1].pk}/"
    assert not Link.objects.exists()
    remove_link(actor=company.other_cx, link=link)  # gone already: nothing more is said
    assert AuditEntry.objects.filter(action="proposal.unlink").count() == 1


def test_only_owners_tie(company: Company, pair: tuple[Proposal, Proposal]) -> None:
    for person in (company.cx_mate, company.curator, company.leader):
        with pytest.raises(PermissionDenied):
            link_proposals(
                actor=person, proposal=pair[0], kind="needs", other=pair[1], because=BECAUSE
            )
    assert signed_in(company.leader).get(f"/proposals/{pair[0].pk}/links/").status_code == 403


def test_the_leader_sees_it_where_it_is_decided(company: Company) -> None:
    one, other = company.scored("Ours"), company.scored("The other")
    tie(company, one, other)
    company.rank()
    page = words(signed_in(company.leader).get(f"/backlog/{one.pk}/decide/"))
    assert f"Needs {other}" in page
