"""What a draft would move on today's backlog, before anybody publishes it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from projects.proposals.models.proposals import Proposal
from scoring.analysis.arrays import ROUNDING, Floats
from scoring.analysis.evidence import shrink
from scoring.analysis.value import additive_value, competition_rank, piecewise_linear
from scoring.forecast import matrix, returns
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import spec_of
from scoring.framework.services.writing import RETURNS
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.snapshot import load_proposals
from scoring.what_if.services.base import base_of

Line = RankedProposal.Line


@dataclass(frozen=True, slots=True)
class Move:
    """One proposal under the draft. ``rank`` None: too little of the draft is scored."""

    result: RankedProposal
    rank: int | None
    value: float | None

    @property
    def by(self) -> int | None:
        """Places gained (positive) or lost."""
        if self.rank is None or self.result.rank is None:
            return None
        return self.result.rank - self.rank


def preview_draft(draft: FrameworkVersion, run: RankingRun) -> list[Move]:
    """Every proposal of ``run`` with its rank under ``draft``, biggest moves first.

    Uses the values of the run for criteria that the draft keeps; a new criterion has no scores
    yet and counts as missing. Changed scales show once the panel has scored on them.
    """
    results = list(
        RankedProposal.objects.filter(run=run).select_related("proposal").order_by("position")
    )
    if not results:
        return []
    spec = spec_of(draft)
    values = _values(draft, run, results, spec)
    weights = matrix.weight_rows(
        spec, [{"category": result.proposal.category} for result in results]
    )
    summed = additive_value(values, weights)
    enough = summed.coverage >= float(draft.coverage_limit) - 1e-9
    value = np.where(enough, summed.value.filled(np.nan), np.nan)
    if draft.cost_unit is not None:
        cost = np.array([np.nan if row.cost is None else row.cost for row in results])
        value = np.divide(
            value, cost / float(draft.cost_unit), out=np.full(len(results), np.nan), where=cost > 0
        )
    ranks = competition_rank(value)
    moves = [
        Move(
            result=result,
            rank=None if np.isnan(value[place]) else int(ranks[place]),
            value=None if np.isnan(value[place]) else float(value[place]),
        )
        for place, result in enumerate(results)
    ]
    return sorted(moves, key=lambda move: (-abs(move.by or 0), move.result.position))


def _values(
    draft: FrameworkVersion,
    run: RankingRun,
    results: list[RankedProposal],
    spec: dict[str, Any],
) -> Floats:
    """What the draft's criteria are worth (n, m), NaN where the run does not know them.

    Read from the stored results. Only a draft that corrects for mild and strict panelists otherwise
    than the run did needs the scores, which take seconds to unpack where there are many.
    """
    known = {item["key"]: place for place, item in enumerate(run.facts["criteria"])}
    keys = [column.key for column in matrix.criterion_columns(spec)]
    values = np.full((len(results), len(keys)), np.nan)
    for place, key in enumerate(keys):
        if key in known:
            stored = [result.contributions[known[key]][2] for result in results]
            values[:, place] = np.array(stored, dtype=np.float64)  # None becomes NaN
    if draft.corrects_severity != run.framework_version.corrects_severity:
        base = base_of(run)
        means = matrix.panel_means(
            base.score_cell,
            base.score_value,
            base.score_rater,
            (len(base.proposals), len(base.columns)),
            corrected=draft.corrects_severity,
        )
        for column, mean in zip(base.columns, means.T, strict=True):
            if column.source == "panel" and column.key in keys:
                values[:, keys.index(column.key)] = mean
    if _of_returns(draft) != _of_returns(run.framework_version):
        returns = _returns(run, results, spec)
        for place, column in enumerate(matrix.criterion_columns(spec)):
            if column.source == "expected_roi" and column.key in known:
                values[:, place] = piecewise_linear(returns, column.knots).filled(np.nan)
    return values


def _of_returns(version: FrameworkVersion) -> tuple[Any, ...]:
    return tuple(getattr(version, name) for name in RETURNS)


def _returns(run: RankingRun, results: list[RankedProposal], spec: dict[str, Any]) -> Floats:
    """ROI (n,) as the draft believes the returns that the run states; NaN where there is none."""
    inputs = load_proposals(run)
    snapshot = {"date": str(run.created_at.date())} | inputs | {"framework": spec}
    ruled = inputs["framework"]["parameters"]
    lines = returns.money_lines(inputs["proposals"], ruled)
    belief = returns.belief_of(snapshot, lines)
    stated = [row.roi if row.believed is None else row.stated_roi for row in results]
    believed = np.array(stated, dtype=np.float64)  # None becomes NaN
    # All costs grow alike, so the return over cost falls by as much.
    grown = (1 + returns.cost_uplift(spec["parameters"])) / (1 + returns.cost_uplift(ruled))
    believed = (1 + believed) / grown - 1
    if belief is None:
        return believed
    place = {item["id"]: row for row, item in enumerate(inputs["proposals"])}
    k = belief.k[[place[row.proposal_id] for row in results]]
    there = ~np.isnan(believed)
    believed[there] = shrink(believed[there], k[there], belief.prior)
    return believed


@dataclass(frozen=True, slots=True)
class Favoured:
    """How many places the ranked proposals of a team would rise on average; below 0: fall."""

    team: str
    places: float
    proposals: int


def favoured(moves: list[Move]) -> list[Favoured]:
    """The teams that a draft would move, the greatest winner first.

    A proposal belongs to a Marketing and to a CX team alike, so it counts for both; what has no
    rank before or after counts for none.
    """
    rises: dict[str, list[int]] = {}
    for move in moves:
        if move.by is not None:
            for team in (move.result.marketing_team, move.result.cx_team):
                rises.setdefault(team, []).append(move.by)
    found = [Favoured(team, sum(rose) / len(rose), len(rose)) for team, rose in rises.items()]
    moved = [row for row in found if row.places]
    return sorted(moved, key=lambda row: (-row.places, row.team))


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A decided proposal that would have been on the other side of its run's budget line."""

    result: RankedProposal
    inside: bool  # under the draft


def decided_otherwise(moves: list[Move], run: RankingRun) -> list[Otherwise]:
    """What was decided along the line of ``run`` and would not have been along the draft's.

    The line goes down the list under the draft, of equals the cheaper first, and what still fits
    the budget is inside. Decisions against the line of their own run do not show: the draft would
    not have made them.
    """
    left, inside = float(run.facts["budget"]) * (1 + ROUNDING), set[int]()
    ranked = [move for move in moves if move.rank is not None]
    for move in sorted(ranked, key=lambda move: (move.rank, move.result.cost or 0.0)):
        cost = move.result.cost
        if cost is not None and cost <= left:
            left -= cost
            inside.add(move.result.proposal_id)
    found = []
    for move in ranked:
        proposal, was_inside = move.result.proposal, move.result.line == Line.INSIDE
        agreed = proposal.status in (Proposal.SAID_YES if was_inside else Proposal.SAID_NO)
        is_inside = move.result.proposal_id in inside
        if agreed and is_inside != was_inside:
            found.append(Otherwise(move.result, is_inside))
    return sorted(found, key=lambda row: row.result.position)
