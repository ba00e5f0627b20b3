"""Possible futures of a portfolio: how far ranks move, and how often each proposal is funded."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scoring.analysis import robustness, uncertainty
from scoring.analysis.value import total_order
from scoring.forecast import matrix
from scoring.ranking.services.pipeline.portfolio import Portfolio
from scoring.ranking.services.pipeline.settled import Floats, Ints

BLOCK = 2_048  # draws at a time, half as many of a large portfolio: bounds the memory
LARGE = 4_000  # proposals
THREADS = min(4, os.cpu_count() or 1)  # the bytes are the same with any number
TOP = 10  # P(among the best 10)
TOLD_APART_DRAWS = 1_000  # futures in which neighbours are compared: +-.016 at one half
Block = NDArray[np.float32]
Rows = NDArray[np.intp]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Futures:
    """Per proposal (n,), NaN where it is not ranked: P10 and P90 of the rank, P(best k), P(funded).

    ``top`` is k. ``sample`` (n, draws) holds the scores in some of the futures, 0 where not ranked.
    """

    rank_low: Floats
    rank_high: Floats
    p_top: Floats
    p_funded: Floats
    top: int
    sample: Block


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of a portfolio, to be made: blocks of the scores of the ``ranked`` proposals.

    ``places`` (n,) of the ranked ones among equals; ``makers`` make (n, up to BLOCK) each.
    """

    ranked: Rows
    places: Ints
    makers: list[Callable[[], Block]]


# Decides who makes the draws, and gives them block by block, in whatever order.
Share = Callable[[Draws], Iterable[robustness.Block]]


def alone(draws: Draws) -> Iterable[robustness.Block]:
    """Make all the draws here."""
    return draws.makers


def draws_of(portfolio: Portfolio, roi: uncertainty.ComputedDraws) -> Draws:
    """The draws to be made, given the draws of the ROI of all proposals."""
    ranked = np.flatnonzero(portfolio.complete)
    if not len(ranked):
        return Draws(ranked, np.zeros(0, dtype=np.int64), [])
    return Draws(ranked, _tie_places(portfolio, ranked), _blocks(portfolio, ranked, roi))


def imagine(
    portfolio: Portfolio,
    roi: uncertainty.ComputedDraws,
    on_progress: Progress,
    share: Share = alone,
) -> Futures:
    """Draw every ranked proposal's score many times and count ranks and fundings."""
    draws = draws_of(portfolio, roi)
    ranked, makers = draws.ranked, draws.makers
    n, top = len(portfolio.score), min(TOP, len(ranked))
    low, high, best, funded = (np.full(n, np.nan) for _ in range(4))
    sample = np.zeros((n, min(TOLD_APART_DRAWS, portfolio.draws)), dtype=np.float32)
    if makers:
        first = makers[0]()
        sample[ranked] = first[:, : sample.shape[1]]
        makers[0] = lambda: first

        def reported() -> Iterator[robustness.Block]:
            for place, block in enumerate(share(draws)):
                on_progress("Ranking possible futures", 40 + 55 * place // len(makers))
                yield block

        bands, chances = robustness.rank_and_fund(
            reported(),
            portfolio.affordable[ranked],
            portfolio.budget,
            tie_order=draws.places,
            threads=THREADS,
        )
        low[ranked], high[ranked], best[ranked] = bands.p10, bands.p90, bands.p_top(top)
        funded[ranked] = chances
    return Futures(
        rank_low=low, rank_high=high, p_top=best, p_funded=funded, top=top, sample=sample
    )


def _tie_places(portfolio: Portfolio, ranked: Rows) -> Ints:
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


def _blocks(
    portfolio: Portfolio, ranked: Rows, roi: uncertainty.ComputedDraws
) -> list[Callable[[], Block]]:
    """Makers of the scores of the ranked proposals, (n, up to ``BLOCK``) at a time.

    In each future, money is drawn from its three-point ranges, each judged criterion from a
    normal distribution around the panel's mean with its standard error, cut off at the ends of
    the scale, and the weights around the framework's. What is measured or stated stays as it is.
    Proposals under one weight profile share the drawn weights.
    """
    profiles, member = np.unique(portfolio.weights[ranked], axis=0, return_inverse=True)
    groups = [np.flatnonzero(member == place) for place in range(len(profiles))]
    parts = [
        _values(portfolio, ranked[group], profile, roi)
        for group, profile in zip(groups, profiles, strict=True)
    ]
    divisor = None
    if portfolio.cost_unit is not None:
        divisor = (portfolio.cost[ranked] / portfolio.cost_unit).astype(np.float32)[:, None]

    def make(makers: tuple[Callable[[], Block], ...]) -> Block:
        blocks = [maker() for maker in makers]
        together = blocks[0]
        if len(blocks) > 1:
            together = np.empty((len(ranked), blocks[0].shape[1]), dtype=np.float32)
            for group, block in zip(groups, blocks, strict=True):
                together[group] = block
        if divisor is not None:
            together /= divisor
        return together

    return [partial(make, makers) for makers in zip(*parts, strict=True)]


def _values(
    portfolio: Portfolio, rows: Rows, profile: Floats, roi: uncertainty.ComputedDraws
) -> list[Callable[[], Block]]:
    """Makers of the values of ``rows``, which all stand under the weights ``profile`` (m,)."""
    computed: dict[int, uncertainty.ComputedDraws] = {}
    for place, column in enumerate(portfolio.columns):
        if column.source == "expected_roi":
            computed[place] = _roi_values(column, rows, roi)
        elif column.source == "panel":
            computed[place] = _judged_values(portfolio, place, rows)
    return uncertainty.block_makers(
        portfolio.values[rows],
        _weights(portfolio, profile),
        draws=portfolio.draws,
        block=BLOCK if len(portfolio.score) <= LARGE else BLOCK // 2,
        computed=computed,
    )


def _weights(portfolio: Portfolio, profile: Floats) -> Floats | uncertainty.WeightDraws:
    """Weights around ``profile``, as far apart as the framework says; or just the profile."""
    if portfolio.weight_spread == 0:
        return profile
    strength = uncertainty.strength_of(portfolio.weight_spread)
    keys = np.array([matrix.stream_key(column.key) for column in portfolio.columns], np.uint64)
    return uncertainty.panel_weights(profile, strength, keys, portfolio.seed)


def _roi_values(
    column: matrix.CriterionColumn, rows: Rows, roi: uncertainty.ComputedDraws
) -> uncertainty.ComputedDraws:
    xs, ys = zip(*column.knots, strict=True)

    def draw(start: int, stop: int) -> Block:
        drawn, values = roi(start, stop), np.empty((len(rows), stop - start), dtype=np.float32)
        for place, row in enumerate(rows):
            values[place] = np.interp(drawn[row], xs, ys)
        return values

    return draw


def _judged_values(portfolio: Portfolio, place: int, rows: Rows) -> uncertainty.ComputedDraws:
    judged, key = portfolio.judged, matrix.stream_key(portfolio.columns[place].key)
    count = np.maximum(judged.count[rows, place], 1)
    return uncertainty.score_draws(
        portfolio.inputs[rows, place],
        judged.spread[place] / np.sqrt(count),
        uncertainty.proposal_criterion_keys(portfolio.lines.key[rows], key),
        portfolio.seed,
    )
