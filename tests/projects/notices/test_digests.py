"""One mail a day for who wants that, in their own morning, and never the same twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs.models import Message
from projects.models import Notification, User
from projects.notices.services import mark_all_read, notify, send_digests
from tests.company import Company

MORNING = datetime(2026, 3, 28, 7, 0, tzinfo=UTC)  # 08:00 in Berlin, the day before summer time


@pytest.fixture
def ada(company: Company) -> User:
    ada = company.marketing
    ada.email, ada.mail, ada.time_zone = "ada@house.example", "daily", "Europe/Berlin"
    ada.save()
    return ada


def tell(person: User, text: str, at: datetime) -> None:
    notify(recipients=[person], text=text, url="/proposals/7/")
    Notification.objects.filter(text=text).update(created_at=at)


def test_the_day_comes_as_one_mail(ada: User, settings: Any) -> None:
    settings.SITE_URL = "https://house.example"
    tell(ada, "“A” is decided.", MORNING - timedelta(hours=20))
    tell(ada, "“B” is signed.", MORNING - timedelta(hours=2))
    assert Message.objects.count() == 0
    assert send_digests(now=MORNING) == 1
    message = Message.objects.get()
    assert (message.recipient, message.subject) == ("ada@house.example", "2 things in Prioritizer")
    assert (
        "“A” is decided.\nhttps://house.example/proposals/7/\n\n“B” is signed.\nhttps://"
        in message.payload["text"]
    )
    assert "https://house.example/preferences/" in message.payload["text"]
    tell(ada, "“C” came later.", MORNING + timedelta(hours=1))
    assert send_digests(now=MORNING + timedelta(hours=2)) == 0
    assert send_digests(now=MORNING + timedelta(hours=23)) == 1
    assert Message.objects.latest("pk").subject == "“C” came later."
    assert send_digests(now=MORNING + timedelta(hours=47)) == 0


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        (MORNING - timedelta(seconds=1), 0),
        (MORNING, 1),
        (datetime(2026, 3, 29, 5, 59, tzinfo=UTC), 0),  # summer time began in the night
        (datetime(2026, 3, 29, 6, 0, tzinfo=UTC), 1),
    ],
)
def test_morning_is_eight_where_the_reader_is(ada: User, moment: datetime, count: int) -> None:
    tell(ada, "“A” is decided.", moment - timedelta(hours=1))
    assert send_digests(now=moment) == count


def test_what_was_read_or_is_old_is_not_sent(ada: User) -> None:
    tell(ada, "Read", MORNING - timedelta(hours=1))
    mark_all_read(user=ada)
    tell(ada, "Old", MORNING - timedelta(days=7))
    assert send_digests(now=MORNING) == 0
    tell(ada, "Young", MORNING - timedelta(days=7) + timedelta(seconds=1))
    assert send_digests(now=MORNING) == 1
    assert Message.objects.get().subject == "Young"


@pytest.mark.parametrize(
    "change",
    [{"mail": "off"}, {"mail": "at_once"}, {"email": ""}, {"is_active": False}],
)
def test_nobody_else_gets_it(ada: User, change: dict[str, Any]) -> None:
    tell(ada, "“A” is decided.", MORNING - timedelta(hours=1))
    User.objects.filter(pk=ada.pk).update(**change)
    assert send_digests(now=MORNING) == 0


@pytest.mark.parametrize(("choice", "mails"), [("at_once", 1), ("daily", 0), ("off", 0)])
def test_each_line_is_mailed_to_who_wants_that(ada: User, choice: str, mails: int) -> None:
    ada.mail = choice
    notify(recipients=[ada], text="“A” is decided.", url="/")
    assert Message.objects.count() == mails
    assert ada.notifications.count() == 1
    ada.mail = "daily"
    ada.save(update_fields=["mail"])
    morning = timezone.now() + timedelta(days=1)
    sent = send_digests(now=morning.astimezone(ada.zone).replace(hour=9))
    assert sent == (choice != "at_once"), "what was mailed at once is in no digest"


def test_a_cause_is_told_once(company: Company) -> None:
    for people in ([company.marketing], [company.marketing, company.cx]):
        notify(recipients=people, text="Soon.", url="/", cause="deadline:1")
    notify(recipients=[company.cx], text="Soon.", url="/", cause="deadline:2")
    assert sorted(Notification.objects.values_list("recipient__username", "cause")) == [
        ("cx", "deadline:1"),
        ("cx", "deadline:2"),
        ("marketing", "deadline:1"),
    ]
