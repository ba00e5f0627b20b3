"""Who judges what: everybody about as much, all functions heard, all proposals linked."""

import numpy as np
import pytest

from scoring.analysis.assignment import linked_groups, spread


def test_everybody_does_an_equal_share_and_all_are_linked() -> None:
    may = np.ones((60, 12), dtype=bool)
    found = spread(may, ~may, np.arange(12) % 4, each=3)
    assert found.chosen.sum(axis=1).tolist() == [3] * 60
    assert found.chosen.sum(axis=0).tolist() == [15] * 12
    assert (found.short.sum(), found.groups) == (0, 1)
    functions = [len({judge % 4 for judge in np.flatnonzero(row)}) for row in found.chosen]
    assert functions == [3] * 60


def test_judges_meet_in_changing_company() -> None:
    may = np.ones((12, 4), dtype=bool)
    found = spread(may, ~may, np.zeros(4, dtype=int), each=2)
    together = found.chosen.T.astype(int) @ found.chosen.astype(int)
    assert set(together[np.triu_indices(4, 1)].tolist()) == {2}


def test_nobody_judges_what_is_closed_to_them_and_what_is_held_stays() -> None:
    may = np.array([[True, False, True], [False, False, True], [False, False, False]])
    held = np.array([[True, False, False], [False, True, False], [False, False, False]])
    found = spread(may, held, [0, 0, 0], each=2)
    assert found.chosen.tolist() == [
        [False, False, True],
        [False, False, True],
        [False, False, False],
    ]
    assert (found.short.tolist(), found.groups) == ([0, 0, 2], 1)


def test_a_function_that_is_not_heard_comes_first_but_not_beyond_its_share() -> None:
    may = np.ones((4, 4), dtype=bool)
    # One judge of another function than the three: asked for a share of 2, not for all four.
    found = spread(may, ~may, [0, 0, 0, 1], each=2)
    assert found.chosen.sum(axis=0).tolist() == [2, 2, 2, 2]
    held = np.zeros((1, 3), dtype=bool)
    held[0, 0] = True
    assert spread(np.ones((1, 3), dtype=bool), held, [0, 0, 1], each=2).chosen.tolist() == [
        [False, False, True]
    ]


def test_proposals_that_share_no_judge_are_counted() -> None:
    apart = np.array([[True, True, False, False], [False, False, True, True]])
    assert linked_groups(apart) == 2
    assert linked_groups(np.zeros((2, 3), dtype=bool)) == 0
    assert spread(apart, ~apart & False, [0, 0, 0, 0], each=2).groups == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"each": -1}, "each: whole numbers"),
        ({"each": 1.5}, "each: whole numbers"),
        ({"each": [1, 1, 1]}, "each: whole numbers"),
        ({"held": np.zeros((1, 2), dtype=bool)}, "held: shape"),
        ({"may": [[1, 0]]}, "may: a table"),
        ({"function": [0, 2]}, "function: entries"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object], said: str) -> None:
    table = np.ones((2, 2), dtype=bool)
    given = {"may": table, "held": ~table, "function": [0, 1], "each": 1} | wrong
    with pytest.raises(ValueError, match=said):
        spread(**given)  # type: ignore[arg-type]


def test_nothing_to_judge_asks_nobody() -> None:
    none = np.zeros((0, 2), dtype=bool)
    found = spread(none, none, [0, 0], each=3)
    assert (found.chosen.shape, found.groups) == ((0, 2), 0)
