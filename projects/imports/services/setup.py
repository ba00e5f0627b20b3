"""What a list needs before it can come in: its cycle, teams, people, stages and segments."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max

from projects.customers.models import JourneyStage, Segment
from projects.cycles.models import Cycle
from projects.people.models import Team, User


def create_missing(*, actor: User, setup: dict[str, Any]) -> Cycle | None:
    """Create what a mapping's ``setup`` names and is not there; returns its cycle.

    People get no password: they cannot sign in until an administrator sets one.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator sets up an import.")
    try:
        with transaction.atomic():
            return _create(setup)
    except (KeyError, TypeError) as error:
        raise ValidationError({"mapping": f"The setup misses {error}."}) from error


def _create(setup: dict[str, Any]) -> Cycle | None:
    for row in setup.get("teams", []):
        if not Team.objects.filter(name=row["name"]).exists():
            _save(Team(name=row["name"], function=row["function"]))
    for row in setup.get("people", []):
        if not User.objects.filter(username=row["username"]).exists():
            _save(_person(row))
    _create_places(setup.get("stages", []), setup.get("segments", []))
    given = setup.get("cycle")
    if given is None:
        return None
    cycle = Cycle.objects.filter(name=given["name"]).first()
    if cycle is None:
        cycle = Cycle(**given, is_current=not Cycle.objects.filter(is_current=True).exists())
        _save(cycle)
    return cycle


def _create_places(stages: list[str], segments: list[str]) -> None:
    last = JourneyStage.objects.aggregate(last=Max("position"))["last"] or 0
    known = set(JourneyStage.objects.values_list("name", flat=True))
    new = [name for name in dict.fromkeys(stages) if name not in known]
    for position, name in enumerate(new, start=last + 1):
        _save(JourneyStage(name=name, position=position))
    known = set(Segment.objects.values_list("name", flat=True))
    for name in dict.fromkeys(segments):
        if name not in known:
            _save(Segment(name=name))


def _person(row: dict[str, str]) -> User:
    team = Team.objects.filter(name=row["team"]).first()
    if team is None:
        raise ValidationError({"mapping": f"There is no team “{row['team']}” for a person."})
    names = {name: row.get(name, "") for name in ("first_name", "last_name")}
    person = User(username=row["username"], team=team, **names)
    person.set_unusable_password()
    return person


def _save(row: models.Model) -> None:
    row.full_clean()
    row.save()
