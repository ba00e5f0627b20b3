"""From stated to believed returns: the formula, whatever the block, and its proof."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from bench.calibrate import measured
from projects.customers.models import CONFIDENCE
from scoring.analysis import money
from scoring.analysis.evidence import RELIABILITY

DRAWS = 8_192
K = np.array([0.0, 0.25, 0.6, 1.0])
N = len(K)
LINES = money.MoneyLines(
    low=np.r_[np.full(N, 80.0), np.full(N, 100.0)],
    likely=np.r_[np.full(N, 100.0), np.full(N, 180.0)],
    high=np.r_[np.full(N, 150.0), np.full(N, 400.0)],
    factor=np.ones(2 * N),
    is_cost=np.repeat([True, False], N),
    proposal=np.tile(np.arange(N), 2),
    key=np.arange(1, N + 1).astype(np.uint64),
    line_key=np.repeat([0, 1], N).astype(np.uint64),
)
BELIEF = money.Belief(K, prior=0.2, spread=0.8)


def drawn(belief: money.Belief | None) -> tuple[money.MoneyResult, np.ndarray]:
    out = np.zeros((N, DRAWS), dtype=np.float32)
    return money.simulate(LINES, draws=DRAWS, seed=3, belief=belief, out=out), out


def test_the_mean_lies_between_the_class_and_what_is_stated() -> None:
    plain, _ = drawn(None)
    result, _ = drawn(BELIEF)
    stated = plain.roi_mean.filled()
    assert result.roi_mean.filled() == pytest.approx(0.2 + K * (stated - 0.2), abs=1e-12)
    for name in ("mean", "p10", "p90"):
        before = getattr(plain, f"roi_{name}")
        assert getattr(result, f"stated_{name}").tobytes() == before.tobytes()
        assert getattr(plain, f"stated_{name}").tobytes() == before.tobytes()
    # What the evidence says is of the return, not of the cost.
    assert result.cost_mean.tobytes() == plain.cost_mean.tobytes()


def test_what_the_evidence_leaves_open_widens_the_range() -> None:
    _, before = drawn(None)
    result, after = drawn(BELIEF)
    whole = before.var(axis=1) + (1 - K) * 0.8**2
    assert after.var(axis=1) == pytest.approx(whole, rel=0.03)
    assert after.mean(axis=1) == pytest.approx(result.roi_mean.filled(), abs=0.01)
    noise = (after - before)[0]
    noise = (noise - noise.mean()) / noise.std()
    assert stats.kstest(noise, "norm").statistic < 0.01
    assert abs(np.corrcoef(noise, before[0])[0, 1]) < 0.03  # a stream of its own


def test_full_belief_leaves_the_draws_as_they_are_stated() -> None:
    plain, before = drawn(None)
    result, after = drawn(dataclasses.replace(BELIEF, k=np.ones(N)))
    assert after.tobytes() == before.tobytes()
    assert result.roi_p10.tolist() == plain.roi_p10.tolist()


def test_money_follows_the_believed_return() -> None:
    result, roi = drawn(BELIEF)
    assert result.p_loss.filled() == pytest.approx((roi < 0).mean(axis=1), abs=1e-12)
    assert (np.diff(result.npv_p50.filled()) > 0).all()  # better backed, nearer to a good claim


def test_blocks_and_threads_change_nothing() -> None:
    result, whole = drawn(BELIEF)
    draws = money.roi_draws(LINES, seed=3, belief=BELIEF, stated_mean=result.stated_mean, threads=2)
    parts = np.hstack([draws(0, 1_000), draws(1_000, 5_000), draws(5_000, DRAWS)])
    assert parts.tobytes() == whole.tobytes()


def test_a_block_cannot_know_the_mean_by_itself() -> None:
    with pytest.raises(ValueError, match=r"^stated_mean:"):
        money.roi_draws(LINES, seed=3, belief=BELIEF)


def test_what_is_promised_comes_where_the_class_is_known() -> None:
    stated, believed = (measured(60, believed=on) for on in (False, True))
    n = believed.portfolios
    assert believed.promised / n == pytest.approx(believed.real / n, rel=0.05)
    assert 0.78 <= believed.held / n <= 0.82
    assert stated.promised > 2 * stated.real  # the best of what is stated disappoint
    assert believed.real > stated.real


def test_the_library_and_the_runs_know_one_ladder() -> None:
    assert list(RELIABILITY.values()) == [float(share) for share in CONFIDENCE.values()]
