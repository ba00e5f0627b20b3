"""Starting again from a proposal, perhaps in the next cycle."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from projects.cycles.services import make_current
from projects.errors import Conflict
from projects.models import Cycle, Measure, MoneyLine, Proposal, User
from projects.proposals.selectors import content_of, live_signatures, with_content
from projects.proposals.services import copy_proposal
from tests.company import Company
from tests.pages import signed_in, text


def content(proposal: Proposal) -> dict[str, object]:
    return content_of(with_content(Proposal.objects.all()).get(pk=proposal.pk))


def copied(company: Company, proposal: Proposal) -> Proposal:
    return copy_proposal(actor=company.marketing, proposal=proposal, creation_key=uuid4())


def test_the_copy_says_the_same_and_brings_nothing_else(company: Company) -> None:
    benefit = {"low": 4, "likely": 5, "high": 6, "evidence": "user"}
    won = MoneyLine(kind="retention", evidence_date=timezone.localdate(), **benefit)
    old = company.scored("Done before", money=[company.money()[0], won])
    Measure.objects.create(proposal=old, key="calls", value=0.1)
    Proposal.objects.filter(pk=old.pk).update(status=Proposal.Status.DECLINED)
    before = content(old)
    new = copied(company, old)
    assert content(new) == before
    assert (new.status, new.version, new.copied_from) == ("draft", 1, old)
    assert new.reference == f"P-{new.pk}"
    assert (new.submitted_at, new.submitted_revision) == (None, None)
    assert not live_signatures(new, "")
    assert not new.scorecards.exists()
    old.refresh_from_db()
    assert (old.status, content(old)) == ("declined", before)
    assert old.scorecards.count() == 2


def test_it_goes_into_the_cycle_that_is_open(company: Company) -> None:
    old = company.submitted()
    today = timezone.localdate()
    following = Cycle.objects.create(
        name="Next",
        intake_opens=today,
        intake_closes=today + timedelta(days=9),
        budget=1,
        currency="EUR",
    )
    make_current(actor=company.admin, cycle=following)
    assert copied(company, old).cycle == following
    Cycle.objects.filter(pk=following.pk).update(intake_opens=today + timedelta(days=1))
    with pytest.raises(Conflict, match="Intake is closed"):
        copied(company, old)


def test_the_same_key_makes_one_copy(company: Company) -> None:
    old, key = company.submitted(), uuid4()
    for _ in range(2):
        copy_proposal(actor=company.marketing, proposal=old, creation_key=key)
    assert old.copies.count() == 1


def test_only_owners_copy_and_both_must_still_be_there(company: Company) -> None:
    old = company.submitted()
    with pytest.raises(PermissionDenied):
        copy_proposal(actor=company.other_marketing, proposal=old, creation_key=uuid4())
    User.objects.filter(pk=company.cx.pk).update(is_active=False)
    old.refresh_from_db()
    with pytest.raises(ValidationError, match="Choose an active person from a CX team"):
        copied(company, old)
    assert not old.copies.exists()


def test_the_page_copies_and_both_pages_name_each_other(company: Company) -> None:
    old = company.submitted()
    client = signed_in(company.cx)
    page = f"/proposals/{old.pk}/"
    assert "Copy to a new draft" in text(client.get(page))
    assert "Copy to a new draft" not in text(signed_in(company.other_cx).get(page))
    answer = client.post(f"{page}copy/", {"creation_key": str(uuid4())}, follow=True)
    new = old.copies.get()
    assert f"This draft begins with the text of {old.reference}." in text(answer)
    assert f'copied from <a href="{page}">{old.reference}</a>' in text(answer)
    assert f'copied to <a href="/proposals/{new.pk}/">' in text(client.get(page))
    # A draft is its owners' and their teams'; others don't learn that there is one.
    assert "copied to" not in text(signed_in(company.leader).get(page))
    refused = client.post(f"{page}copy/", {"creation_key": "x"}, follow=True)
    assert "Reload the page and copy the proposal again." in text(refused)
    assert old.copies.count() == 1
