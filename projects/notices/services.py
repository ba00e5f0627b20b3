from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobs.models import Message
from jobs.services import outbox
from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.models import Notification
from projects.people.models import User


def notify(*, recipients: Iterable[User], text: str, url: str) -> None:
    """Leave one line for each recipient, once, and tell those who have a mail address by mail."""
    with transaction.atomic():
        made = Notification.objects.bulk_create(
            Notification(recipient=person, text=text, url=url)
            for person in dict.fromkeys(recipients)
        )
        outbox.post(_mail_of(line) for line in made if _reachable(line.recipient))


def mark_all_read(*, user: User) -> int:
    return user.notifications.filter(read_at=None).update(read_at=timezone.now())


def resend_message(*, actor: User, message: Message) -> None:
    """Try a message anew that could not be delivered."""
    with transaction.atomic():
        if not outbox.resend(message):
            raise Conflict(f"“{message.subject}” did not fail. It is not sent again.")
        record(actor=actor, action="message.resend", subject=f"message:{message.pk}")


def _reachable(person: User) -> bool:
    return bool(person.email) and person.is_active


def _mail_of(line: Notification) -> Message:
    person = line.recipient
    return outbox.mail_to(
        person.email,
        key=f"notification:{line.pk}",
        subject=line.text,
        template="projects/notices/mail.txt",
        name=person.get_short_name() or person.get_username(),
        text=line.text,
        address=settings.SITE_URL + line.url,
        all=settings.SITE_URL + reverse("notifications"),
    )
