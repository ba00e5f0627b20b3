"""Possible futures of a portfolio: how far ranks move, and how often each proposal is funded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring import matrix
from scoring.analysis import money, robustness, uncertainty
from scoring.analysis.value import total_order
from scoring.services.pipeline.portfolio import Floats, Portfolio

BLOCK = 1_000  # draws at a time: bounds memory and paces the progress bar
KEPT_BYTES = 256 * 1024 * 1024
Block = NDArray[np.float32]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Futures:
    """Per proposal (n,), NaN where it is not ranked: P10 and P90 of the rank, P(funded)."""

    rank_low: Floats
    rank_high: Floats
    p_funded: Floats


def imagine(portfolio: Portfolio, on_progress: Progress) -> Futures:
    """Draw every ranked proposal's score many times and count ranks and fundings."""
    ranked = np.flatnonzero(portfolio.complete)
    low, high, funded = (np.full(len(portfolio.score), np.nan) for _ in range(3))
    if len(ranked):
        places = _tie_places(portfolio, ranked)
        # Both counts read the same futures: keep them when they are small, else draw them twice.
        small = len(ranked) * portfolio.draws * 4 <= KEPT_BYTES
        kept = list(_blocks(portfolio, ranked)) if small else None

        def reported(stage: str, first: int, last: int) -> Iterator[Block]:
            done = 0
            for block in kept or _blocks(portfolio, ranked):
                yield block
                done += block.shape[1]
                on_progress(stage, first + (last - first) * done // portfolio.draws)

        bands = robustness.rank_bands(
            reported("Ranking possible futures", 40, 70), tie_order=places
        )
        low[ranked], high[ranked] = bands.p10, bands.p90
        funded[ranked] = robustness.p_funded(
            reported("Funding possible futures", 70, 95),
            portfolio.affordable[ranked],
            portfolio.budget,
            tie_order=places,
        )
    return Futures(rank_low=low, rank_high=high, p_funded=funded)


def _tie_places(portfolio: Portfolio, ranked: NDArray[np.intp]) -> NDArray[np.int64]:
    """Place of each ranked proposal among equals: lower cost, earlier submission, id."""
    order = total_order(
        np.zeros(len(ranked)),
        portfolio.cost[ranked],
        np.array([portfolio.proposals[row]["submitted_at"] for row in ranked]),
        np.array([portfolio.proposals[row]["id"] for row in ranked]),
    )
    places = np.empty(len(ranked), dtype=np.int64)
    places[order] = np.arange(len(ranked))
    return places


def _blocks(portfolio: Portfolio, ranked: NDArray[np.intp]) -> Iterable[Block]:
    """The scores of the ranked proposals, (n, up to BLOCK) at a time.

    In each future, money is drawn from its three-point ranges and each judged criterion from a
    normal distribution around the panel's mean with its standard error, cut off at the ends of
    the scale. What is measured or stated stays as it is.
    """
    computed: dict[int, uncertainty.ComputedDraws] = {}
    for place, column in enumerate(portfolio.columns):
        if column.source == "expected_roi":
            computed[place] = _roi_values(portfolio, column, ranked)
        elif column.source == "panel":
            computed[place] = _judged_values(portfolio, place, ranked)
    blocks = uncertainty.value_blocks(
        portfolio.values[ranked],
        portfolio.weights[ranked],
        draws=portfolio.draws,
        block=BLOCK,
        computed=computed,
    )
    if portfolio.cost_unit is None:
        return blocks
    divisor = (portfolio.cost[ranked] / portfolio.cost_unit).astype(np.float32)[:, None]
    return (block / divisor for block in blocks)


def _roi_values(
    portfolio: Portfolio, column: matrix.CriterionColumn, ranked: NDArray[np.intp]
) -> uncertainty.ComputedDraws:
    xs, ys = zip(*column.knots, strict=True)
    roi = money.roi_draws(portfolio.lines, seed=portfolio.seed)

    def draw(start: int, stop: int) -> Block:
        values: Block = np.interp(roi(start, stop)[ranked], xs, ys).astype(np.float32)
        return values

    return draw


def _judged_values(
    portfolio: Portfolio, place: int, ranked: NDArray[np.intp]
) -> uncertainty.ComputedDraws:
    judged, key = portfolio.judged, matrix.stream_key(portfolio.columns[place].key)
    count = np.maximum(judged.count[ranked, place], 1)
    return uncertainty.score_draws(
        portfolio.inputs[ranked, place],
        judged.spread[place] / np.sqrt(count),
        uncertainty.proposal_criterion_keys(portfolio.lines.key[ranked], key),
        portfolio.seed,
    )
