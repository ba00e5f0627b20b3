"""Amounts as people write them; what could be two amounts is refused, not guessed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from projects.amounts import read_amount, write_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("11500000", "11500000"),
        ("11500000.00", "11500000"),
        ("11,500,000", "11500000"),
        ("11.500.000", "11500000"),
        ("11 500 000", "11500000"),
        ("11\u202f500\xa0000", "11500000"),
        ("11\u2019500\u2019000 EUR", "11500000"),
        ("11,500,000.25", "11500000.25"),
        ("11.500.000,25", "11500000.25"),
        ("1,500", "1500"),
        ("1,5", "1.5"),
        ("11.5 M", "11500000"),
        ("11,5 m", "11500000"),
        ("1.500 M", "1500000"),
        ("500k €", "500000"),
        ("2bn", "2000000000"),
        ("-5", "-5"),
        ("\u22125", "-5"),
    ],
)
def test_one_amount_in_many_hands(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "much", "1e5", "nan", "1,2,3", "1,23,456", "1.5.0", "1.000,00,0"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as error:
        read_amount(text)
    assert error.value.messages == [
        f"“{text}” is not an amount. Write it like 11,500,000 or 11.5 M."
    ]


def test_what_could_be_two_amounts_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        read_amount("11.500")
    assert error.value.messages == ["“11.500” can be read in two ways. Write 11500, or 11.5."]


def test_decimals_are_written_only_where_there_are_some() -> None:
    assert write_amount(Decimal("11500000.00")) == "11,500,000"
    assert write_amount(Decimal("1234.5")) == "1,234.50"
    assert write_amount(Decimal(0)) == "0"
