"""Keeping a what-if under a name, for everyone who may ask."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import User
from scoring.panel.selectors import is_curator, may_explore
from scoring.ranking.models import RankingRun
from scoring.what_if.models import Scenario

TAKEN = "There is a scenario of this name in this cycle. Choose another name."


def keep_scenario(*, actor: User, run: RankingRun, name: str, query: str) -> Scenario:
    """Keep the question ``query`` (a query string of the what-if page) under ``name``."""
    if not may_explore(actor):
        raise PermissionDenied("Leaders and the panel's chair keep scenarios.")
    scenario = Scenario(cycle=run.cycle, run=run, name=name.strip(), query=query, created_by=actor)
    if not query:
        raise ValidationError({"name": "Change something first: this is the backlog as it is."})
    scenario.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            scenario.save(force_insert=True)
            record(actor=actor, action="scenario.keep", subject=f"scenario:{scenario.pk}")
    except IntegrityError:
        raise ValidationError({"name": TAKEN}) from None
    return scenario


def remove_scenario(*, actor: User, scenario: Scenario) -> None:
    mine = scenario.created_by_id == actor.pk
    if not (may_explore(actor) and (mine or is_curator(actor) or actor.is_superuser)):
        raise PermissionDenied("Who kept a scenario may remove it, and the panel's chair.")
    if scenario.adopted_at is not None:
        raise Conflict("It was adopted as a plan, so it is kept.")
    with transaction.atomic():
        record(
            actor=actor,
            action="scenario.remove",
            subject=f"scenario:{scenario.pk}",
            name=scenario.name,
        )
        scenario.delete()
