"""The coverage map: what falls where, what adds up, what is empty."""

from typing import Any

import pytest

from scoring.backlog.charts.coverage import coverage_map
from scoring.backlog.services.coverage import Coverage, coverage_of
from scoring.forecast.lifecycle import lifecycle_shares


def effect(stage: str, segment: str, reach: int, points: str = "10") -> dict[str, Any]:
    return {
        "stage": stage,
        "segment": segment,
        "reach": reach,
        "points": points,
        "evidence": "user",
    }


SNAPSHOT: dict[str, Any] = {
    "stages": {"Choose": "1", "Complain": "1", "Use": "2"},
    "confidence": {"user": "0.5"},
    "proposals": [
        {"id": 1, "effects": [effect("Use", "Families", 1000), effect("Choose", "Students", 2000)]},
        {"id": 2, "effects": [effect("Use", "Families", 600, "-50")]},
        {"id": 3, "effects": []},
        {"id": 4, "effects": [effect("Choose", "Retirees", 9999)]},
    ],
}


def found(costs: dict[int, float | None]) -> Coverage:
    return coverage_of(
        SNAPSHOT,
        costs,
        stages=["Choose", "Use", "Complain"],
        segments=["Families", "Retirees", "Students"],
    )


def test_cost_is_split_by_impact_and_adds_up() -> None:
    coverage = found({1: 80.0, 2: None, 3: 5.0})
    assert [
        (cell.stage, cell.segment, cell.proposals, cell.money, cell.unpriced, cell.points)
        for cell in coverage.cells
    ] == [
        ("Use", "Families", 2, 40.0, 1, -200.0),
        ("Choose", "Students", 1, 40.0, 0, 100.0),
    ]
    assert coverage.apart == [3]
    assert coverage.empty_stages == ["Complain"]
    assert coverage.empty_segments == ["Retirees"]


def test_who_is_not_named_is_not_counted() -> None:
    assert found({4: 10.0}).cells[0].money == 10.0
    assert len(found({4: 10.0}).cells) == 1


def test_places_and_lengths() -> None:
    drawn = coverage_map(found({1: 80.0, 2: None, 3: 5.0}))
    assert drawn is not None
    assert (drawn.width, drawn.height, drawn.column_width) == (960, 316, 350)
    use, choose = drawn.fields
    assert (use.x, use.y, use.heat) == (150, 128, 5)
    assert (choose.x, choose.y, choose.heat) == (500, 64, 5)
    assert [(total.name, total.money, total.empty) for total in drawn.rows] == [
        ("Choose", 40.0, False),
        ("Use", 40.0, False),
        ("Complain", None, True),
    ]
    assert (drawn.whole.money, drawn.whole.points) == (80.0, -100.0)
    assert [field.cell.stage for field in drawn.ordered] == ["Choose", "Use"]
    assert drawn.reading == (
        "Most money goes to Choose (50 %), most impact points to Choose (100 %)."
        " Nobody proposes anything for Complain. Nobody proposes anything for Retirees."
    )


def test_no_cost_and_no_gain_are_said() -> None:
    drawn = coverage_map(found({2: None}))
    assert drawn is not None
    assert drawn.whole.money is None
    assert drawn.reading.startswith("The stated effects add up to nothing. Nobody proposes")


def test_without_effects_there_is_no_map() -> None:
    assert coverage_map(found({3: 1.0})) is None


def line(kind: str, amount: str, **more: Any) -> dict[str, Any]:
    points = {"low": amount, "likely": amount, "high": amount}
    return {"kind": kind, **points, "starts_month": 0, "yearly_retention": None, **more}


def test_shares_of_the_life_cycle() -> None:
    snapshot = {
        "framework": {"parameters": {"discount_rate": "0"}},
        "proposals": [
            {"id": 5, "horizon_months": 12, "money": [
                line("one_off_cost", "70"), line("retention", "30"), line("cost_to_serve", "10"),
            ]},
            {"id": 6, "horizon_months": 12, "money": [line("one_off_cost", "70")]},
            {"id": 7, "horizon_months": 12, "money": [line("enrichment", "-5")]},
        ],
    }  # fmt: skip
    shares = lifecycle_shares(snapshot)
    assert list(shares) == [5]
    assert shares[5] == pytest.approx([0.0, 0.75, 0.0, 0.25])
