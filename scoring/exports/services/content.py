"""What an export contains: the rows of a run under a filter, the record, and the seal."""

from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import QueryDict

from projects.people.models import User
from scoring.backlog.filters import BacklogFilter
from scoring.backlog.selectors.backlog import results_of
from scoring.decisions.models import Condition, Decision
from scoring.exports.files import Export, sealed
from scoring.exports.files.table import Cell, Record
from scoring.panel.selectors import may_explore
from scoring.portfolio.services import plan_of
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import open_to
from scoring.what_if.models import Override, Scenario

Row = dict[str, Cell]


def filtered(run: RankingRun, query: QueryDict) -> BacklogFilter:
    return BacklogFilter(query, queryset=results_of(run))


def export_of(run: RankingRun, query: QueryDict, reader: User | None) -> Export:
    """``reader`` is for whom the file is; None is the operator's shell."""
    chosen = filtered(run, query)
    record = record_of(run, reader)
    return sealed(run, chosen.qs, chosen=in_words(chosen), record=record)


def in_words(chosen: BacklogFilter) -> str:
    """The filter in words, such as "status=submitted, q=card"; "none" for the whole list."""
    given = [(name, chosen.data.get(name)) for name in chosen.filters]
    return ", ".join(f"{name}={value}" for name, value in given if value) or "none"


def record_of(run: RankingRun, reader: User | None) -> Record:
    """What was planned and decided in the cycle so far; plans for who may open them."""
    of_cycle = open_to(reader, RankingRun.objects.filter(cycle=run.cycle_id))
    decisions = [_decision(row) for row in _decisions(of_cycle)]
    if reader is not None and not may_explore(reader):
        return {"decisions": decisions}
    kept = Scenario.objects.filter(run__in=of_cycle).select_related("created_by", "adopted_by")
    plan = plan_of(run.cycle_id, reader)
    outcome = plan.outcome if plan else {"funded": [], "exceptions": []}
    forced = [row["proposal"] for row in outcome["exceptions"]]
    named = _named(plan, [*outcome["funded"], *forced]) if plan else {}
    return {
        "plans": [_plan(scenario, plan) for scenario in kept],
        "funded": [named[pk] for pk in outcome["funded"]],
        "exceptions": [named[row["proposal"]] | _exception(row) for row in outcome["exceptions"]],
        "decisions": decisions,
    }


def _decisions(of_cycle: QuerySet[RankingRun]) -> list[Decision]:
    """On these runs, the newest first.

    Under the title of the run: one that is a draft again may have got another, which is not told.
    """
    conditions = Prefetch("conditions", Condition.objects.select_related("owner"))
    ranked = RankedProposal.objects.filter(run=OuterRef("run"), proposal=OuterRef("proposal"))
    found = Decision.objects.filter(run__in=of_cycle).prefetch_related(conditions)
    found = found.annotate(title=Subquery(ranked.values("title")[:1]))
    return list(found.select_related("proposal", "decided_by", "seconded_by"))


def _decision(decision: Any) -> Row:
    return {
        "reference": decision.proposal.reference,
        "title": decision.title,
        "outcome": decision.outcome_in_words,
        "decided_on": f"{decision.decided_at:%Y-%m-%d}",
        "decided_by": str(decision.decided_by),
        "seconded_by": str(decision.seconded_by or ""),
        "reason": decision.reason,
        "why": _why(decision.override_code),
        "exception": decision.exception,
        "conditions": "; ".join(map(_condition, decision.conditions.all())),
    }


def _condition(condition: Condition) -> str:
    who = f", {condition.owner}" if condition.owner else ""
    when = f", by {condition.due:%Y-%m-%d}" if condition.due else ""
    return f"{condition.text} ({'met' if condition.met_at else 'open'}{who}{when})"


def _plan(scenario: Scenario, plan: Scenario | None) -> Row:
    """A scenario; its figures as they were when it was adopted, else it has none of its own."""
    outcome = scenario.outcome or {}
    replaced = "was the plan" if scenario.adopted_at else "scenario"
    return {
        "name": scenario.name,
        "standing": "the plan" if scenario == plan else replaced,
        "kept_by": str(scenario.created_by),
        "adopted_by": str(scenario.adopted_by or ""),
        "adopted_on": f"{scenario.adopted_at:%Y-%m-%d}" if scenario.adopted_at else "",
        "funded": len(outcome["funded"]) if outcome else None,
        "cost": outcome.get("spent"),
        "returns": outcome.get("returns"),
        "returns_p10": outcome.get("returns_p10"),
        "returns_p90": outcome.get("returns_p90"),
        "impact": outcome.get("impact"),
    }


def _exception(row: dict[str, Cell]) -> Row:
    return {
        "forced": "in" if row["in"] else "out",
        "why": _why(str(row["why"])),
        "asked_by": row["asked"],
        "return_given_up": row["gain"],
        "impact_given_up": row["impact"],
    }


def _named(plan: Scenario, pks: list[int]) -> dict[int, Row]:
    """The proposals by the names that they had in the run on which the plan was adopted."""
    rows = plan.run.results.filter(proposal__in=pks)
    return {
        pk: {"reference": reference, "title": title}
        for pk, reference, title in rows.values_list("proposal", "reference", "title")
    }


def _why(code: str) -> str:
    return str(Override(code).label) if code else ""
