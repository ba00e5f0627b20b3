from collections.abc import Container, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from jobs.models import Message
from jobs.services import outbox
from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.models import Notification
from projects.people.models import MailChoice, User

LONGEST = 300  # letters of a line
DIGEST_HOUR = 8  # in the morning of the reader
DIGEST_HOLDS = timedelta(days=7)


def notify(
    *, recipients: Iterable[User], text: str, url: str, cause: str = "", letter: str = ""
) -> None:
    """Leave one line for each recipient, once, and tell by mail who wants each line at once.

    With a ``cause``, such as a deadline, nobody is told the same again. A ``letter`` is the mail's
    text in place of the line, which is cut where it is too long for one.
    """
    text = Truncator(text).chars(LONGEST)
    people = list(dict.fromkeys(recipients))
    if cause:
        before = Notification.objects.filter(cause=cause, recipient__in=people)
        told = set(before.values_list("recipient", flat=True))
        people = [person for person in people if person.pk not in told]
    now = timezone.now()
    with transaction.atomic():
        made = Notification.objects.bulk_create(
            Notification(
                recipient=person,
                text=text,
                url=url,
                cause=cause,
                mailed_at=now if _wants_each(person) else None,
            )
            for person in people
        )
        outbox.post(_mail_of(line, letter or text) for line in made if line.mailed_at)


def remind(
    *, people: Iterable[User], text: str, url: str, cause: str, told: Container[tuple[str, int]]
) -> bool:
    """Tell who is active and not among ``told`` (cause, person) yet; whether that was anybody."""
    waiting = [person for person in people if person.is_active and (cause, person.pk) not in told]
    if waiting:
        notify(recipients=waiting, text=text, url=url, cause=cause)
    return bool(waiting)


def send_digests(*, now: datetime | None = None) -> int:
    """Write the day's one mail for everybody who wants that and whose morning has come.

    It holds what is unread and of the last week. Returns how many were written.
    """
    moment = now or timezone.now()
    waiting = User.objects.filter(
        pk__in=_unmailed(moment).values("recipient"), mail=MailChoice.DAILY, is_active=True
    ).exclude(email="")
    due = [person for person in waiting if moment.astimezone(person.zone).hour >= DIGEST_HOUR]
    return sum(_send_digest(person, moment) for person in due)


def _send_digest(person: User, moment: datetime) -> bool:
    key = f"digest:{person.pk}:{moment.astimezone(person.zone):%Y-%m-%d}"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two schedulers write one mail
        lines = list(_unmailed(moment).filter(recipient=person).order_by("created_at", "pk"))
        if not lines or Message.objects.filter(key=key).exists():
            return False
        count = len(lines)
        mail = outbox.mail_to(
            person.email,
            key=key,
            subject=lines[0].text if count == 1 else f"{count} things in Prioritizer",
            template="projects/notices/digest.txt",
            name=person.get_short_name() or person.get_username(),
            lines=[(line.text, settings.SITE_URL + line.url) for line in lines],
            preferences=settings.SITE_URL + reverse("preferences"),
        )
        outbox.post([mail])
        Notification.objects.filter(pk__in=[line.pk for line in lines]).update(mailed_at=moment)
    return True


def _unmailed(moment: datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(
        read_at=None, mailed_at=None, created_at__gt=moment - DIGEST_HOLDS
    )


def mark_all_read(*, user: User) -> int:
    return user.notifications.filter(read_at=None).update(read_at=timezone.now())


def resend_message(*, actor: User, message: Message) -> None:
    """Try a message anew that could not be delivered."""
    with transaction.atomic():
        if not outbox.resend(message):
            raise Conflict(f"“{message.subject}” did not fail. It is not sent again.")
        record(actor=actor, action="message.resend", subject=f"message:{message.pk}")


def _wants_each(person: User) -> bool:
    return bool(person.email) and person.is_active and person.mail == MailChoice.AT_ONCE


def _mail_of(line: Notification, text: str) -> Message:
    person = line.recipient
    return outbox.mail_to(
        person.email,
        key=f"notification:{line.pk}",
        subject=line.text,
        template="projects/notices/mail.txt",
        name=person.get_short_name() or person.get_username(),
        text=text,
        address=settings.SITE_URL + line.url,
        preferences=settings.SITE_URL + reverse("preferences"),
    )
