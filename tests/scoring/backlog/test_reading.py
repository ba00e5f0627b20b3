"""Why a value is what it is: the words follow from the sum beside them."""

from scoring.backlog.selectors.backlog import Term
from scoring.backlog.views.reading import reading


def term(name: str, counted: float | None, value: float | None) -> Term:
    contribution = None if counted is None or value is None else counted * value / 100
    return Term(name, name, "", "panel", 0.0, counted, None, value, contribution, 0)


def test_what_brings_most_and_what_loses_most() -> None:
    terms = [term("Fit", 20, 50), term("Return", 50, 20), term("Pain", 30, 90)]
    assert reading(terms) == (
        "Most of its value comes from “Pain” (27.0 points) and “Fit” (10.0 points). "
        "It loses most on “Return”: 40.0 of 50.0 points."
    )


def test_one_criterion_and_nothing_lost() -> None:
    terms = [term("Fit", 100, 100), term("Pain", None, None)]
    assert reading(terms) == "Most of its value comes from “Fit” (100.0 points)."


def test_without_a_score_there_is_nothing_to_say() -> None:
    assert reading([term("Fit", None, None)]) == ""
    assert reading([term("Fit", 100, 0)]) == ""
