"""Criteria at work: spread, top level, abstentions, agreement, overlap; worked out by hand."""

from math import nan

import numpy as np
import pytest

from scoring.analysis.panel_health import criteria_health

# Five proposals, two judges: the first two criteria move together, the third never differs.
FIRST = [[0, 0], [25, 25], [50, 50], [75, 75], [100, 100]]
SECOND = [[10, 0], [25, 35], [50, 60], [70, 80], [100, 90]]
THIRD = [[100, 100]] * 5


def test_the_figures_of_three_criteria() -> None:
    scores = np.dstack([np.array(table, dtype=float) for table in (FIRST, SECOND, THIRD)])
    one, two, three = criteria_health(scores, np.zeros(scores.shape, dtype=bool))
    assert (one.scores, one.items, one.mean, one.top_share) == (10, 5, 50.0, 0.2)
    assert one.between == pytest.approx(np.sqrt(1562.5))  # of 0, 25, 50, 75, 100
    assert one.agreement.alpha == 1.0
    assert (one.twin, two.twin, three.twin) == (1, 0, None)
    means = [5.0, 30.0, 55.0, 75.0, 95.0]
    assert one.likeness == pytest.approx(two.likeness)
    assert one.likeness == pytest.approx(
        sum((x - 50) * (y - 52) for x, y in zip((0, 25, 50, 75, 100), means, strict=True))
        / np.sqrt(6250 * sum((y - 52) ** 2 for y in means))
    )
    assert (three.mean, three.top_share, three.between) == (100.0, 1.0, 0.0)
    assert three.agreement.alpha is None  # equal everywhere: undefined, not perfect


def test_what_is_missing_is_not_zero() -> None:
    scores = np.array([[[50.0], [nan]], [[nan], [nan]]])
    silent = np.array([[[False], [True]], [[True], [False]]])
    [found] = criteria_health(scores, silent)
    assert (found.scores, found.items, found.mean, found.between) == (1, 1, 50.0, None)
    assert found.abstained == pytest.approx(2 / 3)
    [nothing] = criteria_health(np.full((1, 1, 1), nan), np.zeros((1, 1, 1), dtype=bool))
    assert (nothing.scores, nothing.mean, nothing.top_share) == (0, None, None)
    assert (nothing.abstained, nothing.agreement.alpha) == (None, None)
    assert criteria_health(np.empty((0, 0, 2)), np.empty((0, 0, 2), dtype=bool))[1].scores == 0


def test_too_few_proposals_say_nothing_of_overlap() -> None:
    scores = np.dstack([np.array(table[:4], dtype=float) for table in (FIRST, SECOND)])
    found = criteria_health(scores, np.zeros(scores.shape, dtype=bool))
    assert [row.twin for row in found] == [None, None]


def test_a_score_beside_an_abstention_is_refused() -> None:
    with pytest.raises(ValueError, match="abstained: nobody gives a score and abstains"):
        criteria_health(np.ones((1, 1, 1)), np.ones((1, 1, 1), dtype=bool))
    with pytest.raises(ValueError, match="abstained: must have the shape"):
        criteria_health(np.ones((1, 1, 1)), np.ones((1, 1, 2), dtype=bool))
