"""How the reader writes numbers and dates: as they chose, or else as their browser's language does.

The words stay English. Files and the API never ask: they have one form for machines.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from importlib import import_module
from zoneinfo import available_timezones

from django.conf import global_settings, settings
from django.utils import numberformat, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import to_locale
from django.utils.translation.trans_real import parse_accept_lang_header

HOUSE = "en-gb"
LANGUAGES = {
    "en-gb": "English, United Kingdom",
    "en-us": "English, United States",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "de-ch": "German, Switzerland",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "pt-br": "Portuguese, Brazil",
    "sv": "Swedish",
}
# Month names read well in English alone; every other language gets the date in digits.
WITH_MONTHS = {"en-gb": ("j M Y", "j M", "H:i"), "en-us": ("M j, Y", "M j", "g:i A")}
SIGNS = {"de-ch": (".", "\u2019")}  # Django's are those of Germany with blanks


@dataclass(frozen=True)
class Formats:
    """The signs of numbers, and Django's patterns of a day, a day without its year, and a time."""

    language: str
    decimal: str
    group: str
    day: str
    day_of_year: str
    clock: str

    def number(self, text: str) -> str:
        """A number as code writes it, 1,234.5, in this form."""
        return text.translate({ord(","): self.group, ord("."): self.decimal})

    def amount(self, value: Decimal, places: int) -> str:
        return numberformat.format(
            value,
            self.decimal,
            decimal_pos=places,
            grouping=3,
            thousand_sep=self.group,
            force_grouping=True,
            use_l10n=False,
        )

    def date(self, value: date) -> str:
        return format_date(value, self.day)

    def moment(self, value: datetime) -> str:
        """Day, time and zone, as the reader's clock shows them."""
        return format_date(timezone.localtime(value), f"{self.day}, {self.clock} T")


@cache
def formats_of(language: str) -> Formats:
    """The formats of one of LANGUAGES."""
    name = "en" if language == "en-us" else to_locale(language)
    known = import_module(f"django.conf.locale.{name}.formats")

    def of(setting: str) -> str:
        return str(getattr(known, setting, getattr(global_settings, setting)))

    short = of("SHORT_DATE_FORMAT")
    day, day_of_year, clock = WITH_MONTHS.get(language, (short, short, of("TIME_FORMAT")))
    signs = SIGNS.get(language, (of("DECIMAL_SEPARATOR"), of("THOUSAND_SEPARATOR")))
    return Formats(language, *signs, day, day_of_year, clock)


def proposed_by(accepted: str) -> str:
    """The language of an Accept-Language header that comes first and is known; else the house's."""
    for tag, _weight in parse_accept_lang_header(accepted.lower()):
        for found in (tag, tag.partition("-")[0]):
            if found in LANGUAGES:
                return found
    return HOUSE


_reader: ContextVar[Formats | None] = ContextVar("reader", default=None)


def reader_formats() -> Formats:
    """Those of whoever reads what is being written now; the house's where nobody does."""
    return _reader.get() or formats_of(HOUSE)


@contextmanager
def written_for(language: str) -> Iterator[None]:
    token = _reader.set(formats_of(language))
    try:
        yield
    finally:
        _reader.reset(token)


def zone_choices() -> list[tuple[str, str]]:
    """Time zones by their places; the empty one is the house's."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    listed = [(zone, zone.replace("_", " ")) for zone in zones if not zone.startswith("Etc/")]
    return [("", f"As the house: {settings.TIME_ZONE}"), *listed]


def example(language: str) -> str:
    """Day, time and number of a language, for a list to choose from."""
    formats = formats_of(language)
    when = datetime.combine(date(2026, 11, 27), time(14, 30))
    return f"{format_date(when, f'{formats.day}, {formats.clock}')} · {formats.number('1,234.5')}"
