"""Value functions and their refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.analysis import scales

NAN = float(np.nan)


def test_linear_in_both_directions():
    assert scales.linear([0, 5, 20, NAN], worst=0, best=10).tolist() == [0, 50, 100, None]
    assert scales.linear([0, 5, 20], worst=10, best=0).tolist() == [100, 50, 0]


def test_equal_ratios_are_equal_steps_on_a_log_scale():
    assert scales.logarithmic(
        [1, 10, 100, 0, -5, NAN], worst=1, best=100
    ).tolist() == pytest.approx([0, 50, 100, 0, 0, None])
    assert scales.logarithmic([1, 10, 0], worst=100, best=1).tolist() == pytest.approx(
        [100, 50, 100]
    )


def test_steps_hold_until_the_next_threshold():
    steps = [(0, 0), (10, 40), (20, 100)]
    assert scales.stepped([-1, 0, 9.9, 10, 25, NAN], steps).tolist() == [0, 0, 0, 40, 100, None]


def test_batch_range_flags_what_does_not_discriminate():
    values, useful = scales.batch_range([3, 3, NAN])
    assert (values.tolist(), useful) == ([50, 50, None], False)
    values, useful = scales.batch_range([1, 3, 2])
    assert (values.tolist(), useful) == ([0, 100, 50], True)
    assert scales.batch_range([])[1] is False


def test_value_per_cost_of_nothing_is_undefined():
    ratio = scales.value_per_cost([50, 50, NAN], [0, 2e6, 1e6], unit=1e6)
    assert ratio.tolist() == [None, 25, None]


def test_profiles_by_kind():
    rows = scales.profile_weights([[0.5, 0.5], [0.2, 0.8]], [1, 0, 1])
    assert rows.tolist() == [[0.2, 0.8], [0.5, 0.5], [0.2, 0.8]]


@given(
    a=st.floats(-1e3, 1e3),
    b=st.floats(-1e3, 1e3),
    ends=st.tuples(st.floats(0.1, 100), st.floats(0.1, 100)).filter(lambda e: e[0] != e[1]),
)
def test_value_functions_are_monotone(a, b, ends):
    worst, best = ends
    low, high = (min(a, b), max(a, b)) if best > worst else (max(a, b), min(a, b))
    for function in (scales.linear, scales.logarithmic):
        value = function([low, high], worst=worst, best=best)
        assert 0 <= value[0] <= value[1] <= 100


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: scales.linear([1], worst=1, best=1), "best"),
        (lambda: scales.logarithmic([1], worst=0, best=1), "worst"),
        (lambda: scales.logarithmic([1], worst=1, best=-1), "best"),
        (lambda: scales.stepped([1], [(0, 0), (0, 1)]), "steps"),
        (lambda: scales.stepped([1], [(0, 0), (1, 200)]), "steps"),
        (lambda: scales.stepped([1], [(0, 0), (1, 50), (2, 20)]), "steps"),
        (lambda: scales.stepped([1], []), "steps"),
        (lambda: scales.value_per_cost([1], [-1]), "cost"),
        (lambda: scales.value_per_cost([1], [1], unit=0), "unit"),
        (lambda: scales.profile_weights([[0.5, 0.4]], [0]), "profiles"),
        (lambda: scales.profile_weights([[0.5, 0.5]], [1]), "kind"),
        (lambda: scales.linear([np.inf], worst=0, best=1), "x"),
        (lambda: scales.linear(["a"], worst=0, best=1), "x"),
    ],
)
def test_errors_name_the_argument(call, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        call()


def test_anchors_may_all_but_touch():
    assert scales.linear([0.0, 1.0, -1.0], worst=0.0, best=5e-324).tolist() == [0.0, 100.0, 0.0]
    near = 0.10000000000000002
    assert scales.logarithmic([0.0, 0.1, near], worst=0.1, best=near).tolist() == [0.0, 0.0, 100.0]
