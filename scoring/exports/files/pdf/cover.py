"""The first page: what this is, and what the list says, in a few sentences."""

from typing import Any

from django.utils import timezone

from projects.templatetags.figures import money
from scoring.exports.files.content import Content
from scoring.exports.files.pdf.paper import (
    BOLD,
    FIRM,
    HEIGHT,
    INK_2,
    INK_3,
    LEAD,
    LEFT,
    MEASURE,
    RIGHT,
    SMALL,
    TITLE,
    Paper,
)
from scoring.exports.files.sentences import sentences


def cover(paper: Paper, content: Content, seal: str) -> None:
    paper.mark("Cover")
    y = HEIGHT - 72
    paper.text(LEFT, y, "Prioritizer", font=BOLD)
    paper.text(RIGHT, y, "Marketing and CX, one shared backlog", ink=INK_3, align="right")
    paper.rule(y - 12, ink=FIRM)
    y = HEIGHT - 220
    paper.text(LEFT, y, "Backlog", size=TITLE, font=BOLD)
    y = paper.prose(LEFT, y - 36, str(content.facts["cycle"]), size=18, ink=INK_2, most=2)
    y -= 28
    for sentence in sentences(content):
        y = paper.prose(LEFT, y, sentence, size=LEAD, leading=1.5, width=MEASURE * 0.86) - 6
    _figures(paper, content, y - 24)
    _facts(paper, content, seal)
    paper.turn()


def _printed(content: Content) -> str:
    shown = len(content.rows)
    how = "all printed" if shown == content.count else f"the first {shown} printed"
    return f"{content.count} proposals, {how}"


def _figures(paper: Paper, content: Content, y: float) -> None:
    currency, cut = str(content.facts["currency"]), content.cut
    figures = [
        ("Budget", money(cut.budget, currency)),
        ("Inside the budget", f"{cut.inside} of {content.export.run.facts['ranked']}"),
        ("Cost inside", money(cut.spent, currency)),
        ("Left", money(cut.left, currency)),
    ]
    width = MEASURE / len(figures)
    paper.rule(y + 22)
    for place, (name, figure) in enumerate(figures):
        x = LEFT + place * width
        paper.text(x, y + 4, name, size=SMALL, ink=INK_3)
        paper.text(x, y - 14, figure, size=15, font=BOLD, width=width - 8)
    paper.rule(y - 28)


def _facts(paper: Paper, content: Content, seal: str) -> None:
    facts, run = content.facts, content.export.run
    finished: Any = run.finished_at
    version = f"{facts['framework']}, version {facts['framework_version']}"
    named = f"{version}, {facts['framework_vote']}"
    rows = [
        (
            "Run",
            f"{run.pk}, {timezone.localtime(finished):%-d %B %Y, %H:%M %Z}"
            if finished
            else str(run.pk),
        ),
        ("Framework", named),
        (
            "Filter",
            "none: the whole backlog" if facts["filter"] == "none" else str(facts["filter"]),
        ),
        ("In this file", _printed(content)),
        ("Result digest", str(facts["result_digest"])),
        ("Seal of the rows", seal),
    ]
    y = 96 + 14.0 * len(rows)
    for name, words in rows:
        paper.text(LEFT, y, name, size=SMALL + 0.5, ink=INK_3)
        paper.text(LEFT + 96, y, words, size=SMALL + 0.5, ink=INK_2, width=MEASURE - 96)
        y -= 14
