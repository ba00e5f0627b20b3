"""A proposal that is handed in after intake closed says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from projects.models import Cycle, Proposal
from projects.proposals.services import recall_proposal
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words


@pytest.fixture
def late(company: Company) -> Proposal:
    """One of three: another came in time, and a third is a draft."""
    company.draft("Still a draft")
    early, late = company.submitted("In time"), company.submitted("Too late")
    closes = timezone.localdate() - timedelta(days=1)
    Cycle.objects.update(intake_opens=closes - timedelta(days=9), intake_closes=closes)
    before = timezone.now() - timedelta(days=5)
    Proposal.objects.filter(pk=early.pk).update(submitted_at=before)
    return Proposal.objects.get(pk=late.pk)


def test_it_is_marked_and_found(company: Company, late: Proposal) -> None:
    client = signed_in(company.marketing)
    assert "handed in after intake closed" in words(client.get(f"/proposals/{late.pk}/"))
    every = words(client.get("/proposals/"))
    assert "Submitted late" in every
    only = words(client.get("/proposals/?late=true"))
    assert "Too late" in only
    assert "1 you can see" in only
    others = Api(company.marketing).read("/proposals/?late=false")["results"]
    assert {row["title"]: row["is_late"] for row in others} == {
        "In time": False,
        "Still a draft": False,
    }
    (found,) = Api(company.marketing).read("/proposals/?late=true")["results"]
    assert (found["title"], found["is_late"]) == ("Too late", True)


def test_taken_back_it_was_not_handed_in(company: Company, late: Proposal) -> None:
    recall_proposal(actor=company.marketing, proposal=late, expected_version=late.version)
    late.refresh_from_db()
    assert not late.is_late
    assert "0 you can see" in words(signed_in(company.marketing).get("/proposals/?late=true"))


@pytest.mark.parametrize(
    ("zone", "moment", "is_late"),
    [
        ("Europe/Berlin", datetime(2026, 6, 30, 21, 59, tzinfo=UTC), False),
        ("Europe/Berlin", datetime(2026, 6, 30, 22, 0, tzinfo=UTC), True),
        ("America/Lima", datetime(2026, 7, 1, 4, 59, tzinfo=UTC), False),
        ("America/Lima", datetime(2026, 7, 1, 5, 0, tzinfo=UTC), True),
    ],
)
def test_the_clock_of_the_cycle_decides(
    company: Company, zone: str, moment: datetime, is_late: bool
) -> None:
    proposal = company.submitted()
    Cycle.objects.update(intake_opens="2026-06-01", intake_closes="2026-06-30", time_zone=zone)
    Proposal.objects.filter(pk=proposal.pk).update(submitted_at=moment)
    assert Proposal.objects.get().is_late is is_late
    found = Api(company.marketing).read("/proposals/?late=true")["count"]
    assert found == int(is_late)
