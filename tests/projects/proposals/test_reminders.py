"""Owners of drafts hear that intake closes, on four days, and never for what is in."""

from datetime import date, timedelta
from typing import Any

import pytest

from projects.models import Cycle, Notification, Proposal, User
from projects.proposals.services.reminders import remind_of_intake
from tests.company import Company


@pytest.fixture
def closes(company: Company) -> date:
    return Cycle.objects.get(is_current=True).intake_closes


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> int:
    Cycle.objects.update(intake_opens=day - timedelta(days=90))
    monkeypatch.setattr(Cycle, "today", day)
    return remind_of_intake()


def told() -> list[str]:
    return list(
        Notification.objects.filter(recipient__username="cx", cause__startswith="intake:")
        .order_by("pk")
        .values_list("text", flat=True)
    )


def test_four_times_with_the_days_that_are_left(
    company: Company, closes: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.draft("Late")
    reminded = [
        on(closes - timedelta(days=left), monkeypatch) for left in (9, 8, 7, 6, 5, 3, 2, 1, 0)
    ]
    assert reminded == [0, 0, 1, 0, 0, 1, 0, 1, 1]
    assert on(closes + timedelta(days=1), monkeypatch) == 0
    assert told() == [
        f"“Late” is still a draft, and intake closes {when}."
        for when in ("in 7 days", "in 3 days", "tomorrow", "today")
    ]
    urls = set(Notification.objects.filter(cause__startswith="intake").values_list("url"))
    assert urls == {(f"/proposals/{Proposal.objects.get().pk}/",)}


def test_a_day_that_was_missed_is_made_up_for(
    company: Company, closes: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.draft("Late")
    assert on(closes - timedelta(days=5), monkeypatch) == 1
    assert on(closes - timedelta(days=2), monkeypatch) == 1
    assert [text.rpartition("closes ")[2] for text in told()] == ["in 5 days.", "in 2 days."]


def test_what_is_in_and_who_is_gone_is_not_reminded(
    company: Company, closes: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.submitted("In")
    late = company.draft("Late")
    User.objects.filter(pk=company.cx.pk).update(is_active=False)
    assert on(closes, monkeypatch) == 1
    found = Notification.objects.filter(cause__startswith="intake:")
    assert [(line.recipient, line.cause.rpartition(":")[2]) for line in found] == [
        (company.marketing, str(late.pk))
    ]


def test_a_new_date_reminds_anew(
    company: Company, closes: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.draft("Late")
    assert on(closes, monkeypatch) == 1
    Cycle.objects.update(intake_closes=closes + timedelta(days=3))
    assert on(closes, monkeypatch) == 1
    Cycle.objects.update(is_current=False)
    assert on(closes + timedelta(days=3), monkeypatch) == 0


@pytest.mark.parametrize("drafts", [1, 3])
def test_a_look_with_nothing_to_say_needs_three_queries(
    company: Company,
    closes: date,
    drafts: int,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    for number in range(drafts):
        company.draft(f"Late {number}")
    assert on(closes, monkeypatch) == drafts
    with django_assert_num_queries(3):
        assert remind_of_intake() == 0
