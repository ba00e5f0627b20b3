"""Portfolio choice against enumeration of every subset."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from scoring.analysis import portfolio
from scoring.analysis.portfolio import (
    Balance,
    Choice,
    Infeasible,
    Rules,
    core_index,
    core_shares,
    down_list,
    greedy,
)

# Most problems here have a solution: what may be infeasible is asked for where it matters.
budget_price: Any = portfolio.budget_price
choose: Any = portfolio.choose
forced_price: Any = portfolio.forced_price
frontier: Any = portfolio.frontier
relaxation: Any = portfolio.relaxation

AMOUNT = st.integers(0, 8).map(float)


@st.composite
def problems(draw):
    n = draw(st.integers(1, 6))
    items = st.integers(0, n - 1)
    value = draw(st.lists(st.integers(-4, 9).map(float), min_size=n, max_size=n))
    cost = draw(st.lists(st.tuples(AMOUNT, AMOUNT), min_size=n, max_size=n))
    budget = draw(st.tuples(st.integers(0, 15).map(float), st.integers(0, 15).map(float)))
    rules = Rules(
        mandatory=tuple(draw(st.sets(items, max_size=1))),
        requires=tuple(draw(st.lists(st.tuples(items, items), max_size=2))),
        excludes=tuple(draw(st.lists(st.sets(items, min_size=1).map(tuple), max_size=1))),
        balances=tuple(
            Balance(tuple(members), low=low, high=low + 6)
            for members, low in draw(st.lists(st.tuples(st.sets(items), AMOUNT), max_size=1))
        ),
    )
    return np.array(value), np.array(cost), np.array(budget), rules


def allowed(x, cost, budget, rules):
    return (
        (x @ cost <= budget).all()
        and all(x[i] for i in rules.mandatory)
        and all(x[i] <= x[j] for i, j in rules.requires)
        and all(sum(x[i] for i in group) <= 1 for group in rules.excludes)
        and all(
            rule.low <= sum(x[i] * cost[i, 0] for i in rule.members) <= rule.high
            for rule in rules.balances
        )
    )


def enumerate_best(value, cost, budget, rules):
    found = [
        (-(value @ x), (x @ cost).sum(), x.sum(), tuple(-x))
        for x in map(np.array, itertools.product((0, 1), repeat=len(value)))
        if allowed(x, cost, budget, rules)
    ]
    return min(found) if found else None


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_choice_equals_enumeration_ties_included(problem):
    value, cost, budget, rules = problem
    best = enumerate_best(*problem)
    found = choose(value, cost, budget, rules=rules)
    if best is None:
        assert isinstance(found, Infeasible)
        assert found.conflict
        return
    assert isinstance(found, Choice)
    assert found.chosen.astype(int).tolist() == [-x for x in best[3]]
    assert found.value == pytest.approx(-best[0])
    assert found.bound == pytest.approx(found.value)
    assert found.status == "optimal"


@pytest.mark.parametrize("seed", range(6))
def test_a_choice_under_many_rules_equals_enumeration(seed):
    rng = np.random.default_rng(seed)
    n = 14
    value, cost = rng.integers(-3, 12, n).astype(float), rng.integers(0, 9, (n, 3)).astype(float)
    budget = np.round(cost.sum(axis=0) * 0.4)
    pairs = [(int(i), int(j)) for i, j in rng.permutation(n)[:8].reshape(4, 2)]
    rules = Rules(
        mandatory=(int(rng.integers(n)),),
        requires=tuple(pairs[:2]),
        excludes=tuple(pairs[2:]),
        balances=(Balance(tuple(range(0, n, 2)), low=2, high=12),),
    )
    best = enumerate_best(value, cost, budget, rules)
    found = choose(value, cost, budget, rules=rules)
    assert best is not None
    assert found.chosen.astype(int).tolist() == [-x for x in best[3]]
    assert (found.value, found.gap) == (-best[0], 0)


@pytest.mark.parametrize("unit", [1.0, 1e-6])
def test_what_branch_and_bound_leaves_open_is_listed(unit):
    """Five budgets at a quarter of the costs are hard for branching; equals stand side by side."""
    rng = np.random.default_rng(5)
    cost = rng.integers(1, 1000, (50, 5)).astype(float)
    value = np.round(cost.mean(axis=1)) + rng.integers(1, 500, 50)
    twin = int(np.argmin(value / cost.sum(axis=1)))
    value[twin], cost[twin] = value[0], cost[0]
    budget = cost.sum(axis=0) * 0.25
    found = choose(value * unit, cost * unit, budget * unit)
    assert (found.gap, found.status) == (0, "optimal")
    assert found.chosen[0] >= found.chosen[twin]
    better = LinearConstraint(np.c_[cost, -value].T, ub=[*budget, -found.value / unit - 0.5])
    assert (
        milp(-value, constraints=better, integrality=np.ones(50, int), bounds=Bounds(0, 1)).x
        is None
    )


def test_many_equals_are_not_listed_one_by_one():
    found = choose(np.full(120, 3.0), np.ones((120, 2)), [50.5, 60])
    assert (found.value, found.gap) == (150, 0)
    assert found.chosen.tolist() == [True] * 50 + [False] * 70


@given(problem=problems(), data=st.data())
@settings(max_examples=25, deadline=None)
def test_more_budget_never_lowers_and_order_never_matters(problem, data):
    value, cost, budget, _ = problem
    one, two = choose(value, cost, budget), choose(value, cost, budget + 3)
    assert one.value <= two.value
    mixed = np.array(data.draw(st.permutations(range(len(value)))))
    ids = np.arange(len(value))
    other = choose(value[mixed], cost[mixed], budget, order=ids[mixed])
    assert other.chosen.tolist() == one.chosen[mixed].tolist()
    relaxed = relaxation(value, cost, budget)
    assert relaxed is not None
    assert relaxed.value >= one.value - 1e-6


def test_a_larger_problem_is_certified_by_the_relaxation():
    rng = np.random.default_rng(1)
    value, cost = rng.lognormal(3, 1, 3000), rng.lognormal(2, 1, (3000, 2))
    found = choose(value, cost, cost.sum(axis=0) * 0.3)
    relaxed = relaxation(value, cost, cost.sum(axis=0) * 0.3)
    assert relaxed is not None
    assert found.status == "optimal"
    assert found.gap <= 1e-4
    assert found.bound <= relaxed.value + 1e-6
    assert (cost[found.chosen].sum(axis=0) <= cost.sum(axis=0) * 0.3).all()
    mixed = rng.permutation(3000)
    again = choose(value[mixed], cost[mixed], cost.sum(axis=0) * 0.3, order=mixed)
    assert (again.chosen == found.chosen[mixed]).all()


def test_conflicts_are_named_and_smallest():
    over = choose([1, 2, 3], [5, 6, 1], 4, rules=Rules(mandatory=(2, 0)))
    assert isinstance(over, Infeasible)
    assert [(c.kind, c.items) for c in over.conflict] == [("budget", ()), ("mandatory", (0,))]
    rules = Rules(mandatory=(0, 1), excludes=((1, 2), (0, 1)))
    torn = choose([1, 2, 3], [1, 1, 1], 9, rules=rules)
    assert isinstance(torn, Infeasible)
    assert [c.kind for c in torn.conflict] == ["excludes", "mandatory", "mandatory"]
    assert torn.conflict[0].items == (0, 1)
    chain = Rules(mandatory=(0,), requires=((0, 1), (1, 2)), balances=(Balance((2,), high=0.5),))
    stuck = choose([1, 2, 3], [1, 1, 1], 9, rules=chain)
    assert isinstance(stuck, Infeasible)
    assert sorted(c.kind for c in stuck.conflict) == [
        "at_most",
        "mandatory",
        "requires",
        "requires",
    ]


def test_edges_of_the_choice():
    empty = choose([], [], 5)
    assert (empty.value, empty.chosen.tolist()) == (0, [])
    free = choose([3, -1, 0], [0, 0, 0], 0)
    assert free.chosen.tolist() == [True, False, False]
    loser = choose([-5, 4], [1, 1], 2, rules=Rules(mandatory=(0,)))
    assert (loser.value, loser.chosen.tolist()) == (-1, [True, True])
    bundle = choose([5, -2, 1], [1, 1, 1], 3, rules=Rules(requires=((0, 1), (1, 0))))
    assert bundle.chosen.tolist() == [True, True, True]
    twins = choose([4, 4, 4], [2, 2, 2], 4)
    assert twins.chosen.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("arguments", "rules", "name"),
    [
        (([1.0], [-1.0], 1.0), Rules(), "cost"),
        (([1.0], [1.0], -1.0), Rules(), "budget"),
        (([1.0], [1.0], [1.0, 2.0]), Rules(), "budget"),
        (([np.nan], [1.0], 1.0), Rules(), "value"),
        (([1.0], [1.0], 1.0), Rules(mandatory=(3,)), "mandatory"),
        (([1.0], [1.0], 1.0), Rules(requires=((0, 3),)), "requires"),
        (([1.0], [1.0], 1.0), Rules(excludes=((0, -1),)), "excludes"),
        (([1.0], [1.0], 1.0), Rules(balances=(Balance((0,), low=3, high=1),)), "balances"),
    ],
)
def test_errors_name_the_argument(arguments, rules, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        choose(*arguments, rules=rules)


def test_greedy_lists_by_name():
    score, cost = [60, 50, 40, 5, 0], [60, 30, 30, 0, 0]
    assert greedy(score, cost, 60).tolist() == [False, True, True, True, True]
    assert greedy(score, cost, 60, by="score").tolist() == [True, False, False, True, True]
    stop = greedy(score, cost, 60, by="score", misfit="stop")
    assert stop.tolist() == [True, False, False, False, False]
    assert greedy(score, cost, 60, by="score", least=10).tolist()[3:] == [False, False]
    assert greedy([], [], 1).tolist() == []
    assert greedy([1, 1], [2, 1], 2, by="score").tolist() == [False, True]
    assert greedy([-1, 2], [1, 1], 5).tolist() == [False, True]
    with pytest.raises(ValueError, match=r"^misfit:"):
        greedy([1], [1], 1, misfit="jump")  # type: ignore[arg-type]


def test_frontier_holds_every_undominated_choice_of_a_small_case():
    rng = np.random.default_rng(2)
    value, impact = rng.integers(1, 9, 7).astype(float), rng.integers(1, 9, 7).astype(float)
    cost = rng.integers(1, 6, 7).astype(float)
    subsets = np.array(list(itertools.product((0, 1), repeat=7)))
    subsets = subsets[subsets @ cost <= 12]
    pairs = {(v, i) for v, i in zip(subsets @ value, subsets @ impact, strict=True)}
    front = {p for p in pairs if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in pairs)}
    points = frontier(value, impact, cost, 12, steps=60, gap=0)
    assert not isinstance(points, Infeasible)
    assert {(p.value, p.impact) for p in points} <= front
    assert len(points) == len(front)
    assert [p.impact for p in points] == sorted(p.impact for p in points)
    assert isinstance(frontier([1], [1], [5], 1, rules=Rules(mandatory=(0,))), Infeasible)
    flat = frontier([1, 1], [2, 2], [1, 1], 2)
    assert not isinstance(flat, Infeasible)
    assert len(flat) == 1


def test_core_index_keeps_to_the_rules():
    rules = Rules(mandatory=(3,))
    result = core_index([[6, 3], [2, 4], [3, 2], [1, 1]], [3, 2, 2, 2], 5, np.eye(2), rules=rules)
    assert result.index[3] == 1
    nothing = core_index([[1, 1]], [9], 5, np.eye(2), rules=Rules(mandatory=(0,)))
    assert (nothing.index.tolist(), len(nothing.portfolios)) == ([0.0], 0)
    with pytest.raises(ValueError, match=r"^values:"):
        core_index(np.ones((21, 1)), np.ones(21), 5, [[1]])


def test_the_price_of_an_exception_is_what_removing_it_brings_back():
    value, cost, budget = [8, 11, 6, 4], [5, 7, 4, 3], 14
    forced = forced_price(0, value, cost, budget)
    with_it = choose(value, cost, budget, rules=Rules(mandatory=(0,)))
    assert with_it.value + forced.price == choose(value, cost, budget).value
    assert forced.pushed_out.tolist() == [2, 3]
    assert forced_price(1, value, cost, budget).price == 0
    assert isinstance(forced_price(0, [1], [9], 5), Infeasible)
    with pytest.raises(ValueError, match=r"^item:"):
        forced_price(0, value, cost, budget, rules=Rules(mandatory=(0,)))


def test_more_budget_is_priced_by_solving_again():
    value, cost = [8, 11, 6, 4], [5, 7, 4, 3]
    price = budget_price(2, value, cost, 14)
    assert price.gain == choose(value, cost, 16).value - choose(value, cost, 14).value
    assert price.shadow[0] > 0
    assert budget_price(0, value, cost, 14).gain == 0


def test_a_choice_the_solver_thinks_fits_is_not_mistaken_for_a_conflict():
    # Together they exceed the budget by less than the solver notices.
    best = choose([1, 1], [5.0000004, 5], 10)
    assert best.chosen.tolist() == [False, True]


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e12])
def test_the_unit_of_value_and_of_cost_changes_nothing(unit):
    value, cost, budget = np.array([8, 11, 6, 4.0]), np.array([5, 7, 4, 3.0]), 14.0
    plain = choose(value, cost, budget)
    assert choose(value * unit, cost, budget).chosen.tolist() == plain.chosen.tolist()
    assert choose(value, cost * unit, budget * unit).chosen.tolist() == plain.chosen.tolist()
    relaxed, scaled = relaxation(value, cost, budget), relaxation(value * unit, cost, budget)
    assert scaled.value == pytest.approx(relaxed.value * unit)
    assert scaled.shadow == pytest.approx(relaxed.shadow * unit)


def test_medium_sets_are_solved_without_a_gap_and_take_the_cheaper_of_equals():
    rng = np.random.default_rng(0)
    cost = rng.integers(5, 100, 60)
    value = rng.integers(5, 100, 60)
    found = choose(value, cost, 1500)
    best = np.zeros(1501)
    for v, c in zip(value, cost, strict=True):
        best[c:] = np.maximum(best[c:], best[:-c] + v)
    assert found.value == best[1500]
    assert found.gap < 1e-12
    assert found.cost[0] == np.flatnonzero(best == best[1500])[0]


def test_a_balance_may_bound_another_resource():
    rules = Rules(balances=(Balance((0, 1), high=1.0, resource=1),))
    assert choose([3, 2], [[1, 1], [1, 1]], [5, 5], rules=rules).chosen.tolist() == [True, False]
    with pytest.raises(ValueError, match=r"^balances:"):
        choose([1], [1], 1, rules=Rules(balances=(Balance((0,), resource=1),)))


def test_a_greedy_list_keeps_its_budget_up_to_rounding():
    assert greedy([1, 1, 1], [0.1, 0.1, 0.1], 0.3).all()


LIST = [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("cost", "budget", "rules", "taken"),
    [
        ([5, 7, 4, 3], 14, Rules(), [0, 1]),  # 4 and 3 do not fit the 2 that are left
        ([5, 7, 4, 2], 14, Rules(), [0, 1, 3]),  # the walk goes on below what does not fit
        ([5, 5, 4, 3], 13, Rules(requires=((0, 3),)), [0, 1, 3]),  # 3 comes with 0, no room for 2
        ([5, 7, 4, 3], 14, Rules(excludes=((0, 1),)), [0, 2, 3]),
        ([5, 7, 4, 3], 14, Rules(mandatory=(3,)), [0, 2, 3]),  # 3 goes first, so 1 has no room
        ([5, 7, 4, 3], 14, Rules(balances=(Balance((0, 1), high=6.0),)), [0, 2, 3]),
        ([5, 7, 4, 3], 14, Rules(balances=(Balance((2, 3), low=6.0),)), [0, 1]),  # missed, not met
        ([5, 7, 4, 3], 4, Rules(requires=((2, 1), (1, 0))), [3]),
        ([5, 4, 4, 3], 9, Rules(requires=((0, 1), (1, 0))), [0, 1]),  # a pair, or neither
        ([5, 5, 4, 3], 9, Rules(requires=((0, 1), (1, 0))), [2, 3]),
        ([20, 7, 4, 3], 14, Rules(mandatory=(0,)), [0]),  # said already: over the budget, taken
    ],
)
def test_the_walk_down_the_list_obeys_the_rules(cost, budget, rules, taken):
    assert np.flatnonzero(down_list(LIST, cost, budget, rules=rules)).tolist() == taken


@pytest.mark.parametrize(
    ("cost", "budget", "rules", "taken"),
    [
        ([5, 7, 4, 2], 14, Rules(), [0, 1]),  # 4 does not fit the 2 that are left, and ends it
        ([5, 7, 2, 2], 14, Rules(), [0, 1, 2]),
        ([5, 7, 4, 3], 14, Rules(excludes=((0, 1),)), [0, 2, 3]),  # kept out, which ends nothing
        ([5, 7, 4, 3], 14, Rules(excludes=((0, 1, 2),)), [0, 3]),
        ([20, 7, 4, 3], 14, Rules(mandatory=(0,)), [0]),
        ([[5, 1], [7, 9], [4, 1], [3, 1]], [14, 9], Rules(), [0]),  # the second budget ends it
        ([0.1, 0.1, 0.1, 0.1], 0.3, Rules(), [0, 1, 2]),  # up to rounding
    ],
)
def test_the_walk_may_stop_at_the_first_that_does_not_fit(cost, budget, rules, taken):
    found = down_list(LIST, cost, budget, rules=rules, misfit="stop")
    assert np.flatnonzero(found).tolist() == taken


def test_how_to_go_on_is_one_of_two_ways():
    with pytest.raises(ValueError, match="misfit: skip or stop expected"):
        down_list(LIST, [1, 1, 1, 1], 4, misfit="jump")  # type: ignore[arg-type]


def test_what_is_not_listed_comes_only_where_it_is_needed():
    needs = Rules(requires=((0, 2),))
    assert down_list([1, 0], [1, 1, 1], 3, rules=needs).tolist() == [True, True, True]
    assert down_list([1], [1, 1, 1], 3, rules=needs).tolist() == [False, True, False]


@given(problems())
@settings(deadline=None)
def test_the_walk_is_greedy_by_score_where_there_are_no_rules(problem):
    value, cost, *_ = problem
    price = [row[0] for row in cost]
    ties = (range(len(value)),)
    listed = greedy(value, price, 9.0, by="score", tie_keys=ties, least=-np.inf)
    order = np.lexsort((np.arange(len(value)), price, -np.array(value)))
    assert down_list(order, price, 9.0).tolist() == listed.tolist()


def test_core_shares_count_the_futures_in_which_a_proposal_is_in_the_best_mix():
    # One of the first two fits: the first is better in three futures of four; the last never is.
    values = [[3, 3, 3, 1], [2, 2, 2, 2], [-1, -1, -1, -1]]
    shares = core_shares(values, [1, 1, 1], 1)
    assert shares is not None
    assert shares.tolist() == [0.75, 0.25, 0.0]


def test_core_shares_keep_to_the_rules():
    values = np.ones((3, 2))
    rules = Rules(mandatory=(0,), excludes=((0, 1),))
    shares = core_shares(values, [1, 1, 1], 2, rules=rules)
    assert shares is not None
    assert shares.tolist() == [1.0, 0.0, 1.0]
    assert core_shares(values, [5, 1, 1], 2, rules=rules) is None
    with pytest.raises(ValueError, match="values"):
        core_shares(np.ones((3, 0)), [1, 1, 1], 2)
