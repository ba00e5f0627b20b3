"""What leaders made of the list: the plan, its exceptions and the decisions, an entry each."""

from reportlab.lib.utils import simpleSplit

from scoring.exports.files.content import Content
from scoring.exports.files.pdf.paper import (
    BODY,
    BOLD,
    BOTTOM,
    INK_2,
    INK_3,
    LEFT,
    MEASURE,
    REGULAR,
    SMALL,
    TOP,
    Paper,
)
from scoring.exports.files.record import as_read, parts_of
from scoring.exports.files.table import Column

SIDE, LEADING, BETWEEN = 104.0, 1.45, 9.0
MOST, MOST_LINES = 60, 8  # entries of a part, and lines of a text
Entry = tuple[str, list[tuple[str, list[str]]]]


def record(paper: Paper, content: Content) -> None:
    currency = str(content.facts["currency"])
    for part, rows in parts_of(content.export.record):
        note = f"The first {MOST} of {len(rows)}; the other files have all."
        y = paper.heading(part.name, note if len(rows) > MOST else "") - 10
        for row in rows[:MOST]:
            names, columns = part.columns[: part.named], part.columns[part.named :]
            title = " ".join(str(row[column.key]) for column in names)
            said = [(column, as_read(column, row[column.key], currency)) for column in columns]
            entry = title, [_lines(column, words) for column, words in said if words]
            if y - _height(entry) < BOTTOM:
                paper.turn()
                y = TOP - 8
            y = _entry(paper, entry, y)
        paper.turn()


def _lines(column: Column, words: str) -> tuple[str, list[str]]:
    found: list[str] = simpleSplit(words, REGULAR, BODY, MEASURE - SIDE)
    if len(found) > MOST_LINES:
        found[MOST_LINES - 1] += "…"
    return column.heading, found[:MOST_LINES]


def _height(entry: Entry) -> float:
    _, named = entry
    return BODY * LEADING * (1 + sum(len(lines) for _, lines in named))


def _entry(paper: Paper, entry: Entry, y: float) -> float:
    title, named = entry
    paper.text(LEFT, y, title, font=BOLD, width=MEASURE)
    y -= BODY * LEADING
    for name, lines in named:
        paper.text(LEFT, y, name, size=SMALL, ink=INK_3, width=SIDE - 8)
        for line in lines:
            paper.text(LEFT + SIDE, y, line, ink=INK_2)
            y -= BODY * LEADING
    return y - BETWEEN
