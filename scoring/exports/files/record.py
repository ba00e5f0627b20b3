"""What leaders made of the list by the day of the file: its plan, and what they decided."""

from collections.abc import Iterator
from dataclasses import dataclass

from projects.templatetags.figures import money, points
from scoring.exports.files.table import Cell, Column, Record


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the record; its first columns, ``named`` of them, name what a row is about."""

    key: str
    name: str
    columns: tuple[Column, ...]
    named: int = 2


PROSE = {"reason", "why", "exception", "conditions"}  # columns of sentences
PROPOSAL = (Column("reference", "Reference", "text"), Column("title", "Title", "text"))
PARTS = (
    Part(
        "plans",
        "Plan and scenarios",
        (
            Column("name", "Name", "text"),
            Column("standing", "Standing", "text"),
            Column("kept_by", "Kept by", "text"),
            Column("adopted_by", "Adopted by", "text"),
            Column("adopted_on", "Adopted on", "text"),
            Column("funded", "Proposals funded", "whole"),
            Column("cost", "Cost (present value)", "money"),
            Column("returns", "Expected return", "money"),
            Column("returns_p10", "Return P10", "money"),
            Column("returns_p90", "Return P90", "money"),
            Column("impact", "Customer impact", "points"),
        ),
        named=1,
    ),
    Part("funded", "Funded by the plan", PROPOSAL),
    Part(
        "exceptions",
        "Exceptions of the plan",
        (
            *PROPOSAL,
            Column("forced", "Forced", "text"),
            Column("why", "Why not the ranking", "text"),
            Column("asked_by", "Asked for by", "text"),
            Column("return_given_up", "Return given up", "money"),
            Column("impact_given_up", "Impact given up", "points"),
        ),
    ),
    Part(
        "decisions",
        "Decisions",
        (
            *PROPOSAL,
            Column("outcome", "Decision", "text"),
            Column("decided_on", "On", "text"),
            Column("decided_by", "By", "text"),
            Column("seconded_by", "Agreed by", "text"),
            Column("reason", "Reason", "text"),
            Column("why", "Why not the ranking", "text"),
            Column("exception", "Why past a gate", "text"),
            Column("conditions", "Conditions", "text"),
        ),
    ),
)


def parts_of(record: Record) -> Iterator[tuple[Part, list[dict[str, Cell]]]]:
    """Each part that has rows."""
    return ((part, record[part.key]) for part in PARTS if record.get(part.key))


def as_read(column: Column, cell: Cell, currency: str) -> str:
    """A cell as people read it; empty where there is nothing."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if column.kind == "money":
        return money(cell, currency)
    return points(cell) if column.kind == "points" else str(cell)
