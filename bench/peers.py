"""Other packages that do the same work, where they are installed (see requirements-bench.in)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.table import Contender


def available(package: str) -> bool:
    found = importlib.util.find_spec(package) is not None
    if not found:
        print(f"  ({package} is not installed: left out)")
    return found


def weighted_sums(values: Any, weights: Any) -> list[Contender]:
    """Weighted sum and ranking of (n, m) values by each package."""
    found = []
    if available("pymcdm"):
        from pymcdm.methods import WSM
        from pymcdm.normalizations import max_normalization

        method, types = WSM(normalization_function=max_normalization), np.ones(len(weights))
        found.append(Contender("pymcdm WSM", lambda: method.rank(method(values, weights, types))))
    if available("skcriteria"):
        import skcriteria
        from skcriteria.agg.simple import WeightedSumModel
        from skcriteria.preprocessing.scalers import MaxAbsScaler

        scaler, model = MaxAbsScaler(target="matrix"), WeightedSumModel()

        def criteria() -> object:
            matrix = skcriteria.mkdm(values, [max] * len(weights), weights=weights)
            return model.evaluate(scaler.transform(matrix))

        found.append(Contender("scikit-criteria WeightedSumModel", criteria))
    if available("pyDecision"):
        from pyDecision.algorithm import saw_method

        found.append(
            Contender(
                "pyDecision saw_method",
                lambda: saw_method(
                    values, ["max"] * len(weights), weights, graph=False, verbose=False
                ),
                note="scores only",
            )
        )
    return found


def cbc(value: Any, cost: Any, budget: Any, gap: float) -> Callable[[], float] | None:
    """The same portfolio by PuLP and CBC; its value."""
    if not available("pulp"):
        return None
    import pulp

    def run() -> float:
        problem = pulp.LpProblem("portfolio", pulp.LpMaximize)
        x = [pulp.LpVariable(f"x{i}", cat="Binary") for i in range(len(value))]
        problem += pulp.lpDot(value.tolist(), x)
        for column, limit in zip(cost.T.tolist(), budget.tolist(), strict=True):
            problem += pulp.lpDot(column, x) <= limit
        problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=gap, timeLimit=20, threads=1))
        # "Optimal" is also said when the time ran out; the solution status tells the difference.
        assert problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
        return float(pulp.value(problem.objective))

    return run
