"""Issuing, revoking and checking tokens."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from projects.audit.services import record
from projects.people.models import User
from projects.tokens.models import Token

PREFIX = "prio_"  # so that a scanner finds a token that lies where none should
MOST, MOST_DAYS = 20, 365
NOTED_EVERY = timedelta(minutes=1)  # of use: a write with every read would be dear
TAKEN = "There is a token of this name already. Choose another name, or revoke the old one."


class Refused(Exception):
    """The key opens nothing; the sentence says why."""


def issue_token(
    *, actor: User, person: User, name: str, scope: str, days: int
) -> tuple[Token, str]:
    """A new token and its key, which nobody can read again.

    People make tokens for themselves, administrators for service accounts too.
    """
    if person.pk != actor.pk and not (actor.is_superuser and person.is_service):
        raise PermissionDenied("A token acts for its person, so only that person can make it.")
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": f"Between 1 and {MOST_DAYS} days."})
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        person=person,
        name=" ".join(name.split()),
        scope=scope,
        digest=_digest(key),
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean(validate_constraints=False)
    if person.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count() >= MOST:
        raise ValidationError({"name": f"{MOST} tokens are the most. Revoke one first."})
    try:
        with transaction.atomic():
            token.save(force_insert=True)
            record(
                actor=actor,
                action="token.issue",
                subject=f"token:{token.pk}",
                person=person.pk,
                scope=scope,
                expires_at=token.expires_at,
            )
    except IntegrityError:
        raise ValidationError({"name": TAKEN}) from None
    return token, key


def revoke_token(*, actor: User, token: Token) -> None:
    """From the next request on it opens nothing. Revoking again changes nothing."""
    with transaction.atomic():
        revoked = Token.objects.filter(pk=token.pk, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        if revoked:
            record(actor=actor, action="token.revoke", subject=f"token:{token.pk}")


def token_of(key: str, *, scope: str = "") -> Token:
    """The live token of a key, with its person; raises Refused. Notes when it was last used.

    It must be of ``scope``, where one is named, else of those that open the API.
    """
    token = (
        Token.objects.select_related("person__team", "person__seat")
        .filter(digest=_digest(key))
        .first()
    )
    if token is None or token.scope not in ([scope] if scope else Token.OF_PROGRAMS):
        raise Refused("There is no such token.")
    if token.revoked_at is not None:
        raise Refused("This token is revoked.")
    if token.is_expired:
        raise Refused("This token has expired. Make a new one.")
    if not token.person.is_active:
        raise Refused("The account behind this token is switched off.")
    _note_use(token)
    return token


def _note_use(token: Token) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _digest(key: str) -> str:
    # Plain SHA-256: a key holds 256 random bits, so there is nothing to guess or to slow down.
    return hashlib.sha256(key.encode()).hexdigest()
