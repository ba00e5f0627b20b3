"""The decision engine: ranking, SMAA, Monte Carlo, portfolio, frontier."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from bench import peers
from bench.table import Contender, compare, growth
from scoring.analysis.money import MoneyLines, simulate
from scoring.analysis.portfolio import Choice, choose, frontier
from scoring.analysis.robustness import p_funded, rank_bands
from scoring.analysis.uncertainty import block_makers, uniform_weights
from scoring.analysis.value import additive_value, competition_rank, total_order

CRITERIA = 12
DRAWS = 10_000
THREADS = 2


def main() -> None:
    ranking()
    smaa()
    money()
    portfolio()
    efficient_frontier()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of this process: {peak:,.0f} MiB")


def scores(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    return rng.uniform(1, 100, (n, CRITERIA)), rng.dirichlet(np.ones(CRITERIA))


def ranking() -> None:
    n = 10_000
    values, weights = scores(n)
    columns = np.ascontiguousarray(values.T.astype(np.float32))
    share = weights.astype(np.float32)

    def plain() -> object:
        normal = values / values.max(axis=0)
        total = normal @ weights
        return np.argsort(-total, kind="stable")

    def exact() -> object:
        value = additive_value(values, weights).value
        return total_order(value, np.arange(n)), competition_rank(value)

    compare(
        f"Rank {n:,} x {CRITERIA}",
        [
            Contender("floor: float32 matmul + argsort", lambda: np.argsort(-(share @ columns))),
            Contender("ours, exact with terms, order and ranks", exact),
            Contender("plain NumPy", plain),
            *peers.weighted_sums(values, weights),
        ],
    )

    def whole(size: int) -> Any:
        table, share_of = scores(size)
        return lambda: total_order(additive_value(table, share_of).value)

    sizes = [100, 1_000, 10_000, 100_000]
    growth(f"Growth: exact value and order of n x {CRITERIA}", sizes, whole)


def plain_tallies(values: Any, stored: Any) -> tuple[Any, Any, Any]:
    """Ranks counted with NumPy alone: a floor, in blocks, and draw by draw."""
    n, small = len(values), values.astype(np.float32)

    def floor_part(part: int) -> Any:
        rows = slice(part * 500, (part + 1) * 500)
        np.sort(stored[rows] @ small.T, axis=1)
        return np.bincount(tallied, minlength=n)

    tallied = np.random.default_rng(2).integers(0, n, 500 * n)

    def floor() -> object:
        with ThreadPoolExecutor(THREADS) as pool:
            return sum(pool.map(floor_part, range(DRAWS // 500)))

    def chunked() -> object:
        counts = np.zeros(n * n, dtype=np.int64)
        for start in range(0, DRAWS, 500):
            order = np.argsort(-(stored[start : start + 500] @ small.T), axis=1)
            place = np.broadcast_to(np.arange(n) * n, order.shape)
            counts += np.bincount((order + place).ravel(), minlength=n * n)
        return counts

    def loop() -> object:
        counts = np.zeros((n, n), dtype=np.int64)
        for weight in stored:
            counts[np.arange(n), np.argsort(-(values @ weight))] += 1
        return counts

    return floor, chunked, loop


def smaa() -> None:
    n = 1_000
    values, _ = scores(n)
    ties = np.arange(n)
    keys = np.arange(CRITERIA, dtype=np.uint64)
    drawn = uniform_weights(keys, 1)
    cost = np.random.default_rng(1).uniform(1, 10, n)

    floor, chunked, loop = plain_tallies(values, drawn(0, DRAWS))

    def blocks() -> list[Any]:
        return list(block_makers(values, drawn, draws=DRAWS))

    compare(
        f"SMAA {n:,} x {CRITERIA} x {DRAWS:,}",
        [
            Contender(f"floor: matmul, value sort, tally, {THREADS} threads", floor),
            Contender(
                "ours, draws + rank bands + P(top k)",
                lambda: rank_bands(blocks(), tie_order=ties, threads=THREADS).p_top(50),
            ),
            Contender(
                "ours, P(funded) on the same draws",
                lambda: p_funded(blocks(), cost, 900.0, tie_order=ties, threads=THREADS),
            ),
            Contender("NumPy: chunked argsort + bincount", chunked),
            Contender("a loop over draws", loop, slow=True),
        ],
    )

    def bands(draws: int) -> Any:
        return lambda: rank_bands(
            block_makers(values, drawn, draws=draws), tie_order=ties, threads=THREADS
        )

    growth(f"Growth: rank bands of {n:,} by draws", [1_000, 10_000, 40_000], bands)


def book(n: int, lines: int = 8) -> MoneyLines:
    rng = np.random.default_rng(0)
    k = n * lines
    low = rng.uniform(10, 100, k)
    likely = low * rng.uniform(1, 2, k)
    return MoneyLines(
        low=low,
        likely=likely,
        high=likely * rng.uniform(1, 2, k),
        factor=np.full(k, 1.5),
        is_cost=np.arange(k) % lines < 2,
        proposal=np.repeat(np.arange(n), lines),
        key=np.arange(n, dtype=np.uint64),
        line_key=np.tile(np.arange(lines, dtype=np.uint64), n),
    )


def plain_draws(lines: MoneyLines, n: int) -> tuple[Any, Any, Any]:
    """The same sums drawn with NumPy alone: a floor, its triangular and its beta distribution."""
    low, likely, high = (
        part.reshape(n, 8).astype(np.float32) for part in (lines.low, lines.likely, lines.high)
    )
    rng = np.random.default_rng(0)

    def figures(cost: Any, gain: Any) -> object:
        return np.partition(gain / cost - 1, (1000, 5000, 9000))

    def floor() -> None:
        for i in range(n):
            u = rng.random((8, DRAWS), dtype=np.float32)
            span = (high[i] - low[i])[:, None]
            cut = ((likely[i] - low[i]) / (high[i] - low[i]))[:, None]
            below = np.sqrt(u * cut)
            x = low[i][:, None] + span * np.where(u < cut, below, 1 - np.sqrt((1 - u) * (1 - cut)))
            figures(x[:2].sum(axis=0), x[2:].sum(axis=0))

    def triangular() -> None:
        for i in range(n):
            x = rng.triangular(low[i], likely[i], high[i], (DRAWS, 8))
            figures(x[:, :2].sum(axis=1), x[:, 2:].sum(axis=1))

    def beta() -> None:
        for i in range(n):
            span = high[i] - low[i]
            a = 1 + 4 * (likely[i] - low[i]) / span
            x = low[i] + span * rng.beta(a, 6 - a, (DRAWS, 8))
            figures(x[:, :2].sum(axis=1), x[:, 2:].sum(axis=1))

    return floor, triangular, beta


def money() -> None:
    n = 500
    lines = book(n)
    floor, triangular, beta = plain_draws(lines, n)
    enough = accuracy()
    medians = compare(
        f"ROI of {n:,} proposals, 8 three-point lines, {DRAWS:,} draws",
        [
            Contender("floor: float32 triangular, partition", floor),
            Contender(
                f"ours, {enough:,} draws: as accurate, 1 thread",
                lambda: simulate(lines, seed=1, draws=enough),
            ),
            Contender(
                f"ours, {enough:,} draws: as accurate, {THREADS} threads",
                lambda: simulate(lines, seed=1, draws=enough, threads=THREADS),
            ),
            Contender("ours, PERT, all figures, 1 thread", lambda: simulate(lines, seed=1)),
            Contender(f"ours, {THREADS} threads", lambda: simulate(lines, seed=1, threads=THREADS)),
            Contender("Generator.triangular", triangular, slow=True),
            Contender("Generator.beta (PERT)", beta, slow=True),
        ],
        rounds=3,
    )
    for name, taken in medians.items():
        print(f"  {name:<44} {taken / n / DRAWS * 1e9:>11.1f} ns per proposal and draw")

    def grow(size: int) -> Any:
        some = book(size)
        return lambda: simulate(some, seed=1)

    growth(f"Growth: ROI of n proposals, {DRAWS:,} draws", [10, 100, 1_000], grow)


def quantiles(roi: Any) -> Any:
    return np.percentile(roi, (10, 50, 90), axis=0)


def random_roi(lines: MoneyLines, draws: int, seed: int) -> Any:
    """ROI of plain random PERT draws, (draws, proposals)."""
    rng, n = np.random.default_rng(seed), len(lines.key)
    span = lines.high - lines.low
    shape = 1 + 4 * (lines.likely - lines.low) / span
    x = (lines.low + span * rng.beta(shape, 6 - shape, (draws, len(span)))).reshape(draws, n, 8)
    return x[:, :, 2:].sum(axis=2) / x[:, :, :2].sum(axis=2) - 1


def accuracy() -> int:
    """The fewest draws of ours whose P10, P50 and P90 err no more than 10,000 random draws do.

    The error is the root mean square distance of the three quantiles from those of a million
    random draws, over proposals and seeds.
    """
    lines, seeds = book(8), range(12)
    exact = quantiles(np.concatenate([random_roi(lines, 50_000, 100 + i) for i in range(20)]))

    def error(found: list[Any]) -> float:
        return float(np.sqrt(np.mean((np.array(found) - exact) ** 2)))

    plain = error([quantiles(random_roi(lines, DRAWS, seed)) for seed in seeds])
    print("\nRMS error of P10, P50, P90 of ROI against 1,000,000 random draws")
    print(f"  {DRAWS:>9,} random draws {plain:>24.5f}")
    enough = DRAWS
    for draws in (DRAWS, 8_192, 6_144, 5_120, 4_096):
        ours = [simulate(lines, seed=seed, draws=draws) for seed in seeds]
        moved = error([[r.roi_p10.data, r.roi_p50.data, r.roi_p90.data] for r in ours])
        print(f"  {draws:>9,} draws of ours {moved:>23.5f} {moved / plain:>8.2f} x")
        enough = draws if moved <= plain else enough
    return enough


def problem(n: int, budgets: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    value, cost = rng.lognormal(3, 1, n), rng.lognormal(2, 1, (n, budgets))
    return value, cost, cost.sum(axis=0) * 0.3


def cold(value: Any, cost: Any, budget: Any, gap: float) -> Any:
    return milp(
        -value,
        integrality=np.ones(len(value), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(cost.T, ub=budget),
        options={"mip_rel_gap": gap, "time_limit": 20},
    )


def portfolio() -> None:
    n, gap = 10_000, 1e-4
    value, cost, budget = problem(n, 3)
    found = choose(value, cost, budget, gap=gap)
    assert isinstance(found, Choice)
    rows = [
        Contender(
            "floor: linear relaxation",
            lambda: linprog(-value, A_ub=cost.T, b_ub=budget, bounds=(0, 1), method="highs"),
        ),
        Contender(
            "ours, certified", lambda: choose(value, cost, budget, gap=gap),
            note=f"gap {found.gap:.1e}",
        ),
        Contender("HiGHS alone", lambda: cold(value, cost, budget, gap), slow=True),
    ]  # fmt: skip
    other = peers.cbc(value, cost, budget, gap)
    if other:
        rows.append(Contender("PuLP with CBC", other, slow=True))
    compare(f"Choose among {n:,}, 3 budgets, gap {gap:g}", rows, rounds=3)

    def grow(size: int) -> Any:
        data = problem(size, 3)
        return lambda: choose(*data, gap=gap)

    growth("Growth: choose among n, 3 budgets", [3_000, 10_000, 30_000], grow)


def efficient_frontier() -> None:
    n, steps, gap = 1_000, 30, 1e-3
    value, cost, budget = problem(n, 1)
    impact = np.random.default_rng(5).lognormal(3, 1, n)
    points = frontier(value, impact, cost, budget, steps=steps, gap=gap)
    assert isinstance(points, tuple)
    floors = np.linspace(points[0].impact, points[-1].impact, steps)

    def one_by_one() -> None:
        for least in floors:
            cold(value, np.c_[cost, -impact], np.r_[budget, -least], gap)

    worst = max(point.gap for point in points)
    compare(
        f"Frontier of {steps} points, {n:,} proposals, gap {gap:g}",
        [
            Contender("floor: cold serial HiGHS", one_by_one, slow=True),
            Contender(
                "ours", lambda: frontier(value, impact, cost, budget, steps=steps, gap=gap),
                slow=True, note=f"largest gap {worst:.1e}",
            ),
        ],
    )  # fmt: skip
