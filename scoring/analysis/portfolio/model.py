"""The choice as a linear program over x in {0, 1}^n, its rules by name, and its relaxation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import coo_array, csr_array, vstack

from scoring.analysis.arrays import ROUNDING, Bools, Floats, Ints, finite

# Amounts are handed to the solver in units that make the largest one about 2^9.
_HIGHEST_BIT = 9

Kind: TypeAlias = Literal["budget", "mandatory", "requires", "excludes", "at_least", "at_most"]


@dataclass(frozen=True, slots=True)
class Balance:
    """Bounds on what ``members`` may cost together in one ``resource``; None = no bound."""

    members: tuple[int, ...]
    low: float | None = None
    high: float | None = None
    resource: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Side conditions by proposal index.

    ``mandatory`` must be chosen; ``requires`` (i, j): i only with j (a cycle makes a bundle);
    ``excludes``: at most one of each group; ``balances``: bounds on groups.
    """

    mandatory: tuple[int, ...] = ()
    requires: tuple[tuple[int, int], ...] = ()
    excludes: tuple[tuple[int, ...], ...] = ()
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule of a set that cannot hold together: its ``kind``, the ``items`` it names.

    ``number`` is the budget or the place of the rule in its list.
    """

    kind: Kind
    items: tuple[int, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The linear relaxation: an upper bound, never a decision.

    ``fractions`` (n,) in 0..1; ``shadow`` (k,) value of one more unit of each budget;
    ``reduced`` (n,) what the value loses when a proposal is forced against its place; ``prices``
    (rows,) value of one more unit of the limit of every row, budgets first, then the rules.
    """

    value: float
    fractions: Floats
    shadow: Floats
    reduced: Floats
    prices: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """max value x, rows x <= limits, lower <= x <= 1; ``names`` tell what each row says.

    ``slack`` is what rounding may add to each row.

    ``order`` (n,) is the canonical order in which the solver sees the proposals: the same set
    of proposals gives the same answer however its rows are sorted.
    """

    value: Floats
    cost: Floats
    budget: Floats
    rows: csr_array
    limits: Floats
    slack: Floats
    lower: Floats
    names: tuple[Conflict, ...]
    order: Ints
    rules: Rules = field(default_factory=Rules)

    def __len__(self) -> int:
        return len(self.value)

    @property
    def unit(self) -> float:
        """A power of two near a thousandth of the largest value: the solver's unit of value."""
        return unit_of(self.value)

    def fits(self, chosen: Bools) -> bool:
        """Whether a choice (n,) keeps every rule, up to rounding."""
        return bool(self.fitting(chosen[None, :])[0])

    def affords(self, chosen: Bools) -> bool:
        """Whether the budgets are enough for a choice (n,), whatever the rules, up to rounding."""
        spent = self.cost[chosen].sum(axis=0)
        return bool((spent <= self.budget * (1 + ROUNDING)).all())

    def fitting(self, choices: Bools) -> Bools:
        """Which of the ``choices`` (k, n) keep every rule, up to rounding."""
        rows: Any = self.rows
        used: Floats = (rows @ choices.T.astype(np.float64)).T
        kept: Bools = np.logical_and.reduce(used <= self.limits + self.slack, axis=1)
        kept &= np.logical_and.reduce(choices >= self.lower, axis=1)
        return kept


def build(
    value: ArrayLike, cost: ArrayLike, budget: ArrayLike, rules: Rules, order: ArrayLike | None
) -> Model:
    """Check the input and lay out the rows; see ``choose`` for shapes and units."""
    worth = finite("value", value, ndim=1)
    n = len(worth)
    price, limit = finite("cost", cost), finite("budget", budget)
    price = price[:, None] if price.ndim == 1 else price
    limit = np.atleast_1d(limit)
    if price.ndim != len(("proposal", "resource")) or len(price) != n:
        raise ValueError(f"cost: one row for each of {n} proposals expected")
    if limit.shape != (price.shape[1],):
        raise ValueError(f"budget: {price.shape[1]} entries expected, got {len(limit)}")
    if (price < 0).any():
        raise ValueError("cost: must not be negative; count a saving as value")
    if (limit < 0).any():
        raise ValueError("budget: must not be negative")
    _check_rules(rules, n, price.shape[1])
    lower = np.zeros(n)
    lower[list(rules.mandatory)] = 1.0
    entries = list(_entries(price, limit, rules))
    names = tuple(name for name, *_ in entries)
    rows = _matrix([(items, factors) for _, items, factors, _ in entries], n)
    limits = np.array([bound for *_, bound in entries])
    return Model(
        value=worth,
        cost=price,
        budget=limit,
        rows=rows,
        limits=limits,
        slack=_slack(rows, limits),
        lower=lower,
        names=names,
        order=_canonical(order, n),
        rules=rules,
    )


def unit_of(amounts: Floats) -> float:
    """The power of two that brings the largest of ``amounts`` to 512..1024; 1 without any.

    The solver's tolerances are absolute. In these units they are a billionth of the largest
    amount, whatever the currency, and dividing by a power of two costs no digit.
    """
    largest = float(np.abs(amounts).max(initial=0.0))
    return float(2.0 ** (np.floor(np.log2(largest)) - _HIGHEST_BIT)) if largest > 0 else 1.0


def _slack(rows: csr_array, limits: Floats) -> Floats:
    """Up to a billionth of the limit or of the largest amount in its row counts as rounding."""
    size = np.abs(limits)
    np.maximum.at(size, np.repeat(np.arange(len(limits)), np.diff(rows.indptr)), np.abs(rows.data))
    return ROUNDING * size


def in_units(rows: csr_array, limits: Floats) -> tuple[csr_array, Floats, Floats]:
    """Each row and its limit in the row's own unit, and the units."""
    units = np.array([unit_of(rows.data[a:b]) for a, b in pairwise(rows.indptr)])
    units = units.reshape(len(limits))
    scaled = rows.copy()
    scaled.data = rows.data / np.repeat(units, np.diff(rows.indptr))
    return scaled, limits / units, units


def with_goal(model: Model, value: Floats) -> Model:
    """The same rules with another value per proposal."""
    return replace(model, value=value)


def with_item(model: Model, item: int) -> Model:
    """The same program with one proposal forced in."""
    lower = model.lower.copy()
    lower[item] = 1.0
    return replace(model, lower=lower)


def with_row(model: Model, factors: Floats, limit: float) -> Model:
    """One more condition factors x <= limit."""
    rows = csr_array(vstack([model.rows, csr_array(factors[None, :])]))
    limits = np.append(model.limits, limit)
    return replace(model, rows=rows, limits=limits, slack=_slack(rows, limits))


def relaxation(
    value: ArrayLike, cost: ArrayLike, budget: ArrayLike, *, rules: Rules | None = None
) -> Relaxation | None:
    """Solve with fractions allowed; None where even that is infeasible. Inputs as ``choose``."""
    return relax(build(value, cost, budget, rules or Rules(), None))


def relax(model: Model) -> Relaxation | None:
    """The relaxation of a model, solved in its canonical order."""
    resources = len(model.budget)
    if len(model) == 0:
        empty = np.zeros(0)
        fits = bool((model.limits >= 0).all())
        prices = np.zeros(len(model.limits))
        return Relaxation(0.0, empty, prices[:resources], empty, prices) if fits else None
    order, unit = model.order, model.unit
    rows: Any  # Sparse rows are fine here, only the stubs do not know.
    rows, limits, units = in_units(csr_array(model.rows[:, order]), model.limits)
    found: OptimizeResult = linprog(
        -model.value[order] / unit,
        A_ub=rows,
        b_ub=limits,
        bounds=np.c_[model.lower[order], np.ones(len(order))],
        method="highs",
    )
    if found.x is None or found.status != 0:
        return None
    fractions, reduced = np.empty(len(order)), np.empty(len(order))
    fractions[order] = np.clip(found.x, 0.0, 1.0)
    reduced[order] = np.abs(found.lower.marginals + found.upper.marginals) * unit
    prices = np.maximum(-np.asarray(found.ineqlin.marginals) * unit / units, 0.0)
    return Relaxation(-float(found.fun) * unit, fractions, prices[:resources], reduced, prices)


def _check_rules(rules: Rules, n: int, resources: int) -> None:
    groups: list[tuple[str, tuple[int, ...]]] = [("mandatory", rules.mandatory)]
    groups += [("requires", pair) for pair in rules.requires]
    groups += [("excludes", group) for group in rules.excludes]
    groups += [("balances", balance.members) for balance in rules.balances]
    for name, members in groups:
        if any(not 0 <= member < n for member in members):
            raise ValueError(f"{name}: proposals must lie in 0..{n - 1}")
    for balance in rules.balances:
        if not 0 <= balance.resource < resources:
            raise ValueError(f"balances: resources must lie in 0..{resources - 1}")
        bounds = [bound for bound in (balance.low, balance.high) if bound is not None]
        if not np.isfinite(bounds).all() or bounds != sorted(bounds):
            raise ValueError("balances: finite bounds with low at most high expected")


_Entry: TypeAlias = tuple[Conflict, Ints, Floats, float]


def _entries(price: Floats, limit: Floats, rules: Rules) -> Iterator[_Entry]:
    """Each row of the program as (name, items, factors, limit)."""
    for k, most in enumerate(limit):
        items = np.flatnonzero(price[:, k])
        yield Conflict("budget", (), k), items, price[items, k], float(most)
    for number, (one, other) in enumerate(rules.requires):
        if one != other:
            name = Conflict("requires", (one, other), number)
            yield name, np.array([one, other]), np.array([1.0, -1.0]), 0.0
    for number, group in enumerate(rules.excludes):
        items = np.unique(np.array(group, dtype=np.int64))
        yield Conflict("excludes", tuple(items.tolist()), number), items, np.ones(len(items)), 1.0
    for number, balance in enumerate(rules.balances):
        items = np.unique(np.array(balance.members, dtype=np.int64))
        spent = price[items, balance.resource]
        members = tuple(items.tolist())
        if balance.high is not None:
            yield Conflict("at_most", members, number), items, spent, balance.high
        if balance.low is not None:
            yield Conflict("at_least", members, number), items, -spent, -balance.low


def _matrix(rows: list[tuple[Ints, Floats]], n: int) -> csr_array:
    place = np.repeat(np.arange(len(rows)), [len(items) for items, _ in rows])
    items = np.concatenate([items for items, _ in rows]) if rows else np.zeros(0, np.int64)
    data = np.concatenate([factors for _, factors in rows]) if rows else np.zeros(0)
    return csr_array(coo_array((data, (place, items)), shape=(len(rows), n)))


def _canonical(order: ArrayLike | None, n: int) -> Ints:
    if order is None:
        return np.arange(n)
    keys = np.asarray(order)
    if keys.shape != (n,) or len(np.unique(keys)) != n:
        raise ValueError(f"order: {n} different keys expected")
    return np.argsort(keys, kind="stable").astype(np.int64)
