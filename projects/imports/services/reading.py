"""The rows of a foreign list as changes of proposals, by what its mapping says."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from projects.amounts import read_amount
from projects.customers.models import JourneyStage, Segment
from projects.imports.services.cells import NO_RESULT, Exact
from projects.imports.services.mapping import OWNERS, POINTS, Mapping, RowError, Source
from projects.imports.services.newcomers import Maker, stand_in
from projects.imports.services.table import DAY, Dialect
from projects.people.models import User
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.services import Change

# As programs write numbers. An exponent of more than two digits stands for no amount and would
# fill the memory.
PLAIN = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,2})?")
UNSTORED = (
    "A formula without a stored result: open and save the file in a spreadsheet program once."
)


class RowReader:
    """Turns rows into changes, and remembers what was wrong in each."""

    def __init__(
        self, mapping: Mapping, dialect: Dialect, *, new: dict[str, Maker] | None = None
    ) -> None:
        """``new`` makes a row of a name that is not here yet, by the field that names it."""
        self._mapping = mapping
        self._new = new or {}
        self._dialect = dialect
        self._people = _people_by_name()
        self._stages = {stage.name: stage for stage in JourneyStage.objects.all()}
        self._asked = {field.key: field for field in CustomField.objects.all()}
        self._segments = {segment.name: segment for segment in Segment.objects.all()}
        self._row: dict[str, str] = {}
        self._number = 0
        self.errors: list[RowError] = []

    def read(self, row: dict[str, str], number: int) -> tuple[str, Change]:
        """(reference, change) of one row; look at ``errors`` afterwards."""
        self._row, self._number = row, number
        fields: dict[str, Any] = {
            name: self._text(source) for name, source in self._mapping.fields.items()
        }
        reference = fields.pop("reference", "")
        for name in OWNERS:
            person = self._known(self._people, "person", self._mapping.fields.get(name), name)
            fields.pop(name, None)
            if person is not None:
                fields[name] = person
        if "horizon_months" in fields:
            months = self._whole(self._mapping.fields["horizon_months"])
            fields["horizon_months"] = 36 if months is None else months
        return reference, Change(
            fields=fields,
            money=[line for row in self._mapping.money if (line := self._money(row))],
            effects=[effect for row in self._mapping.effects if (effect := self._effect(row))],
            measures=[
                Measure(key=key, value=float(value))
                for key, source in self._mapping.measures.items()
                if (value := self._decimal(source)) is not None
            ],
            answers=[
                answer
                for key, source in self._mapping.answers.items()
                if (answer := self._answer(key, source))
            ],
        )

    def wrong(self, column: str, message: str) -> None:
        self.errors.append(RowError(self._number, column, message))

    def column_of(self, path: str) -> str:
        """The column behind a field or row path that a service named, for the message."""
        name, _, rest = path.partition(".")
        source = self._mapping.fields.get(name, {})
        if rest:
            place, _, key = rest.partition(".")
            rows = {"money": self._mapping.money, "effects": self._mapping.effects}.get(name, [])
            given = rows[int(place)] if place.isdigit() and int(place) < len(rows) else {}
            source = given.get(key) or given.get("amount") or {}
        if name == "measures":
            source = self._mapping.measures.get(rest.partition(".")[0], {})
        return _column(source) or path

    def _money(self, row: dict[str, Any]) -> MoneyLine | None:
        before = len(self.errors)
        amount = self._decimal(row.get("amount"))
        low, likely, high = points = [
            self._decimal(row[name]) if name in row else amount for name in POINTS
        ]
        # A line that the list does not state is missing, which is not zero.
        if len(self.errors) > before or points == [None, None, None]:
            return None
        if likely is None:
            self.wrong(
                _column(row.get("likely", row.get("amount"))), "The likely amount is missing."
            )
            return None
        return MoneyLine(
            kind=row["kind"],
            label=str(row.get("label", "")),
            low=likely if low is None else low,
            likely=likely,
            high=likely if high is None else high,
            starts_month=row.get("starts_month", 0),
            ramp_months=row.get("ramp_months", 0),
            ends_month=row.get("ends_month"),
            yearly_retention=self._decimal(row.get("yearly_retention")),
            evidence=self._text(row.get("evidence")),
            evidence_date=self._day(row.get("evidence_date")),
        )

    def _effect(self, row: dict[str, Any]) -> CustomerEffect | None:
        before = len(self.errors)
        reach, points = self._whole(row.get("reach")), self._decimal(row.get("points"))
        if len(self.errors) > before or (reach is None and points is None):
            return None
        stage = self._known(self._stages, "journey stage", row.get("stage"), "stage")
        segment = self._known(self._segments, "segment", row.get("segment"), "segment")
        if reach is None or points is None:
            missing = "reach" if reach is None else "points"
            self.wrong(_column(row.get(missing)) or missing, "A number is missing.")
        if stage is None or segment is None or reach is None or points is None:
            return None
        return CustomerEffect(
            stage=stage,
            segment=segment,
            reach=reach,
            points=points,
            evidence=self._text(row.get("evidence")),
            evidence_date=self._day(row.get("evidence_date")),
        )

    def _answer(self, key: str, source: Source) -> FieldValue | None:
        """An answer in the form that is stored; None for an empty cell and for a wrong one."""
        field = self._asked.get(key)
        if field is None:
            self.wrong(_column(source), f"There is no custom field “{key}”.")
            return None
        if field.kind == CustomField.Kind.NUMBER:
            number = self._decimal(source)
            text = "" if number is None else f"{number:f}"
        elif field.kind == CustomField.Kind.DATE:
            text = str(self._day(source) or "")
        else:
            text = self._text(source)
        if not text:
            return None
        answer = FieldValue(field=field, value=text)
        try:
            answer.clean_fields({"proposal", "field"})
            answer.clean()
        except ValidationError as error:
            self.wrong(_column(source), " ".join(error.messages))
        return answer

    def _day(self, source: Source | None) -> date | None:
        text = self._text(source)
        try:
            return read_day(text, days_first=self._dialect.days_first) if text else None
        except ValueError:
            self.wrong(_column(source), f"“{text}” is not a date. Write it as 2026-03-31.")
            return None

    def _text(self, source: Source | None) -> str:
        if source is None:
            return ""
        if "constant" in source:
            return str(source["constant"])
        given = self._row.get(source["column"], "")
        if given == NO_RESULT:
            self.wrong(source["column"], UNSTORED)
            return ""
        given = given or str(source.get("default", ""))
        values: dict[str, str] = source.get("values", {})
        if values and given and given not in values:
            self.wrong(source["column"], f"“{given}” is not in the mapping's values.")
            return ""
        text = str(values[given]) if values and given else given
        return _shortened(source.get("prefix", "") + text, source) if text else ""

    def _decimal(self, source: Source | None) -> Decimal | None:
        text = self._text(source)
        if not text or source is None:
            return None
        try:
            number = self._number_in(source, text)
        except ValidationError as error:
            self.wrong(_column(source), " ".join(error.messages))
            return None
        return number * Decimal(str(source.get("scale", 1)))

    def _number_in(self, source: Source, text: str) -> Decimal:
        """As forms read it, with the decimal sign of the whole list; a stored number as it is."""
        stored = isinstance(self._row.get(_column(source)), Exact) or "constant" in source
        if PLAIN.fullmatch(text) and (stored or "e" in text.lower() or text.isdigit()):
            return Decimal(text)
        return read_amount(text, decimal="." if stored else self._dialect.decimal)

    def _whole(self, source: Source | None) -> int | None:
        number = self._decimal(source)
        if number is not None and number != number.to_integral_value():
            self.wrong(_column(source), f"“{number}” is not a whole number.")
            return None
        return None if number is None else int(number)

    def _known(self, known: dict[str, Any], what: str, source: Source | None, name: str) -> Any:
        text = self._text(source)
        if text in known:
            return known[text]
        where = _column(source) or name
        if text and name in self._new:
            try:
                known[text] = stand_in(self._new[name], text, 1 + len(known))
            except ValidationError as error:
                self.wrong(where, " ".join(error.messages))
                return None
            return known[text]
        self.wrong(where, f"There is no {what} “{text}”." if text else f"The {what} is missing.")
        return None


def _people_by_name() -> dict[str, User]:
    """Everybody by user name, and by e-mail address and full name where one alone has it."""
    people = list(User.objects.select_related("team"))
    named = [(name, person) for person in people for name in (person.email, str(person)) if name]
    often = Counter(name for name, _ in named)
    found = {name: person for name, person in named if often[name] == 1}
    return found | {person.username: person for person in people}


def read_day(text: str, *, days_first: bool | None) -> date:
    """A day in the ISO form, or as 31.12.2026, 31/12/26 or 12/31/2026 by what the list tells.

    Errors: ValueError where it is none, or could be two.
    """
    found = DAY.fullmatch(text)
    if found is None:
        return date.fromisoformat(text[:10] if text[10:] == "T00:00:00" else text)
    if days_first is None and found[1] != found[3]:
        raise ValueError(text)
    day, month = (found[1], found[3]) if days_first else (found[3], found[1])
    year = found[4] if len(found[4]) > 2 else f"20{found[4]}"  # noqa: PLR2004 - a short year
    return date(int(year), int(month), int(day))


def _shortened(text: str, source: Source) -> str:
    """The text, or as many of its whole words as fit, with an ellipsis that shows the cut."""
    longest: int = source.get("longest", len(text))
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if not text[len(kept)].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return f"{kept.rstrip()}…"


def _column(source: object) -> str:
    return str(source.get("column", "")) if isinstance(source, dict) else ""
