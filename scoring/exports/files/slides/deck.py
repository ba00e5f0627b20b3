"""The presentation: cover, list, charts, what leaders made of it, method, and its seal."""

from typing import Any, BinaryIO

from projects.templatetags.figures import money, percent, points, span, times
from scoring.exports.files.content import Content, Line, printed, read_content
from scoring.exports.files.method import checking, explanations
from scoring.exports.files.record import PROSE, Part, as_read, parts_of
from scoring.exports.files.sentences import sentences
from scoring.exports.files.slides.charts import charts
from scoring.exports.files.slides.seal import sealed
from scoring.exports.files.slides.slide import INK_2, LEAD, ROW, TOP, UNDER, Deck, table, text
from scoring.exports.files.table import Cell, Export

LISTED, PER_SLIDE = 24, 12  # rows of the list, and of a slide
MOST, FEWER, LETTERS = 25, 5, 110  # rows of a part of the record, of its slides; letters of a cell
EXPLAINED = ("Rank", "Expected ROI", "Customer impact", "Budget line")


def write_slides(export: Export, file: BinaryIO) -> None:
    content = read_content(export)
    statement, rows = printed(content)
    seal = str(statement["digests"]["rows"])
    file.write(sealed(_deck(content, seal), statement, rows))


def _deck(content: Content, seal: str) -> Any:
    facts = content.facts
    chosen = "" if facts["filter"] == "none" else f", filter {facts['filter']}"
    short = " ".join(seal[start : start + 4] for start in range(0, 16, 4))
    deck = Deck(
        title=f"Backlog of run {facts['run']}, {facts['cycle']}",
        footer=f"Run {facts['run']}, framework v{facts['framework_version']}{chosen}, seal {short}",
    )
    _cover(deck, content)
    _list(deck, content)
    charts(deck, content)
    for part, rows in parts_of(content.export.record):
        if part.key != "funded":
            _part(deck, content, part, rows)
    _method(deck, content)
    return deck.file


def _cover(deck: Deck, content: Content) -> None:
    facts = content.facts
    slide = deck.slide(f"Backlog: {facts['cycle']}")
    framework = f"{facts['framework']}, version {facts['framework_version']}"
    text(slide, f"{framework}, {facts['framework_vote']}", top=UNDER, ink=INK_2)
    text(slide, *sentences(content), top=TOP + ROW, size=LEAD)


def _list(deck: Deck, content: Content) -> None:
    currency = str(content.facts["currency"])
    lines = content.lines[:LISTED]
    note = f"The first {len(lines)} of {content.count}. Ranges hold in eight of ten futures."
    headings = ("Rank", "Proposal", "ROI", "ROI range", "Impact", "Cost", "Funded", "Budget line")
    for start in range(0, len(lines), PER_SLIDE):
        table(
            deck.slide("The list", note),
            headings,
            [_row(line, currency) for line in lines[start : start + PER_SLIDE]],
            shares=(7, 42, 8, 14, 11, 12, 10, 17),
            numbers=(2, 3, 4, 5, 6),
        )


def _row(line: Line, currency: str) -> list[str]:
    roi, funded = line["roi"], line["p_funded"]
    return [
        str(line["rank"] or ""),
        _cut(f"{line['reference']} {line['title']}"),
        "no ROI" if roi is None else times(roi),
        "" if roi is None else span(line["roi_p10"], line["roi_p90"]),
        "not stated" if line["impact"] is None else points(line["impact"]),
        money(line["cost"], currency),
        "" if funded is None else percent(funded),
        str(line["line"]),
    ]


def _part(deck: Deck, content: Content, part: Part, rows: list[dict[str, Cell]]) -> None:
    """The first rows; a column in which none of them has anything is left out."""
    currency = str(content.facts["currency"])
    note = f"The first {MOST} of {len(rows)}; the other files have all." if len(rows) > MOST else ""
    names, columns = part.columns[: part.named], part.columns[part.named :]
    used = [column for column in columns if any(row[column.key] for row in rows)]
    about = "Proposal" if part.named > 1 else names[0].heading
    shown = [
        [
            _cut(" ".join(str(row[column.key]) for column in names)),
            *(_cut(as_read(column, row[column.key], currency)) for column in used),
        ]
        for row in rows[:MOST]
    ]
    for start in range(0, len(shown), FEWER):
        table(
            deck.slide(part.name, note),
            [about, *(column.heading for column in used)],
            shown[start : start + FEWER],
            shares=[2, *(2 if column.key in PROSE else 1 for column in used)],
            numbers=[at for at, column in enumerate(used, start=1) if not column.is_text],
        )


def _method(deck: Deck, content: Content) -> None:
    run = content.export.run
    said = [pair for pair in explanations(run) if pair[0] in EXPLAINED] + checking(run)
    slide = deck.slide("How the numbers came about")
    table(slide, ("Number", "What it means"), said, shares=(2, 10))


def _cut(words: str) -> str:
    return words if len(words) <= LETTERS else words[: LETTERS - 1].rstrip() + "…"
