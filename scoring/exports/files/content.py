"""What pages and slides show: the first rows of the list by name, and what the whole file says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from projects.proposals.models.proposals import Proposal
from scoring.backlog.selectors.backlog import CutLine, NextIn, certainty, cut_line, next_in
from scoring.exports.files.digests import Digests
from scoring.exports.files.json import MARK
from scoring.exports.files.seal import ListChanged
from scoring.exports.files.table import Cell, Column, Export, Row

YES = {str(Proposal.Status(value).label) for value in Proposal.SAID_YES}
SHOWN = 60  # rows; what a board reads on paper


class Line:
    """One row of the list, its cells by column key."""

    def __init__(self, row: Row, places: dict[str, int]) -> None:
        self._row, self._places = row, places

    def __getitem__(self, key: str) -> Any:
        return self._row[self._places[key]]

    @property
    def certainty(self) -> str:
        return certainty(self["p_funded"])

    def parts(self, keys: Iterable[str]) -> float:
        """The contributions of these criteria to the value, added up."""
        return sum(self[f"contribution_{key}"] or 0.0 for key in keys)


@dataclass(slots=True)
class Content:
    """The first rows, and counts over all rows of the file."""

    export: Export
    table: list[Column]
    rows: list[Row] = field(default_factory=list)
    count: int = 0
    ranked: int = 0
    safe: int = 0
    near: int = 0
    yes: int = 0
    yes_cost: float = 0.0

    @property
    def lines(self) -> list[Line]:
        places = {column.key: place for place, column in enumerate(self.table)}
        return [Line(row, places) for row in self.rows]

    @property
    def cut(self) -> CutLine:
        return cut_line(self.export.run)

    @property
    def next_in(self) -> NextIn | None:
        return next_in(self.export.run)

    @property
    def facts(self) -> dict[str, Cell]:
        return self.export.seal.facts()

    @property
    def dimensions(self) -> dict[str, list[str]]:
        """Dimension -> keys of its criteria, in the order of the framework."""
        found: dict[str, list[str]] = {}
        for criterion in self.export.criteria:
            found.setdefault(str(criterion["dimension"]), []).append(str(criterion["key"]))
        return found


def printed(content: Content) -> tuple[dict[str, Any], list[dict[str, Cell]]]:
    """What a file of pages states, to be signed, and the rows that it prints, with their marks."""
    if content.count != content.export.seal.rows:
        raise ListChanged(f"{content.count} rows were read, {content.export.seal.rows} announced.")
    digests = Digests(content.table)
    marks = digests.take(content.rows).marks if content.rows else []
    keys = [column.key for column in content.table]
    rows = [
        dict(zip(keys, row, strict=True)) | {MARK: mark}
        for row, mark in zip(content.rows, marks, strict=True)
    ]
    statement = {
        "seal": content.facts,
        "criteria": content.export.criteria,
        "record": content.export.record,
        "digests": digests.totals(),
        "printed": len(rows),
    }
    return statement, rows


def read_content(export: Export) -> Content:
    content = Content(export, export.columns)
    keys = [column.key for column in content.table]
    rank, funded = keys.index("rank"), keys.index("p_funded")
    status, cost = keys.index("status"), keys.index("cost")
    for chunk in export.chunks:
        content.rows += chunk[: SHOWN - len(content.rows)]
        content.count += len(chunk)
        content.ranked += sum(row[rank] is not None for row in chunk)
        words = [certainty(row[funded]) for row in chunk]  # type: ignore[arg-type] # a number
        content.safe += words.count("safe")
        content.near += words.count("near the line")
        said_yes = [row for row in chunk if row[status] in YES]
        content.yes += len(said_yes)
        content.yes_cost += sum(float(row[cost] or 0.0) for row in said_yes)
    return content
