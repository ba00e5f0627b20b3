"""Whom and what a list names that is not here yet: stand-ins while it is read, then the rows."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from projects.customers.models import JourneyStage, Segment
from projects.imports.services.setup import create_missing
from projects.people.models import Team, User
from projects.people.services import record_change
from projects.proposals.services import Change

Maker = Callable[[str], models.Model]
OWNER_TEAMS = {"marketing_owner": "marketing_team", "cx_owner": "cx_team"}
PERSON = ("username", "email", "first_name", "last_name", "team")


def makers(choices: dict[str, Any]) -> dict[str, Maker]:
    """What may be made of a name, by the field that names it.

    ``choices``: ``new_places`` (whether), ``marketing_team`` and ``cx_team`` (number of the team
    that new owners become people of).
    """
    made: dict[str, Maker] = {}
    if choices.get("new_places"):
        made |= {"stage": lambda name: JourneyStage(name=name, position=0)}
        made |= {"segment": lambda name: Segment(name=name)}
    teams = {str(team.pk): team for team in Team.objects.all()}
    taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
    for owner, choice in OWNER_TEAMS.items():
        team = teams.get(str(choices.get(choice, "")))
        if team is not None:
            made[owner] = partial(_person, team, taken)
    return made


def stand_in(maker: Maker, name: str, number: int) -> models.Model:
    """A row that is not saved, known by a number below zero. Errors: ValidationError."""
    row = maker(name)
    row.pk = -number
    row.clean_fields(exclude={"password"})
    return row


def settle(*, actor: User, changes: Iterable[Change]) -> None:
    """Save whom and what the stand-ins stand for, and put them in their places."""
    changes = list(changes)
    effects = [effect for change in changes for effect in change.effects or ()]
    stages = [effect.stage.name for effect in effects if effect.stage.pk < 0]
    segments = [effect.segment.name for effect in effects if effect.segment.pk < 0]
    if stages or segments:
        create_missing(actor=actor, setup={"stages": stages, "segments": segments})
        made_stages = {stage.name: stage for stage in JourneyStage.objects.all()}
        made_segments = {segment.name: segment for segment in Segment.objects.all()}
        for effect in effects:
            effect.stage = made_stages[effect.stage.name]
            effect.segment = made_segments[effect.segment.name]
    for change in changes:
        for owner in OWNER_TEAMS:
            person = change.fields.get(owner)
            if person is not None and person.pk < 0:
                _save(actor, person)  # the same object wherever the list names the person


def _person(team: Team, taken: set[str], name: str) -> User:
    """Somebody by e-mail address or full name, without a password: to be invited later.

    ``taken`` are the user names that nobody else may get; this one is added.
    """
    name = " ".join(name.split())
    if "@" in name:
        person = User(username=name.lower(), email=name, team=team)
    else:
        first, _, last = name.rpartition(" ")
        username = re.sub(r"[^\w@+-]+", ".", name.lower()).strip(".")
        person = User(username=username, first_name=first, last_name=last, team=team)
    if person.username in taken:
        raise ValidationError(
            f"There is no person “{name}”, but a user name “{person.username}”. Is it that person? "
            "Then write the user name."
        )
    taken.add(person.username)
    return person


def _save(actor: User, person: User) -> None:
    person.pk = None
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    record_change(actor=actor, person=person, fields=PERSON, created=True)
