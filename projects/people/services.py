from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jobs.services import outbox
from projects.audit.services import record
from projects.people.models import User

MAIL_EVERY = 300  # seconds: a second link within them would only fill somebody's mailbox


def mail_reset_link(*, person: User, path: str) -> None:
    """Send the link with which a person sets a new password, at most one in five minutes."""
    window = int(timezone.now().timestamp()) // MAIL_EVERY
    mail = outbox.mail_to(
        person.email,
        key=f"password-reset:{person.pk}:{window}",
        subject="Set a new password",
        template="projects/people/reset_mail.txt",
        secret=True,
        name=person.get_short_name() or person.get_username(),
        username=person.get_username(),
        address=settings.SITE_URL + path,
        minutes=settings.PASSWORD_RESET_TIMEOUT // 60,
    )
    with transaction.atomic():
        outbox.post([mail])
        record(actor=None, action="password.link", subject=f"person:{person.pk}")


def note_new_password(*, person: User) -> None:
    record(actor=person, action="password.change", subject=f"person:{person.pk}")
