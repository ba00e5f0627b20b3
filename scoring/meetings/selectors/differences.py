"""Where the panel differs, and where talking about it could change what is funded."""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from django.db.models import Avg, Count, Exists, F, FloatField, Max, Min, OuterRef, QuerySet
from django.db.models.functions import Abs

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.analysis.sensitivity import crossing_chance
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.framework.selectors import judged_criteria
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import current_run
from scoring.scorecards.models import Score, Scorecard
from scoring.scorecards.selectors.assignments import open_proposals
from scoring.scorecards.selectors.cards import latest, visible_to

NEAREST = 60  # proposals around the line: more than any meeting gets through


@dataclass(frozen=True, slots=True)
class Cell:
    """One question on one proposal, in points of 100.

    ``worth`` is the chance that settling it takes the proposal over the line; None without a run
    that the person may see, or where the proposal has no rank in it.
    """

    criterion: Criterion
    low: float
    high: float
    judges: int
    worth: float | None

    @property
    def gap(self) -> float:
        return self.high - self.low

    @property
    def step(self) -> int:
        """0 where all say the same, to 4 where they stand at both ends of the scale."""
        return min(4, -int(-self.gap // 25))


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal with a cell per judged criterion; None where nobody has scored it."""

    proposal: Proposal
    cells: list[Cell | None]

    @property
    def worst(self) -> tuple[float, float]:
        """What its most open question is worth, and how far apart the answers are."""
        known = [cell for cell in self.cells if cell is not None]
        return max((((cell.worth or 0.0), cell.gap) for cell in known), default=(0.0, 0.0))


class Answers(NamedTuple):
    """What the database says of one cell: points of 100, and the deviation of all answers."""

    low: float
    high: float
    judges: int
    deviation: float


@dataclass(frozen=True, slots=True)
class Differences:
    criteria: list[Criterion]
    rows: list[Row]
    total: int
    has_worth: bool

    @property
    def questions(self) -> list[tuple[Proposal, Cell]]:
        """Every question on which answers differ, first what talking could change most."""
        found = [
            (row.proposal, cell)
            for row in self.rows
            for cell in row.cells
            if cell is not None and cell.gap
        ]
        return sorted(found, key=lambda one: (-(one[1].worth or 0.0), -one[1].gap, one[0].pk))


def differences(user: User, version: FrameworkVersion) -> Differences:
    """How far apart the answers that count are, on open proposals that the person has judged.

    ``version`` needs its criteria; what is closed by recusal or by an own part is not in it. Of
    many proposals only the ones nearest to the line are looked at.
    """
    criteria, run = judged_criteria(version), current_run(user)
    judged = Scorecard.objects.filter(
        panelist=user, revision=OuterRef("submitted_revision"), status=Scorecard.Status.SUBMITTED
    )
    seen = open_proposals().filter(Exists(judged))
    line = _line(run) if run else None
    ranked = _nearest(run, line, seen) if run and line is not None else []
    shown = [result.proposal for result in ranked]
    shown += seen.exclude(pk__in=[row.pk for row in shown])[: NEAREST - len(shown)]
    answers = _answers(user, shown)
    found = [
        (proposal, criterion, answers.get((proposal.pk, criterion.key, criterion.scale_digest)))
        for proposal in shown
        for criterion in criteria
    ]
    worth = _worth(run, line, {row.proposal_id: row for row in ranked}, found)
    cells = [
        None if said is None else Cell(criterion, said.low, said.high, said.judges, chance)
        for (_, criterion, said), chance in zip(found, worth, strict=True)
    ]
    width = len(criteria)
    rows = [
        Row(proposal, cells[place * width : (place + 1) * width])
        for place, proposal in enumerate(shown)
    ]
    rows.sort(key=lambda row: row.worst, reverse=True)
    return Differences(criteria, rows, seen.count(), bool(ranked))


def _line(run: RankingRun) -> float | None:
    """Halfway between the last score that is funded and the first that is not."""
    scored = run.results.filter(score__isnull=False).order_by("position")
    out = scored.filter(line=RankedProposal.Line.OUTSIDE).first()
    if out is None or out.score is None:
        return None
    inside = scored.filter(line=RankedProposal.Line.INSIDE, position__lt=out.position).last()
    if inside is None or inside.score is None:
        return out.score
    return (out.score + inside.score) / 2


def _nearest(run: RankingRun, line: float, seen: QuerySet[Proposal]) -> list[RankedProposal]:
    results = run.results.filter(score__isnull=False, proposal__in=seen.order_by().values("pk"))
    return list(
        results.select_related("proposal__marketing_owner__team", "proposal__cx_owner__team")
        .annotate(distance=Abs(F("score") - line))
        .order_by("distance", "position")[:NEAREST]
    )


def _answers(user: User, proposals: list[Proposal]) -> dict[tuple[int, str, str], Answers]:
    """(proposal, criterion, scale) -> what counts of it."""
    cards = visible_to(user).filter(
        status=Scorecard.Status.SUBMITTED,
        revision=F("proposal__submitted_revision"),
        proposal__in=[proposal.pk for proposal in proposals],
    )
    rows = (
        Score.objects.filter(scorecard__in=latest(cards).values("pk"), level__isnull=False)
        .order_by()
        .values("scorecard__proposal", "criterion__key", "criterion__scale_digest")
        .annotate(
            low=Min("level__value"),
            high=Max("level__value"),
            judges=Count("pk"),
            mean=Avg("level__value", output_field=FloatField()),
            # SQLite has no deviation of its own, and one in Python is slow
            square=Avg(F("level__value") * F("level__value"), output_field=FloatField()),
        )
    )
    return {
        (row["scorecard__proposal"], row["criterion__key"], row["criterion__scale_digest"]): (
            Answers(
                float(row["low"]),
                float(row["high"]),
                row["judges"],
                sqrt(max(0.0, row["square"] - row["mean"] ** 2)),
            )
        )
        for row in rows
    }


def _worth(
    run: RankingRun | None,
    line: float | None,
    results: dict[int, RankedProposal],
    found: list[tuple[Proposal, Criterion, Answers | None]],
) -> list[float | None]:
    """By cell the chance to cross the line; None where there is no rank, or a single answer.

    The standard error of the panel's mean, in points of the score, against the way to the line. A
    score per cost moves as the value does, in the proportion of the two.
    """
    worth: list[float | None] = [None] * len(found)
    if run is None or line is None:
        return worth
    places = {item["key"]: place for place, item in enumerate(run.facts["criteria"])}
    known, scores, errors = list[int](), list[float](), list[float]()
    for at, (proposal, criterion, said) in enumerate(found):
        result, place = results.get(proposal.pk), places.get(criterion.key)
        if result is None or result.score is None or not result.value or place is None:
            continue
        if said is None or said.judges == 1:  # one answer says nothing of where others would lie
            continue
        share = result.contributions[place][0] / 100 / result.coverage
        error = said.deviation / sqrt(said.judges - 1) * share * result.score / result.value
        known.append(at)
        scores.append(result.score)
        errors.append(error)
    for at, chance in zip(known, crossing_chance(scores, line, errors).tolist(), strict=True):
        worth[at] = chance
    return worth
