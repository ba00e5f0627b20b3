"""Numbers as people read them: short in lists, exact on hover, always with a unit."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.dateformat import format as format_date

from projects.formats import reader_formats

register = template.Library()
MINUS = "\u2212"
THIN = "\u202f"
STEPS = ((10**9, "bn"), (10**6, "M"), (10**3, "k"))
THREE_FIGURES = 100
ALMOST_NONE, ALMOST_ALL = 0.005, 0.995  # what whole per cent would round to 0 or 100
TEENS = (11, 12, 13)
NAMED = 3
Number = float | int | Decimal


def signed(text: str) -> str:
    """In the reader's form, with a real minus sign, and no sign on a rounded zero."""
    if text.startswith("-"):
        text = text[1:] if not text.strip("-0.,") else MINUS + text[1:]
    return reader_formats().number(text)


@register.filter
def count(value: int | None) -> str:
    """A whole number with its groups: 11,500."""
    return "missing" if value is None else signed(f"{value:,}")


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    return format_date(value, reader_formats().day) if value else ""


@register.filter(expects_localtime=True)
def day_of_year(value: date | None) -> str:
    return format_date(value, reader_formats().day_of_year) if value else ""


@register.filter(expects_localtime=True)
def clock(value: datetime | None) -> str:
    return format_date(value, f"{reader_formats().clock} T") if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time in the reader's zone, which is named."""
    return reader_formats().moment(value) if value else ""


@register.filter
def short(value: Number) -> str:
    """Three figures at most: 1.2 M, 340 k, 12."""
    number = float(value)
    for size, unit in STEPS:
        # 999,950 is already 1.0 M at one decimal.
        if abs(number) >= size * 0.9995:
            scaled = number / size
            return (
                signed(f"{scaled:.1f}" if abs(scaled) < THREE_FIGURES else f"{scaled:.0f}")
                + f" {unit}"
            )
    return signed(f"{number:.0f}")


@register.filter
def money(value: Number | None, currency: str) -> str:
    """1.2 M EUR, or what is missing in words."""
    return "not stated" if value is None else f"{short(value)} {currency}"


@register.filter
def exact_money(value: Number | None, currency: str) -> str:
    """To the cent, where there are cents: 11,500,000 EUR, 192,933.42 EUR."""
    if value is None:
        return "not stated"
    return f"{signed(f'{float(value):,.2f}'.removesuffix('.00'))} {currency}"


@register.filter
def times(value: float | None) -> str:
    """A return on investment as a multiple of its cost: 3.4×."""
    return "no ROI" if value is None else signed(f"{value:.1f}") + "×"


@register.filter
def points(value: float | None) -> str:
    return "not stated" if value is None else f"{short(value)} pts"


@register.filter
def one(value: float | None) -> str:
    """One decimal."""
    return "missing" if value is None else signed(f"{value:,.1f}")


@register.filter
def plain(value: float) -> str:
    """One decimal at most: 40, 33.3."""
    return signed(f"{value:.1f}".removesuffix(".0"))


@register.filter
def exact(value: float | None) -> str:
    """As many figures as matter, for titles and sums."""
    return "missing" if value is None else signed(f"{value:,.4f}".rstrip("0").rstrip("."))


@register.filter
def ordinal(rank: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    last = rank % 100
    ending = "th" if last in TEENS else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{ending}"


@register.filter
def curve(knots: list[list[float]]) -> str:
    """A value function's fixed points as an SVG polyline in a box of 100 by 40, 100 on top."""
    low, high = knots[0][0], knots[-1][0]
    return " ".join(
        f"{100 * (x - low) / (high - low):.2f},{40 - 0.4 * value:.2f}" for x, value in knots
    )


@register.filter
def places(value: float | None, decimals: int) -> str:
    """A fixed number of decimals, so that a column of them lines up."""
    return "missing" if value is None else signed(f"{value:,.{decimals}f}")


@register.filter
def percent(value: float | None) -> str:
    """A share 0..1 in whole per cent; never 0 % or 100 % for something in between."""
    if value is None:
        return "unknown"
    if 0 < value < ALMOST_NONE:
        return f"under 1{THIN}%"
    if ALMOST_ALL < value < 1:
        return f"over 99{THIN}%"
    return f"{value * 100:.0f}{THIN}%"


@register.filter
def share(value: Number) -> str:
    """A share 0..1 in per cent, with up to two decimals: 7 %, 2.5 %, 26.54 %."""
    return f"{exact(round(float(value) * 100, 2))}{THIN}%"


@register.filter
def span(low: float | None, high: float | None) -> str:
    """Two multiples with an en dash, 1.9–5.2; in words beside a minus sign, −0.6 to 1.2."""
    if low is None or high is None:
        return ""
    ends = [signed(f"{end:.1f}") for end in (low, high)]
    return (" to " if MINUS in "".join(ends) else "–").join(ends)


@register.filter
def change(value: float, decimals: int) -> str:
    """A difference with its sign, so that a gain and a loss cannot be mixed up."""
    text = places(value, decimals)
    return f"+{text}" if round(float(value), decimals) > 0 else text


@register.filter
def more(value: float) -> str:
    """A difference in three figures at most, with its sign: +1.2 M, −340 k."""
    return f"+{short(value)}" if value > 0 else short(value)


@register.filter
def places_moved(ranks: float) -> str:
    """A change of rank in words; fewer is up. A half is shared between two causes."""
    number = round(ranks, 2)
    if number == 0:
        return "none"
    return f"{'up' if number < 0 else 'down'} {abs(number):g}"


@register.filter
def few(ranks: list[int]) -> str:
    """The first three in words: 14; 14 and 19; 14, 19, 25 and others."""
    named = [str(rank) for rank in ranks[:NAMED]] + ["others"] * (len(ranks) > NAMED)
    return " and ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)
