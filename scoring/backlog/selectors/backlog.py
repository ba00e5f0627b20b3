"""The one backlog: the current run's results in their order. Pages, API and exports read this.

Ranks are stored with the run, so a filter or a page never renumbers anything.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean
from typing import Any

from django.core.cache import caches
from django.db.models import Q, QuerySet

from projects.customers.models import Segment
from projects.people.models import User
from scoring.forecast.matrix import corrects_severity
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import run_before

# P(funded) in words (docs/method): funded in nine of ten futures, or in less than one of ten.
SAFE, NEAR = 0.9, 0.1
# A list shows where a proposal stands today, not what is written in it.
LONG_TEXTS = [
    f"proposal__{name}" for name in ("problem", "customer_job", "marketing_part", "cx_part")
]
KEPT, MINUTE = 86_400, 60  # seconds; what a sealed run says does not change, a register may


def results_of(run: RankingRun | int) -> QuerySet[RankedProposal]:
    """The run's results in list order. Whether the run is open to a person was asked before."""
    results = RankedProposal.objects.filter(run=run)
    return results.select_related("proposal").defer(*LONG_TEXTS).order_by("position")


@dataclass(frozen=True, slots=True)
class CutLine:
    """Where the budget ends.

    ``first_out`` is the position of the first complete proposal that no longer fits, None when
    everything fits; proposals below it may still fit in what is left.
    """

    budget: Decimal
    spent: Decimal
    inside: int
    first_out: int | None

    @property
    def left(self) -> Decimal:
        return self.budget - self.spent


def cut_line(run: RankingRun) -> CutLine:
    return CutLine(
        budget=Decimal(run.facts["budget"]),
        spent=Decimal(run.facts["inside_cost"]),
        inside=run.facts["inside"],
        first_out=run.facts["first_out"],
    )


@dataclass(frozen=True, slots=True)
class NextIn:
    """The first proposal that the budget does not reach, and what would bring it in.

    ``more`` is the money that is missing at its place in the list; with just so much, those that
    fit further down would no longer: ``instead`` are their ranks.
    """

    rank: int
    more: float
    instead: list[int]

    @classmethod
    def of(cls, rank: int, cost: float, left: float, below: list[tuple[int, float]]) -> "NextIn":
        """``left`` of the budget, and rank and cost of those further down that fit into it."""
        left += sum(price for _, price in below)
        return cls(rank, cost - left, [place for place, price in below if price])


def next_in(run: RankingRun) -> NextIn | None:
    """None where everything fits, or the cost of the first that does not is not stated."""
    first = run.facts["first_out"]
    if first is None:
        return None
    key = f"next-in-{run.result_digest}"
    rows = caches["lines"].get(key)
    if rows is None:
        there = Q(position=first) | Q(position__gt=first, line=RankedProposal.Line.INSIDE)
        found = RankedProposal.objects.filter(there, run=run).order_by("position")
        rows = list(found.values_list("rank", "cost"))
        caches["lines"].set(key, rows, KEPT)
    (rank, cost), *below = rows
    if cost is None:
        return None
    left = float(cut_line(run).left)
    return NextIn.of(rank, cost, left, below)


def segments_of(run: RankingRun) -> list[str]:
    """The segments that can be asked for, in their order; read at most once a minute."""
    found = Segment.objects.values_list("name", flat=True)
    return (
        caches["lines"].get_or_set(f"segments-{run.result_digest}", lambda: list(found), MINUTE)
        or []
    )


def results_before(run: RankingRun, user: User | None) -> QuerySet[RankedProposal]:
    """The results of the finished run that ``run`` replaced as the backlog of its cycle."""
    return RankedProposal.objects.filter(run=run_before(run, user).values("pk"))


@dataclass(frozen=True, slots=True)
class Change:
    """What one criterion adds to the change of a value between two runs; None took no part."""

    name: str
    before: float | None
    now: float | None

    @property
    def by(self) -> float:
        return (self.now or 0.0) - (self.before or 0.0)


def changes_between(before: RankedProposal, now: RankedProposal) -> list[Change]:
    """The change of the value, criterion by criterion; the parts sum to it exactly."""
    then = {term.key: term for term in terms_of(before)}
    today = {term.key: term for term in terms_of(now)}
    keys = [*today, *(key for key in then if key not in today)]
    return [
        Change(
            name=(today.get(key) or then[key]).name,
            before=then[key].contribution if key in then else None,
            now=today[key].contribution if key in today else None,
        )
        for key in keys
    ]


def certainty(p_funded: float | None) -> str:
    """The word for P(funded)."""
    if p_funded is None:
        return ""
    if p_funded >= SAFE:
        return "safe"
    return "near the line" if p_funded >= NEAR else "out"


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the sum behind a value; None is missing.

    ``weight`` is per cent of the whole framework; ``counted`` is per cent of what is scored, so
    that contribution = counted x value / 100.
    """

    key: str
    name: str
    dimension: str
    source: str
    weight: float
    counted: float | None
    input: float | None
    value: float | None
    contribution: float | None
    scores: int
    mean: float | None = None  # of the panel, where the input is that mean corrected


def dimensions_of(run: RankingRun) -> list[str]:
    """Their names in the order of the framework, which gives each its colour."""
    return list(dict.fromkeys(item["dimension"] for item in run.facts["criteria"]))


def with_means(terms: list[Term], snapshot: dict[str, Any], proposal: int) -> list[Term]:
    """The terms with the panel's plain means beside what mild and strict judges were corrected to.

    ``snapshot`` is the run's, or the part of it with this proposal.
    """
    if not corrects_severity(snapshot["framework"]):
        return terms
    given = defaultdict(list)
    for pk, key, _, value in snapshot["scores"]:
        if pk == proposal:
            given[key].append(float(value))
    return [
        replace(term, mean=fmean(given[term.key])) if term.key in given else term for term in terms
    ]


def terms_of(result: RankedProposal) -> list[Term]:
    """The sum behind ``result.value``, with the criteria's names from the run's facts."""
    return [
        Term(
            key=criterion["key"],
            name=criterion["name"],
            dimension=criterion["dimension"],
            source=criterion["source"],
            weight=weight,
            counted=None if value is None else weight / result.coverage,
            input=given,
            value=value,
            contribution=contribution,
            scores=scores,
        )
        for criterion, (weight, given, value, contribution, scores) in zip(
            result.run.facts["criteria"], result.contributions, strict=True
        )
    ]
