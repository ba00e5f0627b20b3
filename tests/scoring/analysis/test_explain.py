"""Ledgers that add up, and the smallest change that crosses the line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scoring.analysis import explain
from scoring.analysis.value import additive_value, competition_rank
from scoring.analysis.weighting import swing

NAN = float(np.nan)
SCORES = arrays(float, (4, 3), elements=st.one_of(st.floats(0, 100), st.just(NAN)))
POINTS = arrays(float, 3, elements=st.floats(0.1, 10))


@given(before=SCORES, after=SCORES, old=POINTS, new=POINTS)
@settings(max_examples=80, deadline=None)
def test_ledger_terms_sum_to_the_change(before, after, old, new):
    old, new = swing(old), swing(new)
    change = explain.value_change(before, old, after, new)
    one, two = additive_value(before, old).value, additive_value(after, new).value
    assert change.total.tolist() == pytest.approx((two - one).tolist(), abs=1e-9)
    parts = change.score.filled(0) + change.weight.filled(0) + change.coverage.filled(0)
    assert np.abs(parts.sum(axis=1) - change.total.filled(0)).max() < 1e-9


def test_each_cause_alone_gets_the_whole_change():
    values, weights = np.array([[80.0, 20.0]]), [0.5, 0.5]
    score = explain.value_change(values, weights, [[90.0, 20.0]], weights)
    assert score.score.tolist() == [[5.0, 0.0]]
    assert score.weight.tolist() == score.coverage.tolist() == [[0.0, 0.0]]
    weight = explain.value_change(values, weights, values, [0.75, 0.25])
    assert weight.weight.sum() == pytest.approx(15)
    assert weight.score.tolist() == [[0.0, 0.0]]
    covered = explain.value_change([[80.0, NAN]], weights, values, weights)
    assert covered.coverage.sum() == pytest.approx(-30)
    assert covered.score.tolist() == [[0.0, 0.0]]


LISTS = arrays(float, 7, elements=st.one_of(st.integers(0, 5).map(float), st.just(NAN)))


@given(before=LISTS, after=LISTS)
@settings(max_examples=150, deadline=None)
def test_every_place_is_accounted_for(before, after):
    move = explain.rank_move(before, after)
    one, two = competition_rank(before), competition_rank(after)
    assert move.total.tolist() == (two - one).tolist()
    parts = (move.entered, move.left, move.own, move.others)
    assert sum(part.filled(0) for part in parts) == pytest.approx(move.total.filled(0))
    newcomers = ~np.isnan(after) & np.isnan(before)
    for i in np.flatnonzero(~one.mask & ~two.mask):
        assert move.entered[i] == (after[newcomers] > after[i]).sum()


def test_nobody_moves_when_nothing_changed():
    move = explain.rank_move([3.0, 1.0, 2.0], [3.0, 1.0, 2.0])
    for part in (move.total, move.entered, move.left, move.own, move.others):
        assert part.tolist() == [0, 0, 0]
    up = explain.rank_move([3.0, 1.0, 2.0], [3.0, 4.0, 2.0])
    assert up.own.tolist() == [0, -2, 0]
    assert up.others.tolist() == [1, 0, 1]


@given(start=arrays(float, 5, elements=st.floats(-5, 5)), data=st.data())
@settings(max_examples=30, deadline=None)
def test_shapley_shares_sum_and_respect_symmetry(start, data):
    effects = {name: data.draw(st.floats(-3, 3)) for name in "abc"}

    def evaluate(on):
        total = start + sum(effects[name] for name in on)
        return total * (2.0 if {"a", "b"} <= on else 1.0)

    shares = explain.shapley("abc", evaluate)
    whole = evaluate(frozenset("abc")) - evaluate(frozenset())
    assert sum(shares.values()) == pytest.approx(whole, abs=1e-9)


def test_shapley_of_ranks_sums_to_the_move():
    values = {"weights": [1.0, 0, 2], "scores": [0, 3.0, 0], "money": [0, 0, 0.5]}

    def ranks(on):
        total = np.array([1.0, 2.0, 3.0]) + sum(np.array(values[name]) for name in on)
        return competition_rank(total).astype(float)

    shares = explain.shapley(tuple(values), ranks)
    moved = ranks(frozenset(values)) - ranks(frozenset())
    assert sum(shares.values()) == pytest.approx(moved)
    assert shares["money"].tolist() == pytest.approx([0, 0, 0], abs=1)
    with pytest.raises(ValueError, match=r"^causes:"):
        explain.shapley("aa", ranks)


@given(
    values=arrays(float, 3, elements=st.one_of(st.floats(0, 100), st.just(NAN))),
    points=POINTS,
    target=st.floats(1, 99),
)
@settings(max_examples=80, deadline=None)
def test_a_needed_score_just_crosses_the_line(values, points, target):
    weights = swing(points)
    now = additive_value(values[None], weights).value[0]
    needed = explain.needed_scores(values, weights, target)
    for j in range(3):
        tried = values.copy()
        if needed[j] is np.ma.masked:
            tried[j] = 100.0
            if now is np.ma.masked or now <= target:
                assert additive_value(tried[None], weights).value[0] <= target + 1e-6
            continue
        tried[j] = needed[j]
        assert additive_value(tried[None], weights).value[0] > target
        if now is not np.ma.masked and now <= target and needed[j] > 0.01:
            tried[j] = needed[j] - 0.01
            assert additive_value(tried[None], weights).value[0] <= target + 1e-6


def test_smallest_change_is_the_one_with_the_least_points():
    best = explain.smallest_change([50.0, 50.0], [0.8, 0.2], 54.0)
    assert best is not None
    assert best[0] == 0
    assert best[1] == pytest.approx(55, abs=1e-4)
    assert explain.smallest_change([50.0, 50.0], [0.8, 0.2], 99.5) is None


def test_fitting_cost_is_what_the_walk_has_left():
    order, cost = [2, 0, 1, 3], [50, 20, 30, 10]
    assert explain.fitting_cost(order, cost, 60, 2) == 60
    assert explain.fitting_cost(order, cost, 60, 0) == 30
    assert explain.fitting_cost(order, cost, 60, 1) == 30
    assert explain.fitting_cost(order, cost, 60, 3) == 10
    with pytest.raises(ValueError, match=r"^item:"):
        explain.fitting_cost(order[:2], cost, 60, 3)
