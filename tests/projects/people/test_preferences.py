"""Everybody chooses how they are told, and in which zone they read clocks."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from projects.cycles.selectors import open_cycle
from projects.models import Cycle, Notification
from projects.notices.services import notify
from projects.people.services import save_preferences
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/preferences/"
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_what_is_chosen_is_kept(company: Company) -> None:
    client = signed_in(company.marketing)
    assert "As the house: UTC" in text(client.get(PAGE))
    form = {"mail": "daily", "time_zone": "America/New_York"}
    assert client.post(PAGE, form).status_code == 302
    company.marketing.refresh_from_db()
    assert (company.marketing.mail, company.marketing.time_zone) == ("daily", "America/New_York")
    page = text(client.get(PAGE))
    assert '<option value="America/New_York" selected>America/New York</option>' in page
    assert re.search(r'value="daily"[^>]* checked', page)


@pytest.mark.parametrize(
    "form",
    [
        {"mail": "often", "time_zone": "", "formats": ""},
        {"mail": "off", "time_zone": "Mars/Base", "formats": ""},
        {"mail": "off", "time_zone": "", "formats": "xx"},
    ],
)
def test_what_there_is_not_is_refused(company: Company, form: dict[str, str]) -> None:
    assert signed_in(company.marketing).post(PAGE, form).status_code == 422
    with pytest.raises(ValidationError):
        save_preferences(actor=company.marketing, **form)
    company.marketing.refresh_from_db()
    assert (company.marketing.mail, company.marketing.time_zone) == ("at_once", "")


def test_pages_show_the_readers_clock_and_programs_an_instant(company: Company) -> None:
    for person, zone in ((company.marketing, "Europe/Berlin"), (company.cx, "America/New_York")):
        save_preferences(actor=person, mail="off", time_zone=zone, formats="")
    notify(recipients=[company.marketing, company.cx, company.leader], text="Now.", url="/")
    Notification.objects.update(created_at=NOON)
    shown = {
        person.username: text(signed_in(person).get("/notifications/"))
        for person in (company.marketing, company.cx, company.leader)
    }
    assert "1 Jul 2026, 14:00 CEST" in shown["marketing"]
    assert "1 Jul 2026, 08:00 EDT" in shown["cx"]
    assert "1 Jul 2026, 12:00 UTC" in shown["leader"]
    programs = signed_in(company.cx).get("/api/v1/notifications/").json()
    assert programs["results"][0]["created_at"] == "2026-07-01T12:00:00Z"
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(("zone", "opened"), [("", False), ("America/New_York", True)])
def test_intake_closes_by_the_clock_of_the_cycle_and_not_the_readers(
    company: Company, monkeypatch: Any, zone: str, opened: bool
) -> None:
    dates = {"intake_closes": date(2026, 7, 1), "intake_opens": date(2026, 6, 1)}
    Cycle.objects.update(time_zone=zone, **dates)
    late = datetime(2026, 7, 2, 0, 30, tzinfo=UTC)  # still 1 July in New York
    monkeypatch.setattr(timezone, "now", lambda: late)
    with timezone.override("Asia/Tokyo"):
        assert (open_cycle() is not None) is opened


@pytest.mark.parametrize(
    ("zone", "closes", "last"),
    [
        ("", date(2026, 7, 1), datetime(2026, 7, 1, 23, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 7, 1), datetime(2026, 7, 1, 21, 59, tzinfo=UTC)),
        # The nights in which clocks change, and a zone that changes them at midnight.
        ("Europe/Berlin", date(2026, 3, 28), datetime(2026, 3, 28, 22, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 23), datetime(2026, 4, 23, 21, 59, tzinfo=UTC)),
    ],
)
def test_the_last_minute_of_intake_is_an_instant(zone: str, closes: date, last: datetime) -> None:
    assert Cycle(intake_closes=closes, time_zone=zone).last_minute == last


def test_the_page_names_the_instant_in_the_readers_zone(company: Company) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    Cycle.objects.update(time_zone="UTC", intake_closes=tomorrow)
    save_preferences(actor=company.marketing, mail="off", time_zone="Asia/Tokyo", formats="sv")
    day_there = f"{tomorrow + timedelta(days=1):%Y-%m-%d}, 08:59 JST"
    for address in ("/", "/proposals/new/"):
        assert day_there in text(signed_in(company.marketing).get(address))
    with pytest.raises(ValidationError, match="There is no time zone"):
        Cycle(time_zone="Mars/Phobos").clean()


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_looks_at_deadlines_and_mail(company: Company) -> None:
    company.draft("Late")
    Cycle.objects.update(intake_closes=timezone.localdate())
    call_command("dispatch", "--once")
    assert Notification.objects.filter(cause__startswith="intake:").count() == 2
