"""Pictures of money, evidence, budgets and what came of forecasts."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from docs.method.canvas import Picture, ruler, scale
from scoring.analysis import evidence, guards, pert, portfolio
from scoring.analysis.cashflow import flow_profile

# Every problem here has a solution.
choose: Any = portfolio.choose
frontier: Any = portfolio.frontier


def three_points() -> Picture:
    drawn = Picture("Density of a low 3, likely 5, high 10 estimate with its P10, P50 and P90", 230)
    x, y = scale(2.5, 10.5, 30, 610), scale(0, 0.36, 190, 15)
    place = np.linspace(3, 10, 200)
    for lam, kind in ((4.0, "a line"), (2.0, "b line")):
        height = stats.beta.pdf((place - 3) / 7, 1 + lam * 2 / 7, 1 + lam * 5 / 7) / 7
        drawn.curve([(x(a), y(b)) for a, b in zip(place, height, strict=True)], kind)
    for p, name in ((0.1, "P10"), (0.5, "P50"), (0.9, "P90")):
        mark = float(pert.pert_quantile(p, 3, 5, 10))
        drawn.line(x(mark), 190, x(mark), 40, "grid")
        drawn.text(x(mark), 32, f"{name} {mark:.2f}", "small", "middle")
    for end, name in ((3, "low 3"), (5, "likely 5"), (10, "high 10")):
        drawn.text(x(end), 212, name, "small", "middle")
    drawn.line(30, 190, 610, 190)
    drawn.text(500, 120, "likely counts 4", "a", "start")
    drawn.text(500, 140, "likely counts 2", "b", "start")
    return drawn


def cohorts() -> Picture:
    drawn = Picture("Monthly money of new customers at 5 and at 40 percent churn, 36 months", 220)
    x, y = scale(0, 36, 60, 590), scale(0, 0.24, 185, 15)
    for kept, kind, name in ((0.95, "a", "5 % leave a year"), (0.6, "b", "40 % leave a year")):
        flow = flow_profile(horizon_months=36, yearly_retention=kept)
        drawn.curve([(x(t), y(f)) for t, f in enumerate(flow)], f"{kind} line")
        drawn.text(x(36), y(flow[-1]) - 8, name, kind, "end")
    drawn.line(60, 185, 590, 185)
    for month in (0, 12, 24, 36):
        drawn.text(x(month), 205, f"month {month}", "small", "middle")
    drawn.text(60, 20, "share of the yearly amount that is paid in the month", "small")
    return drawn


def payback() -> Picture:
    drawn = Picture(
        "Margin of one customer added up by month against a cost of 120 to win one", 240
    )
    x, y = scale(0, 24, 60, 540), scale(0, 320, 205, 15)
    drawn.line(60, y(120), 540, y(120), "b line")
    drawn.text(548, y(120) + 4, "cost 120", "b")
    for kept, kind, shift in ((0.97, "c", -58), (0.92, "a", 4), (0.80, "quiet", 0)):
        month = np.arange(25)
        earned = np.cumsum(np.r_[0.0, 20 * kept ** month[1:] / 1.01 ** month[1:]])
        drawn.curve([(x(t), y(e)) for t, e in enumerate(earned)], f"{kind} line")
        drawn.text(548, y(earned[-1]) + 4, f"{100 * kept:.0f} % stay", "small")
        months = guards.survival_payback(margin=20, retention=kept, discount=0.01, cost=120)
        if months is not None:
            drawn.dot(x(months), y(earned[months]), kind, 6)
            drawn.text(x(months) + shift, y(earned[months]) - 14, f"month {months}", kind)
    drawn.line(60, 205, 540, 205)
    for t in (0, 6, 12, 18, 24):
        drawn.text(x(t), 225, f"month {t}", "small", "middle")
    return drawn


def shrinkage() -> Picture:
    drawn = Picture("An ROI of 2.0 is drawn towards the class mean 0.5, by kind of evidence", 250)
    at = scale(0.4, 2.1, 150, 600)
    for row, (name, k) in enumerate(evidence.RELIABILITY.items()):
        y, believed = 22 + 27 * row, float(evidence.shrink(2.0, k, 0.5))
        drawn.text(135, y + 4, name.replace("_", " "), "", "end")
        drawn.line(at(0.5), y, at(2.0), y, "grid")
        drawn.line(at(0.5), y, at(believed), y, "a line")
        drawn.dot(at(believed), y, "a")
        drawn.text(at(believed) + 10, y - 5, f"{believed:.2f}", "small")
    for place, name in ((0.5, "class mean 0.5"), (2.0, "estimate 2.0")):
        drawn.line(at(place), 12, at(place), 205, "axis")
        drawn.text(at(place), 225, name, "small", "middle")
    drawn.text(at(1.25), 243, "ROI that is believed", "small", "middle")
    return drawn


def budget() -> Picture:
    value, cost = [8, 11, 6, 4], [5, 7, 4, 3]
    drawn = Picture("A budget of 14: by ratio two proposals worth 19, exactly three worth 21", 150)
    at = scale(0, 16, 120, 620)
    ways = (
        ("by ratio", portfolio.greedy(value, cost, 14)),
        ("exactly", choose(value, cost, 14).chosen),
    )
    for row, (name, taken) in enumerate(ways):
        y, left = 15 + 48 * row, 0
        drawn.text(105, y + 21, name, "", "end")
        for item in np.flatnonzero(taken):
            kind = ("a", "b", "c", "quiet")[item]
            drawn.bar(at(left), y, at(cost[item]) - at(0) - 2, 32, kind)
            middle = at(left + cost[item] / 2)
            words = f"worth {value[item]}"
            drawn.text(middle, y + 21, words, "" if kind == "quiet" else "on", "middle")
            left += cost[item]
        worth = sum(value[i] for i in np.flatnonzero(taken))
        drawn.text(at(16), y + 21, f"= {worth}", "", "end")
    drawn.line(at(14), 8, at(14), 112, "axis")
    drawn.text(at(14), 130, "budget 14", "small", "middle")
    return drawn


def trade() -> Picture:
    points = frontier([8, 11, 6, 4], [1, 2, 6, 5], [5, 7, 4, 3], 12, steps=5)
    drawn = Picture("The frontier: value 19 at impact 3, value 18 at impact 12", 200)
    x, y = scale(0, 14, 60, 600), scale(15, 20, 160, 20)
    drawn.line(60, 160, 600, 160)
    drawn.line(60, 160, 60, 20)
    for point in points:
        drawn.dot(x(point.impact), y(point.value), "a", 6)
        words = f"value {point.value:g}, impact {point.impact:g}"
        drawn.text(x(point.impact), y(point.value) - 12, words, "small", "middle")
    drawn.text(600, 182, "customer impact", "small", "end")
    drawn.text(70, 30, "value", "small")
    return drawn


def hits() -> Picture:
    came = [70, 80, 40, 60, 66, 70]
    low, high = [60, 60, 45, 80, 50, 60], [110, 90, 60, 150, 80, 100]
    drawn = Picture("Six ranges P10 to P90 and what came: four inside, two outside", 220)
    at = scale(30, 160, 60, 600)
    for row, (a, b, c) in enumerate(zip(low, high, came, strict=True)):
        y = 20 + 28 * row
        drawn.bar(at(a), y - 6, at(b) - at(a), 12, "quiet")
        drawn.dot(at(c), y, "c" if a <= c <= b else "b", 6)
    ruler(drawn, at, 200, [30, 60, 90, 120, 150])
    drawn.text(600, 20, "inside", "c", "end")
    drawn.text(600, 38, "outside", "b", "end")
    return drawn
