"""Pictures of scores, weights, ranks and what moved them."""

from __future__ import annotations

import numpy as np

from docs.method.canvas import Picture, ruler, scale
from scoring.analysis import explain, lenses, weighting
from scoring.analysis.agreement import panel_mean
from scoring.analysis.robustness import rank_bands
from scoring.analysis.severity import adjust
from scoring.analysis.value import additive_value, piecewise_linear


def contributions() -> Picture:
    result = additive_value(np.array([[80, 40, 60], [70, np.nan, 90]]), [0.5, 0.3, 0.2])
    drawn = Picture("Values 64.0 and 75.7 as bars of their contributions", 150)
    at = scale(0, 100, 130, 620)
    for row, name in enumerate(("all scored", "one missing")):
        y, left = 25 + 48 * row, 0.0
        drawn.text(10, y + 20, name)
        for column, kind in enumerate("abc"):
            part = result.contribution[row, column]
            if part is np.ma.masked:
                continue
            drawn.bar(at(left), y, at(part) - at(0) - 2, 30, kind)
            drawn.text((at(left) + at(left + part)) / 2, y + 20, f"{part:.1f}", "on", "middle")
            left += float(part)
        drawn.text(at(left) + 8, y + 20, f"{left:.1f}")
    ruler(drawn, at, 130, [0, 25, 50, 75, 100])
    return drawn


def value_function() -> Picture:
    knots = [(0.0, 0.0), (10_000.0, 60.0), (100_000.0, 100.0)]
    drawn = Picture("A value function of two straight lines, level beyond its last point", 220)
    x, y = scale(0, 130_000, 60, 610), scale(0, 100, 185, 20)
    for level in (0, 60, 100):
        drawn.line(60, y(level), 610, y(level), "grid")
        drawn.text(50, y(level) + 4, str(level), "small", "end")
    places = [0.0, 10_000.0, 100_000.0, 130_000.0]
    heights = piecewise_linear(places, knots)
    drawn.curve([(x(a), y(b)) for a, b in zip(places, heights, strict=True)], "a line")
    for a, b in knots:
        drawn.dot(x(a), y(b), "a")
        drawn.text(x(a), 205, f"{a:,.0f}", "small", "middle")
    drawn.text(610, 205, "customers", "small", "end")
    drawn.text(x(50_000), y(77.8) + 24, "50,000 customers are worth 77.8", "a", "start")
    drawn.dot(x(50_000), y(float(piecewise_linear([50_000], knots)[0])), "a open", 7)
    return drawn


def weights() -> Picture:
    points = [100, 80, 70, 30, 20, 10]
    shares = weighting.swing(points)
    drawn = Picture("Swing points 100 to 10 and the weights they give, 32 to 3 percent", 190)
    at = scale(0, 0.35, 130, 600)
    for row, (given, share) in enumerate(zip(points, shares, strict=True)):
        y = 12 + 28 * row
        drawn.text(115, y + 15, f"{given} points", "", "end")
        drawn.bar(130, y, at(share) - 130, 20, "a")
        drawn.text(at(share) + 8, y + 15, f"{100 * share:.0f} %")
    return drawn


def impact_rows() -> Picture:
    drawn = Picture("Impact 9,200 as the sum of 6,000 at one stage and 3,200 at another", 140)
    at = scale(0, 10_000, 30, 610)
    for start, end, kind, name in (
        (0, 6_000, "a", "use: 40,000 x 0.25 x 0.6"),
        (6_000, 9_200, "b", "get help: 2,000 x 2 x 0.8"),
    ):
        drawn.bar(at(start), 15, at(end) - at(start) - 2, 34, kind)
        drawn.text((at(start) + at(end)) / 2, 37, name, "on", "middle")
    ruler(drawn, at, 75, [0, 2_000, 4_000, 6_000, 8_000, 10_000])
    drawn.text(30, 112, "coverage")
    for stage in range(5):
        kind = {2: "a", 3: "b"}.get(stage, "quiet")
        drawn.bar(110 + 70 * stage, 98, 62, 18, kind)
    drawn.text(475, 112, "2 of 5 stages")
    return drawn


def rank_intervals() -> Picture:
    values = np.array(
        [[70, 72, 68, 71, 69], [66, 65, 70, 72, 64], [50, 55, 52, 51, 49]], dtype=float
    )
    bands = rank_bands([values], tie_order=[0, 1, 2])
    drawn = Picture("Rank intervals: the first two overlap on 1 and 2, the third is always 3", 150)
    at = scale(1, 3, 130, 560)
    for row, name in enumerate(("first", "second", "third")):
        y = 25 + 32 * row
        drawn.text(115, y + 4, name, "", "end")
        drawn.line(at(bands.p10[row]), y, at(bands.p90[row]), y, "a line")
        for end in (bands.p10[row], bands.p90[row]):
            drawn.line(at(end), y - 8, at(end), y + 8, "a line")
        drawn.dot(at(bands.p50[row]), y, "a")
    for rank in (1, 2, 3):
        drawn.text(at(rank), 140, f"rank {rank}", "small", "middle")
    return drawn


def severity() -> Picture:
    item, rater, score = [0, 0, 1, 1, 2], [0, 1, 0, 1, 1], [4, 2, 5, 3, 3.5]
    result = adjust(item, rater, score, 3, 2, shrinkage=0)
    table = np.full((3, 2), np.nan)
    table[item, rater] = score
    mean = panel_mean(table)
    drawn = Picture(
        "Scores of a mild and a severe rater; the adjusted score of the third rises", 170
    )
    at = scale(1, 6, 130, 560)
    for row, name in enumerate(("one", "two", "three")):
        y = 25 + 36 * row
        drawn.text(115, y + 4, name, "", "end")
        drawn.line(at(1), y, at(6), y, "grid")
        for seat, kind in enumerate(("b", "c")):
            if not np.isnan(table[row, seat]):
                drawn.dot(at(table[row, seat]), y, f"{kind} open", 7)
        drawn.line(at(mean[row]), y - 12, at(mean[row]), y + 12)
        drawn.dot(at(result.adjusted[row]), y, "a", 5)
    for mark in range(1, 7):
        drawn.text(at(mark), 135, str(mark), "small", "middle")
    for x, words, kind in (
        (130, "mild rater", "b"), (220, "severe rater", "c"), (330, "adjusted", "a"),
        (420, "plain mean: upright line", "small"),
    ):  # fmt: skip
        drawn.text(x, 160, words, kind)
    return drawn


def waterfall() -> Picture:
    change = explain.value_change([[60, 40]], [0.5, 0.5], [[80, 40]], [0.6, 0.4])
    steps = (
        ("before", 0.0, 50.0, "quiet"),
        ("score", 50.0, float(change.score.sum()), "c"),
        ("weight 1", 61.0, float(change.weight[0, 0]), "c"),
        ("weight 2", 68.0, float(change.weight[0, 1]), "b"),
        ("after", 0.0, 64.0, "quiet"),
    )
    drawn = Picture("From 50 to 64: plus 11 by score, plus 7 and minus 4 by weights", 230)
    y = scale(0, 72, 195, 20)
    for place, (name, start, size, kind) in enumerate(steps):
        x = 40 + 118 * place
        low, high = min(start, start + size), max(start, start + size)
        drawn.bar(x, y(high), 88, y(low) - y(high), kind)
        words = f"{size:g}" if kind == "quiet" else f"{size:+g}"
        drawn.text(x + 44, y(high) - 6, words, "", "middle")
        drawn.text(x + 44, 215, name, "small", "middle")
    drawn.line(30, 195, 620, 195)
    return drawn


def two_lenses() -> Picture:
    roi, impact = np.array([3.3, 0.9, 0.7]), np.array([13.0, 32.0, 18.0])
    best = lenses.undominated(roi, impact)
    drawn = Picture("ROI against impact: two proposals best trade-off, one beaten in both", 220)
    x, y = scale(0, 4, 60, 600), scale(0, 36, 185, 15)
    drawn.line(60, 185, 600, 185)
    drawn.line(60, 185, 60, 15)
    drawn.bar(60, y(32), x(0.9) - 60, 185 - y(32), "quiet soft")
    for place in range(3):
        kind = "a" if best[place] else "b open"
        drawn.dot(x(roi[place]), y(impact[place]), kind, 7)
        drawn.text(x(roi[place]) + 14, y(impact[place]) + 5, ("first", "second", "third")[place])
    drawn.text(600, 206, "expected ROI", "small", "end")
    drawn.text(70, 26, "customer impact", "small")
    drawn.text(x(1.5), y(24), "whatever lies in the box is beaten by the second", "small")
    return drawn
