"""What a list needs before it can come in: its cycle, teams, people, stages and segments."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.models import Cycle, JourneyStage, Segment, Team, User


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
        Team.objects.get_or_create(name=row["name"], defaults={"function": row["function"]})
    for row in setup.get("people", []):
        if not User.objects.filter(username=row["username"]).exists():
            User.objects.create_user(
                row["username"],
                first_name=row.get("first_name", ""),
                last_name=row.get("last_name", ""),
                team=Team.objects.get(name=row["team"]),
            )
    for position, name in enumerate(setup.get("stages", []), start=1):
        JourneyStage.objects.get_or_create(name=name, defaults={"position": position})
    for name in setup.get("segments", []):
        Segment.objects.get_or_create(name=name)
    given = setup.get("cycle")
    if given is None:
        return None
    cycle = Cycle.objects.filter(name=given["name"]).first()
    if cycle is None:
        cycle = Cycle(**given, is_current=not Cycle.objects.filter(is_current=True).exists())
        cycle.full_clean()
        cycle.save()
    return cycle
