"""What should have been spent and brought by a day."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.analysis.by_then import by_then
from scoring.analysis.money import Belief, MoneyLines, simulate

# One proposal: 100 once, then 60 a year for certain, paid back by a benefit of 120 to 360 a year.
LINES = MoneyLines(
    low=np.array([100.0, 60.0, 120.0]),
    likely=np.array([100.0, 60.0, 240.0]),
    high=np.array([100.0, 60.0, 360.0]),
    factor=np.array([1.0, 2.0, 2.0]),
    is_cost=np.array([True, True, False]),
    proposal=np.array([0, 0, 0]),
    key=np.array([7], dtype=np.uint64),
    line_key=np.array([0, 1, 2], dtype=np.uint64),
)


def test_what_is_certain_is_the_same_in_every_future():
    found = by_then(LINES, [1.0, 0.5, 0.25], draws=4_000, seed=1)
    assert found.spent.tolist() == [[130.0, 130.0, 130.0]]
    assert found.spent_mean.tolist() == [130.0]
    assert found.brought_mean.tolist() == [60.0]
    assert found.brought[0, 1] == pytest.approx(60.0, abs=0.5)  # a symmetric line: P50 is the mean


def test_nothing_is_due_before_anything_is_paid():
    found = by_then(LINES, [1.0, 0.0, 0.0], draws=50, seed=1)
    assert found.brought.tolist() == [[0.0, 0.0, 0.0]]
    assert found.brought_mean.tolist() == [0.0]


def test_the_whole_undiscounted_run_is_that_of_the_simulation():
    whole = replace(LINES, factor=np.array([1.0, 3.0, 3.0]))
    found = by_then(whole, whole.factor, draws=4_000, seed=5)
    simulated = simulate(whole, draws=4_000, seed=5)
    # NPV is linear in the one uncertain line, so its quantiles are those of the benefit.
    assert found.brought[0] - 280.0 == pytest.approx(
        [simulated.npv_p10[0], simulated.npv_p50[0], simulated.npv_p90[0]], rel=1e-5
    )


def test_belief_moves_what_is_brought_and_leaves_what_is_spent():
    belief = Belief(k=np.array([0.0]), prior=0.0, spread=0.0)
    stated = by_then(LINES, [1.0, 0.5, 0.5], draws=2_000, seed=3)
    held = by_then(LINES, [1.0, 0.5, 0.5], draws=2_000, seed=3, belief=belief)
    assert held.spent.tolist() == stated.spent.tolist()
    assert held.brought_mean.tolist() == stated.brought_mean.tolist()
    # Believed to earn back its cost of 220 over all: a quarter of the benefit is due by then.
    assert stated.brought[0, 1] == pytest.approx(120.0, abs=1.0)
    assert held.brought[0, 1] == pytest.approx(220.0 / 4, abs=1.0)


def test_full_belief_changes_nothing():
    belief = Belief(k=np.array([1.0]), prior=9.0, spread=5.0)
    paid = [1.0, 0.5, 0.5]
    stated = by_then(LINES, paid, draws=500, seed=3).brought
    assert by_then(LINES, paid, draws=500, seed=3, belief=belief).brought == pytest.approx(stated)


def test_bad_input_names_the_argument():
    with pytest.raises(ValueError, match="paid: 3 entries expected, got 2"):
        by_then(LINES, [1.0, 1.0], seed=1)
    with pytest.raises(ValueError, match="paid: must not be negative"):
        by_then(LINES, [1.0, 1.0, -1.0], seed=1)
    with pytest.raises(ValueError, match="draws"):
        by_then(LINES, [1.0, 1.0, 1.0], seed=1, draws=0)
