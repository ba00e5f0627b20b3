"""Numbers as people read them."""

from decimal import Decimal

import pytest

from projects.templatetags import figures

MINUS, THIN = "\u2212", "\u202f"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (999.4, "999"),
        (999.6, "1.0 k"),
        (1_000, "1.0 k"),
        (99_949, "99.9 k"),
        (340_000, "340 k"),
        (999_949, "1.0 M"),
        (1_234_567, "1.2 M"),
        (Decimal("4000000.00"), "4.0 M"),
        (2_500_000_000, "2.5 bn"),
        (-1_500, f"{MINUS}1.5 k"),
        (-0.2, "0"),
    ],
)
def test_short_numbers_keep_three_figures_at_most(value: float, text: str) -> None:
    assert figures.short(value) == text


def test_what_is_missing_is_said_and_never_a_zero() -> None:
    assert figures.money(None, "EUR") == "not stated"
    assert figures.exact_money(None, "EUR") == "not stated"
    assert figures.times(None) == "no ROI"
    assert figures.points(None) == "not stated"
    assert figures.one(None) == figures.exact(None) == figures.places(None, 2) == "missing"
    assert figures.percent(None) == "unknown"
    assert figures.span(None, 1.0) == ""


def test_money_is_short_in_lists_and_exact_on_demand() -> None:
    assert figures.money(1_234_567.891, "EUR") == "1.2 M EUR"
    assert figures.exact_money(1_234_567.891, "EUR") == "1,234,567.89 EUR"
    assert figures.exact_money(-5, "EUR") == f"{MINUS}5 EUR"
    assert figures.exact_money(Decimal("11500000.00"), "EUR") == "11,500,000 EUR"


@pytest.mark.parametrize(
    ("ranks", "text"),
    [
        ([14], "14"),
        ([14, 19], "14 and 19"),
        ([14, 19, 25], "14, 19 and 25"),
        ([14, 19, 25, 30], "14, 19, 25 and others"),
    ],
)
def test_a_few_ranks_are_named(ranks: list[int], text: str) -> None:
    assert figures.few(ranks) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, f"0{THIN}%"),
        (0.004, f"under 1{THIN}%"),
        (0.5, f"50{THIN}%"),
        (0.996, f"over 99{THIN}%"),
        (1.0, f"100{THIN}%"),
    ],
)
def test_nearly_nothing_is_not_nothing(share: float, text: str) -> None:
    assert figures.percent(share) == text


def test_ranges_and_multiples() -> None:
    assert figures.times(3.44) == "3.4×"
    assert figures.times(-0.04) == "0.0×"
    assert figures.span(1.94, 5.21) == "1.9–5.2"
    assert figures.span(-0.64, 1.2) == f"{MINUS}0.6 to 1.2"


def test_exact_numbers_drop_idle_zeros_and_columns_keep_them() -> None:
    assert figures.exact(7.125) == "7.125"
    assert figures.exact(1_000.0) == "1,000"
    assert figures.places(5, 2) == "5.00"


@pytest.mark.parametrize(
    ("rank", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
        (1002, "1002nd"),
    ],
)
def test_places_in_a_row(rank: int, text: str) -> None:
    assert figures.ordinal(rank) == text


def test_a_value_function_is_drawn_from_worst_to_best() -> None:
    assert figures.curve([[-1, 0], [0, 20], [4, 100]]) == "0.00,40.00 20.00,32.00 100.00,0.00"
