"""What came of forecasts so far, and what that teaches about the next ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils.text import Truncator

from projects.customers.models import CONFIDENCE, Evidence
from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.analysis import calibration
from scoring.analysis.calibration import ENOUGH_OUTCOMES, Foretold, HitRate
from scoring.analysis.evidence import reference_class
from scoring.backlog.selectors.backlog import terms_of
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import published_version, spec_of
from scoring.framework.services.versions import require_curator, save_draft, start_draft
from scoring.outcomes.services.expected import Progress, Sum
from scoring.ranking.models import RankedProposal

RECORD_PRIOR = 20.0  # a record of n outcomes counts n / (n + 20) against what is assumed
NAMES = {
    "cost_uplift": "costs run over by",
    "prior_roi": "return without evidence",
    "prior_spread": "spread of returns",
}
LONGEST = 300  # letters of what a draft says it changes
HARDLY = 0.3  # a rank correlation below this tells next to nothing


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Forecasts of one kind against what came: the share inside P10 to P90, and the median of
    actual over likely."""

    name: str
    inside: HitRate
    ratio: float | None

    @property
    def n(self) -> int:
        return self.inside.n

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH_OUTCOMES


@dataclass(frozen=True, slots=True)
class Lesson:
    """A number of the framework as it is assumed, and as ``n`` outcomes would have it."""

    key: str
    name: str
    assumed: float
    learned: float
    n: int

    @property
    def applies(self) -> bool:
        return self.n >= ENOUGH_OUTCOMES

    @property
    def is_share(self) -> bool:
        return self.key == "cost_uplift" or self.key in Evidence.values

    @property
    def changes(self) -> bool:
        return self.applies and self.learned != self.assumed


@dataclass(frozen=True, slots=True)
class Told:
    """Whether proposals that a criterion put higher came out better."""

    criterion: str
    found: Foretold

    @property
    def word(self) -> str:
        rho, low, high = self.found.rho, self.found.low, self.found.high
        if self.found.n < ENOUGH_OUTCOMES or rho is None or low is None or high is None:
            return "too few to say"
        if low > 0:
            return "told better from worse"
        if high < HARDLY:
            return "told nothing"
        return "not clear yet"


@dataclass(frozen=True, slots=True)
class Departure:
    """Greenlights for one coded reason that the ranking had outside the budget.

    ``cost`` and ``promised`` return as expected; ``came`` is the return that ``known`` of them are
    on course for.
    """

    why: str
    count: int
    cost: float
    promised: float
    came: float
    known: int


def departures(progress: Sequence[Progress]) -> list[Departure]:
    """By the reason that was chosen, the most money first."""
    groups: dict[str, list[Progress]] = {}
    for one in progress:
        if one.standing.decision.override_code:
            why = one.standing.decision.get_override_code_display()
            groups.setdefault(why, []).append(one)
    found = [
        Departure(
            why=why,
            count=len(group),
            cost=sum(_cost(one) for one in group),
            promised=sum((one.promised or 0.0) * _cost(one) for one in group),
            came=sum((one.on_course or 0.0) * _cost(one) for one in group),
            known=sum(one.on_course is not None for one in group),
        )
        for why, group in groups.items()
    ]
    return sorted(found, key=lambda row: -row.cost)


@dataclass(frozen=True, slots=True)
class Displaced:
    """What the ranking had inside the budget and nobody greenlit; its expected cost and return."""

    count: int
    cost: float
    returns: float


def displaced(progress: Sequence[Progress]) -> Displaced:
    """By the greenlights outside the ranking, in the runs that they were decided on."""
    departed = [one for one in progress if one.standing.decision.override_code]
    status = Proposal.Status
    left = Q(proposal__status__in=Proposal.SAID_NO) | Q(
        proposal__status=status.SUBMITTED, run__cycle__is_current=False
    )
    rows = RankedProposal.objects.filter(
        left, run__in={one.result.run_id for one in departed}, line=RankedProposal.Line.INSIDE
    )
    newest = {row.proposal_id: row for row in rows.order_by("run")}.values()
    return Displaced(
        count=len(newest),
        cost=sum(row.cost or 0.0 for row in newest),
        returns=sum((row.roi or 0.0) * (row.cost or 0.0) for row in newest),
    )


def departed_share(progress: Sequence[Progress]) -> float:
    """Of the expected cost of all that was greenlit; 0 where no cost is known."""
    every = sum(_cost(one) for one in progress)
    return sum(row.cost for row in departures(progress)) / every if every else 0.0


def _cost(one: Progress) -> float:
    return one.result.cost or 0.0


def accuracy(progress: Sequence[Progress]) -> list[Accuracy]:
    """Of what it cost and of what it brought, over everything that is over."""
    costs = [one.spent for one in progress if one.has_cost]
    return [_accuracy("Costs", costs), _accuracy("Benefits", _returns(progress))]


def accuracy_by(
    progress: Sequence[Progress], names: Callable[[Progress], Iterable[str]]
) -> list[Accuracy]:
    """Of what was brought, by what ``names`` gives of each, in the order of the names."""
    groups: dict[str, list[Progress]] = {}
    for one in progress:
        for name in names(one):
            groups.setdefault(name, []).append(one)
    found = [_accuracy(name, _returns(group)) for name, group in sorted(groups.items())]
    return [one for one in found if one.n]


def by_team(one: Progress) -> Iterable[str]:
    return {one.result.marketing_team, one.result.cx_team}


def by_evidence(one: Progress) -> Iterable[str]:
    return [Evidence(one.evidence).label] if one.evidence else []


def by_type(one: Progress) -> Iterable[str]:
    return [one.standing.proposal.category or "no type"]


def _returns(progress: Sequence[Progress]) -> list[Sum]:
    return [one.brought for one in progress if one.has_return]


def _accuracy(name: str, sums: Sequence[Sum]) -> Accuracy:
    """``sums`` whose actual is known."""
    rows = [(*one.bounds, one.likely, one.actual) for one in sums]
    low, high, likely, actual = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return Accuracy(
        name,
        calibration.hit_rate(low, high, actual),
        calibration.forecast_errors(likely, actual).median_ratio,
    )


def lessons(progress: Sequence[Progress], version: FrameworkVersion) -> list[Lesson]:
    """What the record would have the framework assume, where it says "believes evidence"."""
    costs = [one for one in progress if one.has_cost and one.estimate > 0]
    uplift = reference_class(
        [one.estimate for one in costs],
        np.array([one.spent.actual for one in costs], dtype=np.float64),
        0.5,
        fallback=float(version.cost_uplift),
    )
    rois = [one.on_course for one in progress if one.on_course is not None]
    return [
        _lesson(version, "cost_uplift", max(uplift, 0.0), len(costs), 3),
        _lesson(version, "prior_roi", _blend(version.prior_roi, rois, np.mean), len(rois), 2),
        _lesson(version, "prior_spread", _blend(version.prior_spread, rois, _spread), len(rois), 2),
    ]


def _lesson(version: FrameworkVersion, key: str, learned: float, n: int, decimals: int) -> Lesson:
    return Lesson(key, NAMES[key], float(getattr(version, key)), round(learned, decimals), n)


def _blend(assumed: Decimal, found: list[float], own: Callable[[list[float]], float]) -> float:
    n = len(found)
    if n < ENOUGH_OUTCOMES:
        return float(assumed)
    return float(assumed) + n / (n + RECORD_PRIOR) * (float(own(found)) - float(assumed))


def _spread(found: list[float]) -> float:
    return max(float(np.std(found, ddof=1)), 0.01)


def steps(progress: Sequence[Progress], version: FrameworkVersion) -> list[Lesson]:
    """What each kind of evidence has supported: 1 is all that was stated, 0 is nothing of it."""
    found = []
    for kind, assumed in CONFIDENCE.items():
        pairs = [
            (one.stated, one.on_course)
            for one in progress
            if one.evidence == kind and one.on_course is not None and one.stated is not None
        ]
        if pairs:
            stated, came = zip(*pairs, strict=True)
            refitted = calibration.refit_reliability(
                stated, came, float(version.prior_roi), float(assumed)
            )
            label = str(Evidence(kind).label)
            found.append(Lesson(kind, label, float(assumed), refitted.factor, refitted.n))
    return found


def told_by_criteria(progress: Sequence[Progress]) -> list[Told]:
    """Each criterion of the decisions against the return that came, by the criterion's name."""
    values: dict[str, list[tuple[float, float]]] = {}
    for one in progress:
        if one.on_course is None:
            continue
        for term in terms_of(one.result):
            if term.value is not None:
                values.setdefault(term.name, []).append((term.value, one.on_course))
    return [
        Told(name, calibration.foretold(*zip(*pairs, strict=True)))
        for name, pairs in sorted(values.items())
    ]


def draft_lessons(*, actor: User, progress: Sequence[Progress]) -> FrameworkVersion:
    """Put what outcomes teach into the draft of the framework, for the panel to vote on.

    What else the draft changes stays. Errors: Conflict where nothing would change, or the panel
    votes on the draft.
    """
    require_curator(actor)
    with transaction.atomic():
        in_force = published_version()
        taught = lessons(progress, in_force) if in_force else []
        draft = start_draft(actor=actor)
        spec = spec_of(draft)
        new = [
            lesson
            for lesson in taught
            if lesson.changes and float(spec["parameters"][lesson.key]) != lesson.learned
        ]
        if not new:
            raise Conflict("There is nothing to draft: too few outcomes, or it is there already.")
        for lesson in new:
            spec["parameters"][lesson.key] = str(lesson.learned)
        said = "; ".join(
            f"{lesson.name} {lesson.assumed:g} to {lesson.learned:g} ({lesson.n} outcomes)"
            for lesson in new
        )
        summary = f"{spec['summary']} What outcomes teach: {said}.".strip()
        spec["summary"] = Truncator(summary).chars(LONGEST)
        return save_draft(actor=actor, version=draft, spec=spec, expected_version=draft.version)
