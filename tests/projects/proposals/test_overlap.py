"""Proposals that say nearly the same: which are named, why, and to whom."""

from typing import Any

import pytest

from projects.customers.services import make_promise
from projects.models import CustomerEffect, JourneyStage, Promise, Proposal
from projects.proposals.overlap import overlaps_of, overlaps_within
from tests.company import Company
from tests.contract import Api
from tests.pages import markup, signed_in, words

OFFER = "Stop offering customers the card they already hold"
OTHER_WORDS = "Customers already hold the card: stop offering"
ANOTHER = "Open branches in the evening for working people"
HALFWAY = "Stop offering students the account their parents hold"


def reasons(company: Company, proposal: Proposal) -> dict[str, tuple[str, ...]]:
    titles = dict(Proposal.objects.values_list("pk", "title"))
    return {
        titles[pair.other]: pair.reasons for pair in overlaps_of(proposal, Proposal.objects.all())
    }


def test_the_same_words_in_another_order_are_named(company: Company) -> None:
    one = company.draft(OFFER, effects=[])
    company.draft(OTHER_WORDS, effects=[])
    company.draft(ANOTHER, effects=[], customer_job="Sit down with somebody after work.")
    assert reasons(company, one) == {OTHER_WORDS: ("similar words",)}


def test_halfway_alike_counts_only_for_the_same_customers(company: Company) -> None:
    one = company.draft(OFFER, customer_job="")
    elsewhere = JourneyStage.objects.create(name="Elsewhere", position=99)
    effect = CustomerEffect(
        stage=elsewhere, segment=company.segment, reach=1, points=1, evidence="user"
    )
    two = company.draft(HALFWAY, effects=[effect], customer_job="")
    assert reasons(company, one) == {}
    two.effects.update(stage=company.stage)
    place = f"{company.stage}, {company.segment}"
    assert reasons(company, one) == {
        HALFWAY: ("similar words", f"the same customers: {place}"),
    }


def test_one_promise_is_enough(company: Company) -> None:
    promise = Promise(words="We answer today", where="App", deliverer=company.cx)
    make_promise(actor=company.cx, promise=promise)
    one = company.draft(OFFER, effects=[], promise=promise, customer_job="")
    company.draft(ANOTHER, effects=[], promise=promise, customer_job="")
    company.draft("Something else altogether", effects=[], customer_job="")
    assert reasons(company, one) == {ANOTHER: ("the same promise: We answer today",)}


def test_pairs_are_named_once_the_closest_first(company: Company) -> None:
    first, second = company.draft(OFFER, effects=[]), company.draft(OFFER, effects=[])
    third = company.draft(OTHER_WORDS, effects=[])
    pairs = overlaps_within(Proposal.objects.all())
    assert [(pair.one, pair.other) for pair in pairs] == [
        (first.pk, second.pk),
        (first.pk, third.pk),
        (second.pk, third.pk),
    ]
    assert pairs[0].alike == 1.0
    assert overlaps_within(Proposal.objects.none()) == []
    assert overlaps_of(first, Proposal.objects.filter(pk=first.pk)) == []


def test_a_draft_of_others_is_never_named(company: Company) -> None:
    mine = company.submitted(OFFER)
    hidden = company.draft(
        f"{OFFER} veiled", marketing=company.other_marketing, cx=company.other_cx
    )
    path = f"/proposals/{mine.pk}/"
    for person, seen in ((company.marketing, False), (company.other_cx, True)):
        client, api = signed_in(person), Api(person)
        assert ("veiled" in words(client.get(f"{path}close/"))) is seen
        assert ("veiled" in words(client.get("/proposals/overlaps/"))) is seen
        listed = api.send("GET", f"{path}overlaps/").json()
        assert [row["proposal"] for row in listed] == [hidden.pk] * seen


def test_owners_find_others_on_their_page(company: Company) -> None:
    proposal = company.submitted(OFFER)
    company.submitted(OTHER_WORDS)
    path, part = f"/proposals/{proposal.pk}/", f'hx-get="/proposals/{proposal.pk}/close/"'
    mine, others = signed_in(company.cx), signed_in(company.leader)
    assert part in markup(mine.get(path))
    assert part not in markup(others.get(path))
    page = words(mine.get(f"{path}close/"))
    assert page.startswith(f"Close to this one {OTHER_WORDS} similar words, the same customers: ")
    assert words(mine.get(f"/proposals/{company.draft(ANOTHER, effects=[]).pk}/close/")) == ""


def test_the_page_says_why(company: Company) -> None:
    company.submitted(OFFER)
    company.submitted(OTHER_WORDS)
    page = words(signed_in(company.leader).get("/proposals/overlaps/"))
    place = f"{company.stage}, {company.segment}"
    assert f"Similar words The same customers: {place}" in page


@pytest.mark.parametrize("path", ["/proposals/overlaps/", "/proposals/{}/close/"])
def test_queries_do_not_grow_with_what_is_close(
    company: Company, django_assert_max_num_queries: Any, path: str
) -> None:
    client, counts = signed_in(company.marketing), []
    first = company.submitted(OFFER)
    for rows in (1, 3):
        for _ in range(rows):
            company.submitted(OFFER)
        with django_assert_max_num_queries(40) as seen:
            client.get(path.format(first.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1]
