"""A mapping says which column of a foreign list becomes which field of a proposal.

A source is ``{"column": NAME}`` or ``{"constant": TEXT}``. A column may have ``values`` (foreign
word -> ours), ``default`` (for an empty cell), ``prefix`` (put before a text that is there),
``longest`` (characters that a text is shortened to) and ``scale`` (a factor for numbers). Without
a mapping file the columns are named as in ``docs/user/import.md``.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.shapes import NUMBER as NUMBER_TYPES
from projects.shapes import TEXT_OR_NUMBER, misshapen

OWNERS = ("marketing_owner", "cx_owner")
FIELDS = ("reference", *Proposal.CONTENT_FIELDS, *OWNERS)
POINTS = ("low", "likely", "high")
ANSWER = "answer_"  # before the key of a custom field, in the name of a column
Source = dict[str, Any]

# The form of a mapping file; see ``projects.shapes``.
SOURCE = {
    "column?": str,
    "constant?": TEXT_OR_NUMBER,
    "default?": TEXT_OR_NUMBER,
    "longest?": int,
    "prefix?": str,
    "scale?": NUMBER_TYPES,
    "values?": {"*": TEXT_OR_NUMBER},
}
MONTHS = ("starts_month?", "ramp_months?", "ends_month?")
BACKED_BY = ("evidence", "evidence_date")
AMOUNTS = {f"{name}?": SOURCE for name in ("amount", *POINTS, "yearly_retention", *BACKED_BY)}
EFFECT_PARTS = ("stage", "segment", "reach", "points", "evidence")
EFFECT = dict.fromkeys(EFFECT_PARTS, SOURCE) | {"evidence_date?": SOURCE}
FORM = {
    "fields": {"*": SOURCE},
    "money?": [{"kind": str, "label?": str, **dict.fromkeys(MONTHS, int), **AMOUNTS}],
    "effects?": [EFFECT],
    "measures?": {"*": SOURCE},
    "answers?": {"*": SOURCE},
    "sheet?": str,
    "setup?": {
        "cycle?": dict,
        "teams?": [{"name": str, "function": str}],
        "people?": [{"username": str, "team": str, "first_name?": str, "last_name?": str}],
        "stages?": [str],
        "segments?": [str],
    },
}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong, where: ``row`` as numbered in the file (0: the whole file)."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "file"
        return (
            f"{where}, {self.column}: {self.message}" if self.column else f"{where}: {self.message}"
        )


@dataclass(frozen=True, slots=True)
class Mapping:
    fields: dict[str, Source]
    money: list[dict[str, Any]] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    measures: dict[str, Source] = field(default_factory=dict)
    sheet: str = ""
    setup: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Source] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """Every column that the mapping reads."""
        return sorted({source["column"] for source in self.sources() if "column" in source})

    def sources(self) -> list[Source]:
        sources = [*self.fields.values(), *self.measures.values(), *self.answers.values()]
        for rows, form in ((self.money, AMOUNTS), (self.effects, EFFECT)):
            parts = [name.removesuffix("?") for name in form]
            sources += [row[part] for row in rows for part in parts if part in row]
        return sources


def read_mapping(text: str) -> Mapping:
    """Parse a mapping file; errors name the key."""
    try:
        data = json.loads(text.replace("\\u0000", ""))  # as in cells, a NUL is left out
    except json.JSONDecodeError as error:
        raise ValidationError({"mapping": f"The mapping is not JSON: {error}."}) from error
    known = set(Mapping.__dataclass_fields__)
    if not isinstance(data, dict) or set(data) - known or "fields" not in data:
        raise ValidationError({"mapping": f"A mapping has the keys {', '.join(sorted(known))}."})
    wrong = [f"{path}: {sentence}" for path, sentence in misshapen(data, FORM)]
    if wrong:
        raise ValidationError({"mapping": wrong})
    unknown = set(data["fields"]) - set(FIELDS)
    if unknown:
        raise ValidationError({"mapping": f"There is no field “{min(unknown)}”."})
    mapping = Mapping(**data)
    if not all({"column", "constant"} & set(row) for row in mapping.sources()):
        raise ValidationError({"mapping": 'Each source is {"column": ...} or {"constant": ...}.'})
    if any(source.get("longest", 1) < 1 for source in mapping.sources()):
        raise ValidationError({"mapping": "“longest” is at least 1."})
    return mapping


def plain_mapping(columns: list[str]) -> Mapping:
    """The mapping of a file whose columns carry our own names."""
    fields = {name: {"column": name} for name in FIELDS if name in columns}
    parts = {name: name for name in (*POINTS, *BACKED_BY)} | {"yearly_retention": "kept_per_year"}
    money = [
        {"kind": kind}
        | {
            part: {"column": f"{kind}_{ending}"}
            for part, ending in parts.items()
            if f"{kind}_{ending}" in columns
        }
        for kind in MoneyLine.Kind.values
        if f"{kind}_likely" in columns
    ]
    parts_of_effect = [*EFFECT_PARTS, *({"evidence_date"} & set(columns))]
    effect = {name: {"column": name} for name in parts_of_effect}
    return Mapping(
        fields=fields,
        money=money,
        effects=[effect] if "stage" in columns else [],
        answers={
            name.removeprefix(ANSWER): {"column": name}
            for name in columns
            if name.startswith(ANSWER)
        },
    )
