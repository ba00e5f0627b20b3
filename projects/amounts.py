"""Amounts of money as people write them: 11,500,000, 11 500 000, 11.5 M, 500 k EUR."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from projects.formats import reader_formats

SIZES = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}
CURRENCY = r"(?:[a-z]{3}|\u20ac|\$|\xa3|\xa5|)"
WRITTEN = re.compile(
    rf"(?P<sign>[-+\u2212]?){CURRENCY}(?P<after>[-\u2212]?)"
    rf"(?P<digits>\d[\d.,]*)(?P<size>k|m|bn|){CURRENCY}"
)
IN_BRACKETS = re.compile(r"\((?P<inside>[^()]+)\)")  # as accountants write what is below zero
LOOSE = re.compile(r"[\s'\u2019_]")  # what stands between groups and decides nothing
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
NOT_AN_AMOUNT = "“%(text)s” is not an amount. Write it like %(example)s or 11.5 M."
TWO_WAYS = "“%(text)s” can be read in two ways. Write %(whole)s, or %(part)s."


def read_amount(text: str, *, decimal: str | None = None) -> Decimal:
    """The amount, whatever the signs between groups; ValidationError where it is open to doubt.

    ``decimal`` is the sign before the part below one, where the rest of a list tells it.
    """
    bare = LOOSE.sub("", text).lower()
    below = IN_BRACKETS.fullmatch(bare)
    found = WRITTEN.fullmatch(below["inside"] if below else bare)
    plain = None
    if found and not (found["sign"] and (found["after"] or below)):
        plain = _plain(found["digits"], grouped=not found["size"], decimal=decimal)
    if found is None or plain is None:
        params = {"text": text, "example": write_amount(Decimal(11_500_000))}
        raise ValidationError(NOT_AN_AMOUNT, params=params, code="invalid")
    amount = Decimal(plain) * SIZES[found["size"]]
    minus = below or found["after"] or found["sign"] in ("-", "\u2212")
    return -amount if minus else amount


def write_amount(amount: Decimal) -> str:
    """Grouped as the reader does, with decimals only where there are some."""
    return reader_formats().amount(amount, 0 if amount == amount.to_integral_value() else 2)


class Typed:
    """A number field that reads and shows numbers as people write them."""

    empty_values: Sequence[Any]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        plain = f"{read_amount(str(value)).normalize():f}"
        return super().to_python(plain)  # type: ignore[misc] # the field it is mixed into

    def prepare_value(self, value: Any) -> Any:
        """A stored number as text; what was typed stays as it is."""
        return write_amount(Decimal(value)) if isinstance(value, Decimal | int) else value


class AmountField(Typed, forms.DecimalField):
    """Money typed by hand."""


class CountField(Typed, forms.IntegerField):
    """A whole number typed by hand."""


class PlainDecimalField(forms.DecimalField):
    """A small number, without groups or decimals that say nothing: 5, -2.5, 0,8."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return reader_formats().number(f"{value.normalize():f}")


class PercentField(PlainDecimalField):
    """A share 0..1, typed and shown in per cent: 2.5 is 0.025."""

    widget = forms.TextInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 0 <= value <= 1:
            raise ValidationError("Give per cent, from 0 to 100.", code="invalid")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal"}

    def to_python(self, value: Any) -> Any:
        typed = value.strip().removesuffix("%") if isinstance(value, str) else value
        number = super().to_python(typed)
        return None if number is None else number / 100

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)


def _plain(digits: str, *, grouped: bool, decimal: str | None) -> str | None:
    """Digits with a point before the part below one; None where the signs make no sense.

    ``grouped``: a single sign before three digits could separate groups. It does if it is the one
    of the reader's language; of the other one nobody can know, so it is refused.
    """
    marks = [mark for mark in digits if not mark.isdigit()]
    if not marks:
        return digits
    if decimal is not None:
        return _by_sign(digits, decimal)
    bare = digits.replace(marks[0], "")
    if len(set(marks)) == 1 and GROUPED.fullmatch(digits) and (grouped or len(marks) > 1):
        if len(marks) == 1 and marks[0] != reader_formats().group:
            part = f"{Decimal(digits.replace(marks[0], '.')).normalize():f}"
            params = {"text": digits, "whole": bare, "part": part}
            raise ValidationError(TWO_WAYS, params=params, code="invalid")
        return bare
    groups, _, part = digits.rpartition(marks[-1])
    if marks[-1] in groups or not (groups.isdigit() or GROUPED.fullmatch(groups)):
        return None
    return f"{groups.replace(marks[0], '')}.{part or 0}"


def _by_sign(digits: str, decimal: str) -> str | None:
    """The same where the decimal sign is known: the other one can only stand between groups."""
    groups, _, part = digits.partition(decimal)
    if not (groups.isdigit() or GROUPED.fullmatch(groups)) or (part and not part.isdigit()):
        return None
    return f"{re.sub(r'[.,]', '', groups)}.{part or 0}"
