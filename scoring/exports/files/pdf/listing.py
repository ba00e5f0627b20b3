"""The list itself: the same columns and words as the page, with the cut line drawn in."""

from typing import Any

from reportlab.lib.utils import simpleSplit

from projects.templatetags.figures import few, money, one, percent, points, span, times
from scoring.exports.files.content import Content, Line
from scoring.exports.files.pdf.paper import (
    BODY,
    BOLD,
    BOTTOM,
    CX,
    DIMENSIONS,
    FIRM,
    INK,
    INK_2,
    INK_3,
    MARKETING,
    REGULAR,
    REST,
    RIGHT,
    SMALL,
    TOP,
    Paper,
)

ROW, EXTRA = 33.0, 11.0  # height of a row of two lines, and of each line more
# Left edges; numbers end at theirs.
RANK, NAME, VALUE, ROI, IMPACT, COST, WORDS = 48.0, 82.0, 292.0, 386.0, 432.0, 482.0, 490.0
NAME_WIDTH, BAR_WIDTH, WORDS_WIDTH = 198.0, 40.0, RIGHT - 490.0
MISSING_WIDTH = COST - NAME
TITLE_LINES, MISSING_LINES, WHERE_LINES = 2, 2, 3
INSIDE = "Inside the budget"
INCOMPLETE = "Incomplete"


def listing(paper: Paper, content: Content) -> None:
    y = _head(paper, paper.heading("The list", _note(content)) - 10)
    in_order = "sort=" not in str(content.facts["filter"])
    lines = content.lines
    ahead = _first_out(lines) if in_order else None
    apart = False
    for line in lines:
        opening = line["line"] == INCOMPLETE and not apart and in_order
        height = _height(line)
        if y - height * (2 if opening or ahead is line else 1) < BOTTOM:
            paper.turn()
            y = _head(paper, TOP - 8)
        if line is ahead:
            y = _cut(paper, content, y)
        if opening:
            apart = True
            y = _part(paper, y)
        _row(paper, content, line, y)
        y -= height
        paper.rule(y + 14)
    paper.turn()


def _height(line: Line) -> float:
    titles = min(TITLE_LINES, len(simpleSplit(line["title"], BOLD, BODY, NAME_WIDTH)))
    return ROW + EXTRA * (max(titles, len(_where(line))) - 1 + len(_missing(line)))


def _where(line: Line) -> list[str]:
    """The chance near the line, the side of the budget and what was decided, as lines."""
    if line["line"] == INCOMPLETE:
        return []
    near = line.certainty == "near the line"
    status = "" if line["status"] == "Submitted" else line["status"].lower()
    words = [
        percent(line["p_funded"]) if near else "",
        "inside" if line["line"] == INSIDE else "outside",
        status,
    ]
    found: list[str] = simpleSplit(", ".join(filter(None, words)), REGULAR, SMALL, WORDS_WIDTH)
    return found[:WHERE_LINES]


def _missing(line: Line) -> list[str]:
    """What is missing, as lines below the teams of a proposal without a rank."""
    if line["line"] != INCOMPLETE:
        return []
    found: list[str] = simpleSplit(line["missing"], REGULAR, SMALL, MISSING_WIDTH)
    return found[:MISSING_LINES]


def _note(content: Content) -> str:
    cut = content.cut
    shown, count = len(content.rows), content.count
    words = "" if shown == count else f"The first {shown} of {count}; the other files have all. "
    ranks = "Ranks are those of the whole backlog. "
    last = content.lines[-1]["rank"] if content.lines else None
    below = cut.first_out is not None and last is not None and last < cut.first_out
    return (
        words
        + ranks
        + ("The cut line lies further down. " if below else "")
        + "Under the rank and beside the ROI stand the ranges that hold in eight of ten possible "
        "futures; under ROI and impact, the rank that each alone would give."
    )


def _head(paper: Paper, y: float) -> float:
    names: tuple[tuple[float, str, str], ...] = (
        (RANK, "Rank", "left"),
        (NAME, "Proposal", "left"),
        (VALUE, "Value", "left"),
        (ROI, "ROI", "right"),
        (IMPACT, "Impact", "right"),
        (COST, "Cost", "right"),
        (WORDS, "Line", "left"),
    )
    for x, name, align in names:
        paper.text(x, y, name, size=SMALL, ink=INK_3, align=align)
    paper.rule(y - 6, ink=FIRM)
    return y - 20


def _row(paper: Paper, content: Content, line: Line, y: float) -> None:
    rank = line["rank"]
    paper.text(RANK, y, str(rank) if rank else "", font=BOLD)
    if rank and line["rank_p10"] is not None:
        low, high = line["rank_p10"], line["rank_p90"]
        paper.text(
            RANK, y - 11, f"{low}–{high}" if low != high else str(low), size=SMALL, ink=INK_3
        )
    below = paper.prose(
        NAME, y, line["title"], font=BOLD, width=NAME_WIDTH, leading=EXTRA / BODY, most=TITLE_LINES
    )
    x = paper.text(NAME, below, "Marketing ", size=SMALL, ink=MARKETING)
    x = paper.text(x, below, line["marketing_team"], size=SMALL, ink=INK_2, width=84)
    x = paper.text(x + 7, below, "CX ", size=SMALL, ink=CX)
    paper.text(x, below, line["cx_team"], size=SMALL, ink=INK_2, width=NAME + NAME_WIDTH - x)
    for place, words in enumerate(_missing(line), start=1):
        paper.text(NAME, below - EXTRA * place, words, size=SMALL, ink=INK_3)
    _value(paper, content, line, y)
    _figures(paper, content, line, y)
    _words(paper, line, y)


def _value(paper: Paper, content: Content, line: Line, y: float) -> None:
    paper.text(VALUE, y, one(line["value"]) if line["value"] is not None else "", font=BOLD)
    if line["value"] is None:
        return
    x, width = VALUE, BAR_WIDTH
    paper.box(x, y - 11, width, 5, REST)
    for place, keys in enumerate(content.dimensions.values()):
        part = max(0.0, line.parts(keys)) / 100 * width
        paper.box(x, y - 11, part, 5, DIMENSIONS[place % len(DIMENSIONS)])
        x += part


def _figures(paper: Paper, content: Content, line: Line, y: float) -> None:
    roi, impact, cost = line["roi"], line["impact"], line["cost"]
    missing: dict[str, Any] = {"size": SMALL, "ink": INK_3, "align": "right"}
    if roi is None:
        paper.text(ROI, y, "no ROI", **missing)
    else:
        paper.text(ROI, y, times(roi), align="right")
        paper.text(ROI, y - 11, span(line["roi_p10"], line["roi_p90"]), **missing)
    for x, cell, words, rank in (
        (IMPACT, impact, points(impact), line["impact_rank"]),
        (COST, cost, money(cost, str(content.facts["currency"])), None),
    ):
        if cell is None:
            paper.text(x, y, "not stated", **missing)
            continue
        paper.text(x, y, words, align="right")
        if rank:
            paper.text(x, y - 11, f"rank {rank}", **missing)


def _words(paper: Paper, line: Line, y: float) -> None:
    if line["line"] == INCOMPLETE:
        paper.text(WORDS, y, "incomplete", ink=INK_3, width=WORDS_WIDTH)
        return
    paper.text(WORDS, y, line.certainty, width=WORDS_WIDTH)
    for place, words in enumerate(_where(line), start=1):
        paper.text(WORDS, y - EXTRA * place, words, size=SMALL, ink=INK_3)


def _first_out(lines: list[Line]) -> Line | None:
    return next((line for line in lines if line["line"] == "Outside the budget"), None)


def _cut(paper: Paper, content: Content, y: float) -> float:
    currency, cut = str(content.facts["currency"]), content.cut
    left = f"{money(cut.left, currency)} left; what still fits below is inside"
    ahead = content.next_in
    if ahead is not None:
        left = f"next {money(ahead.more, currency)} would bring in {ahead.rank}"
        left += f" instead of {few(ahead.instead)}" if ahead.instead else ""
    paper.rule(y + 14, ink=INK, weight=1.5)
    paper.text(RANK, y + 3, f"Cut line: {money(cut.budget, currency)}", size=SMALL + 0.5, font=BOLD)
    paper.text(RIGHT, y + 3, left, size=SMALL + 0.5, ink=INK_2, align="right")
    paper.rule(y - 4)
    return y - 18


def _part(paper: Paper, y: float) -> float:
    paper.text(RANK, y, "Incomplete: not enough is scored or stated for a rank", font=BOLD)
    return y - 20
