"""Customer impact points."""

from typing import Any

import numpy as np
import pytest

from scoring.analysis import impact
from scoring.analysis.impact import funnel_reach

# Columns are spread into the call here.
impact_points: Any = impact.impact_points


def test_points_add_up_by_proposal_and_negatives_count():
    result = impact_points(
        [1000, 500, 200, 0],
        [0.5, -0.1, 2.0, 1.0],
        [0.5, 1.0, 0.8, 1.0],
        [1.0, 2.0, 1.0, 1.0],
        [0, 0, 2, 3],
        4,
        stage=[0, 1, 1, 2],
        stages=4,
    )
    assert result.total.tolist() == [150.0, None, 320.0, 0.0]
    assert result.coverage.tolist() == [0.5, 0.0, 0.25, 0.25]
    assert result.nobody.tolist() == [False, False, False, True]


def test_order_of_rows_does_not_matter_to_the_last_bit():
    rng = np.random.default_rng(0)
    columns = [rng.uniform(0, 1, 50) for _ in range(4)]
    home = rng.integers(0, 5, 50)
    mixed = rng.permutation(50)
    one = impact_points(*columns, home, 5)
    two = impact_points(*(column[mixed] for column in columns), home[mixed], 5)
    assert one.total.tobytes() == two.total.tobytes()


def test_nothing_stated():
    result = impact_points([], [], [], [], [], 2, stage=[], stages=3)
    assert result.total.tolist() == [None, None]
    assert result.coverage.tolist() == [0.0, 0.0]
    assert result.nobody.tolist() == [False, False]
    assert impact_points([], [], [], [], [], 0).total.tolist() == []


def test_coverage_needs_the_stages_and_knows_no_company():
    columns = [[10.0, 10.0, 10.0], [1.0] * 3, [1.0] * 3, [1.0] * 3]
    without = impact_points(*columns, [0, 0, 1], 2)
    assert without.coverage.tolist() == [None, None]
    assert without.total.tolist() == [20.0, 10.0]
    both = impact_points(*columns, [0, 0, 1], 2, stage=[0, 0, 2], stages=4)
    assert both.coverage.tolist() == [0.25, 0.25]
    alone = impact_points([10.0], [1.0], [1.0], [1.0], [0], 1, stage=[2], stages=4)
    assert alone.coverage[0] == both.coverage[1]
    for wrong, name in (({"stage": [0, 0, 1]}, "stages"), ({"stages": 3}, "stage")):
        with pytest.raises(ValueError, match=rf"^{name}:"):
            impact_points(*columns, [0, 0, 1], 2, **wrong)
    with pytest.raises(ValueError, match=r"^stage:"):
        impact_points(*columns, [0, 0, 1], 2, stage=[0, 1, 4], stages=4)
    with pytest.raises(ValueError, match=r"^stages:"):
        impact_points(*columns, [0, 0, 1], 2, stage=[0, 0, 0], stages=0)


@pytest.mark.parametrize(
    ("place", "bad", "name"),
    [(0, -1.0, "reach"), (1, np.nan, "effect"), (2, 1.1, "confidence"), (3, -1.0, "stage_weight")],
)
def test_errors_name_the_argument(place, bad, name):
    columns = [[1.0], [1.0], [1.0], [1.0]]
    columns[place] = [bad]
    with pytest.raises(ValueError, match=rf"^{name}:"):
        impact_points(*columns, [0], 1)


def test_reach_through_a_funnel():
    assert funnel_reach(1200, 0.3) == pytest.approx(360)
    assert funnel_reach(1200) == 1200
    with pytest.raises(ValueError, match=r"^rates:"):
        funnel_reach(10, 1.2)
