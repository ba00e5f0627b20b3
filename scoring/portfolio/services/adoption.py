"""One scenario becomes the plan of its cycle."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.errors import StaleVersion
from projects.people.models import User
from scoring.portfolio.services.layout import Case, Layout, lay_out
from scoring.portfolio.services.mixes import Mix, Torn, ways_of
from scoring.portfolio.services.prices import prices_of
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import open_to
from scoring.what_if.models import Scenario
from scoring.what_if.services.scenarios import keep_scenario

TORN = "These rules cannot hold together, so there is nothing to adopt."
NO_WHY = "Say of every exception why the ranking is not followed."


def adopted_plans(reader: User | None) -> QuerySet[Scenario]:
    """Every scenario that was adopted, the last one first: of a cycle it is the plan.

    What it funds follows from its run, so that must be open to ``reader``; None sees all.
    """
    adopted = Scenario.objects.filter(adopted_at__isnull=False)
    shown = adopted.filter(run__in=open_to(reader, RankingRun.objects.all()))
    return shown.select_related("adopted_by").order_by("-adopted_at", "-pk")


def plan_of(cycle_id: int, reader: User | None) -> Scenario | None:
    return adopted_plans(reader).filter(cycle=cycle_id).first()


def adopt_plan(
    *, actor: User, run: RankingRun, name: str, query: str, case: Case, way: str, seen: int
) -> Scenario:
    """Make ``case``, filled one ``way`` (best, list), the plan under ``name``. Leaders only.

    A scenario that was saved under this name with this question is adopted; else one is made.
    ``seen`` is the plan that the actor looked at, 0 where there was none: of two leaders at once
    the second is told. What it funds, brings and displaces is kept as it is now.
    """
    if not actor.is_leader:
        raise PermissionDenied("Only leaders adopt a plan.")
    if any(not forced.why for forced in case.question.forced):
        raise ValidationError({"why": NO_WHY})
    layout = lay_out(case)
    ways = ways_of(run, layout)
    if isinstance(ways, Torn):
        raise ValidationError({"rules": TORN})
    mix = ways.listed if way == "list" else ways.best
    with transaction.atomic():
        # Whoever adopts holds the cycle: one after the other.
        Cycle.objects.select_for_update().get(pk=run.cycle_id)
        standing = plan_of(run.cycle_id, None)  # also one that the actor may not see
        if (standing.pk if standing else 0) != seen:
            raise StaleVersion("The plan")
        question = query or f"way={way}"
        saved = Scenario.objects.filter(cycle=run.cycle_id, name=name.strip(), query=question)
        plan = saved.filter(adopted_at=None).first() or keep_scenario(
            actor=actor, run=run, name=name, query=question
        )
        plan.run, plan.adopted_by, plan.adopted_at = run, actor, timezone.now()
        plan.outcome = _outcome(case, layout, mix, way)
        plan.save(update_fields=["run", "adopted_by", "adopted_at", "outcome"])
        record(actor=actor, action="scenario.adopt", subject=f"scenario:{plan.pk}", name=plan.name)
    return plan


def _outcome(case: Case, layout: Layout, mix: Mix, way: str) -> dict[str, Any]:
    forced = case.question.forced
    prices = {price.forced: price for price in prices_of(case) if price.forced}
    return {
        "way": way,
        "funded": layout.ids(mix.chosen),
        "spent": mix.spent,
        "returns": mix.returns,
        "returns_p10": mix.low,
        "returns_p90": mix.high,
        "impact": mix.impact,
        "exceptions": [
            {
                "proposal": one.proposal,
                "in": one.inside,
                "why": one.why,
                "asked": one.asked,
                "gain": prices[one].gain if one in prices else None,
                "impact": prices[one].impact if one in prices else None,
            }
            for one in forced
        ],
    }
