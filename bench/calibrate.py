"""``make calibrate``: what the best of a portfolio promise, and what they bring.

Portfolios of known truth, drawn anew: the true return of a proposal comes from its class, the
stated one is off by as much as its evidence leaves open, and the outcome lies around the truth as
the stated range says. The best by stated and by believed return are funded; the engine that a run
uses says what they promise.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.analysis.evidence import RELIABILITY
from scoring.analysis.money import Belief, MoneyLines, simulate

Floats = NDArray[np.float64]
PROPOSALS, FUNDED, DRAWS, COST, HALF_RANGE = 40, 10, 4_096, 100.0, 60.0
PRIOR, SPREAD = 0.0, 0.8
BINS = 10


@dataclass
class Tally:
    """Sums over portfolios, of the funded set and of all proposals."""

    promised: float = 0.0
    real: float = 0.0
    found: float = 0.0
    held: float = 0.0
    portfolios: int = 0

    def __post_init__(self) -> None:
        self.said, self.came, self.count = np.zeros(BINS), np.zeros(BINS), np.zeros(BINS)

    def add(self, drawn: NDArray[np.float32], mean: Floats, ends: Floats, outcome: Floats) -> None:
        best, truly = np.argsort(-mean)[:FUNDED], np.argsort(-outcome)[:FUNDED]
        self.promised += float(mean[best].mean())
        self.real += float(outcome[best].mean())
        self.found += len(np.intersect1d(best, truly)) / FUNDED
        self.held += float(((ends[0] <= outcome) & (outcome <= ends[1])).mean())
        self.portfolios += 1
        chance = (np.argsort(np.argsort(-drawn, axis=0), axis=0) < FUNDED).mean(axis=1)
        place = np.minimum((chance * BINS).astype(int), BINS - 1)
        self.said += np.bincount(place, chance, BINS)
        self.came += np.bincount(place, np.isin(np.arange(PROPOSALS), truly), BINS)
        self.count += np.bincount(place, minlength=BINS)

    def line(self, name: str) -> str:
        n = self.portfolios
        full = self.count >= 100
        off = np.abs(self.said - self.came)[full] / self.count[full]
        return (
            f"{name:<34}{self.promised / n:>9.3f}{self.real / n:>9.3f}{self.held / n:>10.1%}"
            f"{self.found / n:>12.1%}{off.max():>16.3f}"
        )


def portfolio(
    rng: np.random.Generator, number: int, *, k_off: float = 0.0, prior_off: float = 0.0
) -> tuple[MoneyLines, Belief, Floats]:
    """Money lines, the framework's belief (off by as much), and the outcomes (n,)."""
    k = rng.choice(list(RELIABILITY.values()), PROPOSALS)
    truth = rng.normal(PRIOR, SPREAD, PROPOSALS)
    stated = truth + rng.normal(size=PROPOSALS) * SPREAD * np.sqrt(1.0 / k - 1.0)
    benefit = COST * (1.0 + stated)
    # The modified PERT of a symmetric range is a Beta(3, 3) over it.
    outcome = truth + (rng.beta(3, 3, PROPOSALS) - 0.5) * 2 * HALF_RANGE / COST
    cost = np.full(PROPOSALS, COST)
    home = np.arange(PROPOSALS)
    lines = MoneyLines(
        low=np.r_[cost, benefit - HALF_RANGE],
        likely=np.r_[cost, benefit],
        high=np.r_[cost, benefit + HALF_RANGE],
        factor=np.ones(2 * PROPOSALS),
        is_cost=np.repeat([True, False], PROPOSALS),
        proposal=np.r_[home, home],
        key=(home + number * PROPOSALS).astype(np.uint64),
        line_key=np.repeat([0, 1], PROPOSALS).astype(np.uint64),
    )
    return lines, Belief(np.clip(k * (1 + k_off), 0, 1), PRIOR + prior_off, SPREAD), outcome


def measured(portfolios: int, *, believed: bool, **off: float) -> Tally:
    rng, tally = np.random.default_rng(7), Tally()
    for number in range(portfolios):
        lines, belief, outcome = portfolio(rng, number, **off)
        drawn = np.zeros((PROPOSALS, DRAWS), dtype=np.float32)
        result = simulate(
            lines, draws=DRAWS, seed=number, belief=belief if believed else None, out=drawn
        )
        ends = np.array([result.roi_p10.filled(0), result.roi_p90.filled(0)])
        tally.add(drawn, result.roi_mean.filled(0), ends, outcome)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.calibrate", description=__doc__)
    parser.add_argument("--portfolios", type=int, default=2_000)
    count = parser.parse_args().portfolios
    print(
        f"{count:,} portfolios of {PROPOSALS} proposals, {FUNDED} funded; returns per unit of cost"
    )
    print(
        f"{'':<34}{'promised':>9}{'real':>9}{'P10-P90':>10}{'best found':>12}{'P(best) off by':>16}"
    )
    for name, believed, off in (
        ("as stated (belief off)", False, {}),
        ("believed by evidence", True, {}),
        ("believed, class mean 0.3 too high", True, {"prior_off": 0.3}),
        ("believed, k 30 % too high", True, {"k_off": 0.3}),
        ("believed, k 30 % too low", True, {"k_off": -0.3}),
    ):
        print(measured(count, believed=believed, **off).line(name), flush=True)


if __name__ == "__main__":
    main()
