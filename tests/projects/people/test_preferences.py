"""Everybody chooses how they are told, and in which zone they read clocks."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from projects.cycles.selectors import open_cycle, today_in_house
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
    "form", [{"mail": "often", "time_zone": ""}, {"mail": "off", "time_zone": "Mars/Base"}]
)
def test_what_there_is_not_is_refused(company: Company, form: dict[str, str]) -> None:
    assert signed_in(company.marketing).post(PAGE, form).status_code == 422
    with pytest.raises(ValidationError):
        save_preferences(actor=company.marketing, **form)
    company.marketing.refresh_from_db()
    assert (company.marketing.mail, company.marketing.time_zone) == ("at_once", "")


def test_pages_show_the_readers_clock_and_programs_an_instant(company: Company) -> None:
    for person, zone in ((company.marketing, "Europe/Berlin"), (company.cx, "America/New_York")):
        save_preferences(actor=person, mail="off", time_zone=zone)
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


def test_intake_closes_by_the_clock_of_the_house(company: Company, monkeypatch: Any) -> None:
    Cycle.objects.update(intake_closes=date(2026, 7, 1), intake_opens=date(2026, 6, 1))
    late = datetime(2026, 7, 2, 0, 30, tzinfo=UTC)  # still 1 July in New York
    monkeypatch.setattr(timezone, "now", lambda: late)
    with timezone.override("America/New_York"):
        assert today_in_house() == date(2026, 7, 2)
        assert open_cycle() is None


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_looks_at_deadlines_and_mail(company: Company) -> None:
    company.draft("Late")
    Cycle.objects.update(intake_closes=today_in_house())
    call_command("dispatch", "--once")
    assert Notification.objects.filter(cause__startswith="intake:").count() == 2
