"""Draw the pictures of these pages from the numbers of their examples.

``python -m docs.method.pictures`` writes ``images/*.svg``; a test holds them to what is drawn here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docs.method import pictures_of_money as money
from docs.method import pictures_of_scores as scores
from docs.method.canvas import Picture

IMAGES = Path(__file__).parent / "images"

PICTURES: dict[str, Callable[[], Picture]] = {
    "contributions": scores.contributions,
    "value-function": scores.value_function,
    "weights": scores.weights,
    "three-points": money.three_points,
    "cohorts": money.cohorts,
    "impact": scores.impact_rows,
    "rank-intervals": scores.rank_intervals,
    "severity": scores.severity,
    "payback": money.payback,
    "shrinkage": money.shrinkage,
    "budget": money.budget,
    "frontier": money.trade,
    "waterfall": scores.waterfall,
    "hits": money.hits,
    "two-lenses": scores.two_lenses,
}


def main() -> None:
    """Write every picture."""
    IMAGES.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (IMAGES / f"{name}.svg").write_text(draw().svg(), encoding="utf-8")


if __name__ == "__main__":
    main()
