"""Inviting people, links by which they set a password, and what each prefers."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobs.services import outbox
from projects.audit.services import record
from projects.formats import LANGUAGES
from projects.people.models import INVITED_FOR, MailChoice, User
from projects.people.selectors import has_address

RIGHTS = ("is_active", "is_leader", "is_superuser", "is_service")
SALT = "projects.people.invitation"
FIRST, FIRST_FOR = "projects.people.first", 3600  # seconds
KNOWN = "Somebody with this e-mail address is here already."
# What can change of an account, as its mail says it; some of it is audited where it is done.
CHANGES = {
    "password_changed": "Your password was changed.",
    "password_reset": "Your password was set anew, by a link sent to this address.",
    "totp_activated": "An authenticator app was set up.",
    "totp_deactivated": "The authenticator app was removed.",
    "recovery_codes_generated": "New recovery codes were made.",
    "webauthn_added": "A passkey was added.",
    "webauthn_removed": "A passkey was removed.",
    "account_connected": "It now signs in with the sign-in of your company.",
    "emergency_sign_in": "Somebody signed in with it; it is the emergency account.",
    "second_factor_off": "An administrator removed your second factor.",
}
AUDITED = ("password_changed", "password_reset", "account_connected", "second_factor_off")
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


def save_preferences(*, actor: User, mail: str, time_zone: str, formats: str) -> None:
    """How a person is told, in which zone and form they read times, dates and numbers.

    An empty zone is the house's, an empty form the one that the browser proposes.
    """
    if time_zone and time_zone not in available_timezones():
        raise ValidationError({"time_zone": f"There is no time zone “{time_zone}”."})
    if mail not in MailChoice.values:
        raise ValidationError({"mail": f"Use one of: {', '.join(MailChoice.values)}."})
    if formats and formats not in LANGUAGES:
        raise ValidationError({"formats": f"Use one of: {', '.join(LANGUAGES)}."})
    actor.mail, actor.time_zone, actor.formats = mail, time_zone, formats
    with transaction.atomic():
        actor.save(update_fields=["mail", "time_zone", "formats"])
        record(actor=actor, action="person.preferences", subject=f"person:{actor.pk}")


def record_change(*, actor: User, person: User, fields: Iterable[str], created: bool) -> None:
    """Audit which fields of a person were changed, and what became of the rights among them."""
    named = sorted(fields)
    record(
        actor=actor,
        action="person.create" if created else "person.change",
        subject=f"person:{person.pk}",
        fields=named,
        **{name: getattr(person, name) for name in named if name in RIGHTS},
    )


def change_password(*, person: User, password: str) -> None:
    person.set_password(password)
    with transaction.atomic():
        person.save(update_fields=["password"])
        record(actor=person, action="password.change", subject=f"person:{person.pk}")


def note_change(*, person: User, event: str) -> None:
    """Tell a person by mail what was changed of their account, and audit what is not yet."""
    with transaction.atomic():
        if event not in AUDITED:
            record(actor=person, action=f"account.{event}", subject=f"person:{person.pk}")
        if person.email and event in CHANGES:
            mail = outbox.mail_to(
                person.email,
                key=f"account:{person.pk}:{event}:{timezone.now().timestamp()}",
                subject="Your account was changed",
                template="projects/people/change_mail.txt",
                name=person.get_short_name() or person.get_username(),
                change=CHANGES[event],
            )
            outbox.post([mail])


def remove_second_factor(*, actor: User | None, person: User) -> None:
    """Let somebody who lost it come in by password, to set up a new one.

    For administrators; ``actor`` is None where it is done from the shell.
    """
    if actor is not None:
        _administrators_only(actor)
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if not removed:
            raise ValidationError(f"{person} has no second factor.")
        record(actor=actor, action="account.second_factor_off", subject=f"person:{person.pk}")
        note_change(person=person, event="second_factor_off")


def invite_person(*, actor: User, email: str, **fields: Any) -> User:
    """Create somebody who sets the own password by a link, and send it. Administrators only.

    ``fields``: names, team, is_leader. The e-mail address is the name to sign in with.
    """
    _administrators_only(actor)
    person = User(username=email.lower(), email=email, **fields)
    person.set_unusable_password()
    if has_address(email):
        raise ValidationError({"email": KNOWN})
    person.full_clean()
    with transaction.atomic():
        person.save(force_insert=True)
        invite_again(actor=actor, person=person)
    return person


def invite_again(*, actor: User, person: User) -> None:
    """Send a new link; the one sent before opens nothing any more."""
    _administrators_only(actor)
    if not person.is_active or person.is_service or not person.email:
        raise ValidationError("Only people with an e-mail address who are not switched off.")
    if person.has_usable_password():
        raise ValidationError(f"{person} has a password already.")
    with transaction.atomic():
        person.invited_at = timezone.now()
        person.save(update_fields=["invited_at"])
        mail = outbox.mail_to(
            person.email,
            key=f"invitation:{person.pk}:{person.invited_at.timestamp()}",
            subject=f"{actor} invites you to Prioritizer",
            template="projects/people/invitation_mail.txt",
            secret=True,
            name=person.get_short_name() or person.get_username(),
            username=person.get_username(),
            host=str(actor),
            address=settings.SITE_URL + invitation_path(person),
            days=INVITED_FOR.days,
        )
        outbox.post([mail])
        record(actor=actor, action="person.invite", subject=f"person:{person.pk}")


def invitation_path(person: User) -> str:
    """The address behind which an invited person sets the password; it works once."""
    sealed = signing.dumps([person.pk, _stamp(person)], salt=SALT)
    return reverse("join-link", args=[sealed])


def invited_by(sealed: str) -> User | None:
    """The person whose open invitation this is; None when it was used, replaced or has expired."""
    try:
        pk, stamp = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=pk).first()
    if person is None or person.state != User.INVITED or _stamp(person) != stamp:
        return None
    return person


def join(*, person: User, password: str) -> None:
    """Set the first password, which closes the invitation."""
    person.set_password(password)
    person.invited_at = None
    with transaction.atomic():
        person.save(update_fields=["password", "invited_at"])
        record(actor=person, action="person.join", subject=f"person:{person.pk}")


def first_path() -> str:
    """Where the first administrator moves in, good for an hour; empty once anybody is here."""
    if User.objects.exists():
        return ""
    return reverse("first-link", args=[signing.dumps("first", salt=FIRST)])


def is_first_address(sealed: str) -> bool:
    try:
        signing.loads(sealed, salt=FIRST, max_age=FIRST_FOR)
    except signing.BadSignature:
        return False
    return not User.objects.exists()


def become_first_administrator(*, sealed: str, password: str, **who: Any) -> User | None:
    """The administrator of an empty installation; None where somebody else was faster.

    ``who``: email, first_name, last_name.
    """
    person = User(username=who["email"].lower(), is_superuser=True, **who)
    person.set_password(password)
    with transaction.atomic():
        # The audit's head is locked by this, so two who come at once come one after the other.
        record(actor=None, action="person.first", subject="installation", email=person.email)
        if not is_first_address(sealed):
            transaction.set_rollback(True)
            return None
        person.save(force_insert=True)
    return person


def _stamp(person: User) -> str:
    return person.invited_at.isoformat() if person.invited_at else ""


def _administrators_only(actor: User) -> None:
    if not actor.is_superuser:
        raise PermissionDenied("Only administrators do this.")
