"""What an account may do, where a provider of single sign-on decides it."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from projects.audit.services import record
from projects.people.models import Team, User
from projects.people.selectors import by_address, has_address
from scoring.panel.models import Seat
from scoring.panel.selectors import seat_of

log = structlog.get_logger(__name__)

UNVERIFIED = "{provider} does not vouch for your e-mail address, so nobody can be sure it is yours."
NO_GROUP = "None of your groups at {provider} opens Prioritizer. Whoever keeps the groups can help."
OFF = "This account is switched off. An administrator can switch it on again."
EMERGENCY = "The emergency account belongs to no provider. It signs in with its password."


class NotAdmitted(Exception):
    """The sentence says why."""


def admit(
    provider: Any,
    *,
    person: User | None,
    email: str,
    verified: bool,
    groups: Iterable[str],
    names: dict[str, str],
) -> User:
    """Who comes in by a provider, with the rights of the groups; raises NotAdmitted.

    ``provider``: prioritizer.sso.Provider. ``person``: who came by this identity before. Otherwise
    the account of the e-mail address, or a new one, if the provider vouches for the address.
    Who belongs to the provider and is in none of the mapped groups any more loses every right and
    is switched off. An account of the house stays as it is until it belongs to the provider.
    """
    belongs = person is not None
    matched = [provider.groups[group] for group in groups if group in provider.groups]
    if person is None:
        if not email or not verified:
            raise NotAdmitted(UNVERIFIED.format(provider=provider.name))
        person = by_address(email)
    if person is not None and person.username == settings.BREAK_GLASS:
        raise NotAdmitted(EMERGENCY)
    if provider.groups and not matched:
        if person is not None and belongs and person.is_active:
            _end(provider, person)
        raise NotAdmitted(NO_GROUP.format(provider=provider.name))
    with transaction.atomic():
        if person is None:
            person = _new_person(provider, email, names)
        if not person.is_active or person.is_service:
            raise NotAdmitted(OFF)
        _apply(provider, person, matched)
    return person


def _new_person(provider: Any, email: str, names: dict[str, str]) -> User:
    if has_address(email):  # a service account's, or more than one person's
        raise NotAdmitted(OFF)
    person = User(username=email.lower(), email=email, **names)
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    record(
        actor=None,
        action="person.create",
        subject=f"person:{person.pk}",
        provider=provider.id,
    )
    return person


def _apply(provider: Any, person: User, matched: list[Any]) -> None:
    """Set what the mapping names anywhere; the rest stays with the administrators."""
    named = provider.groups.values()
    now: dict[str, Any] = {}
    if any(rights.team for rights in named):
        name = next((rights.team for rights in matched if rights.team), "")
        now["team"] = Team.objects.filter(name=name).first()
        if name and now["team"] is None:
            log.warning("sso_unknown_team", team=name, provider=provider.id)
    if any(rights.leader for rights in named):
        now["is_leader"] = any(rights.leader for rights in matched)
    if any(rights.administrator for rights in named):
        now["is_superuser"] = any(rights.administrator for rights in matched)
    changed = [name for name, value in now.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, now[name])
    if person.invited_at is not None:
        person.invited_at = None
        changed.append("invited_at")
    if changed:
        person.save(update_fields=changed)
    if any(rights.seat for rights in named):
        changed += _apply_seat(person, {rights.seat for rights in matched})
    if changed:
        rights = {name: getattr(person, name) for name in changed if name.startswith("is_")}
        _record_change(provider, person, changed, **rights)


def _apply_seat(person: User, seats: set[str]) -> list[str]:
    wanted = {"is_active": bool(seats - {""}), "is_chair": "chair" in seats}
    seat = Seat.objects.filter(user=person).first()
    if seat is None and not wanted["is_active"]:
        return []
    seat = seat or Seat(user=person, is_active=False)
    if (seat.is_active, seat.is_chair) == tuple(wanted.values()):
        return []
    seat.is_active, seat.is_chair = wanted.values()
    seat.save()
    person.seat = seat
    return ["seat"]


def _end(provider: Any, person: User) -> None:
    seat = seat_of(person)
    with transaction.atomic():
        if seat is not None:
            seat.is_active = False
            seat.save(update_fields=["is_active"])
        person.is_active = person.is_leader = person.is_superuser = False
        person.save(update_fields=["is_active", "is_leader", "is_superuser"])
        _record_change(provider, person, ["is_active"], is_active=False)


def _record_change(provider: Any, person: User, fields: list[str], **rights: Any) -> None:
    record(
        actor=None,
        action="person.change",
        subject=f"person:{person.pk}",
        provider=provider.id,
        fields=sorted(fields),
        **rights,
    )
