"""The last pages: how the numbers came about, and where people sign."""

from projects.templatetags.figures import places
from scoring.exports.files.content import Content
from scoring.exports.files.method import checking, explanations, source_of
from scoring.exports.files.pdf.paper import (
    BOLD,
    BOTTOM,
    FIRM,
    INK_2,
    INK_3,
    LEFT,
    MEASURE,
    RIGHT,
    SMALL,
    Paper,
)

SIGNERS = ("For Marketing", "For CX", "For the panel", "For the board")
SIDE = 104.0


def method(paper: Paper, content: Content) -> None:
    y = paper.heading("How the numbers came about") - 10
    for name, words in explanations(content.export.run):
        paper.text(LEFT, y, name, font=BOLD, width=SIDE - 8)
        y = paper.prose(LEFT + SIDE, y, words, width=MEASURE - SIDE, ink=INK_2) - 7
    y -= 10
    for x, words in (
        (LEFT, "Criterion"),
        (LEFT + 150, "Dimension"),
        (LEFT + 238, "How it is scored"),
    ):
        paper.text(x, y, words, size=SMALL, ink=INK_3)
    paper.text(RIGHT, y, "Weight, %", size=SMALL, ink=INK_3, align="right")
    paper.rule(y - 5, ink=FIRM)
    y -= 18
    for criterion in content.export.criteria:
        if y < BOTTOM:
            paper.turn()
            y = 790
        paper.text(LEFT, y, str(criterion["name"]), width=144)
        paper.text(LEFT + 150, y, str(criterion["dimension"]), size=SMALL, ink=INK_2, width=82)
        paper.text(LEFT + 238, y, source_of(criterion), size=SMALL, ink=INK_2, width=214)
        paper.text(RIGHT, y, _weight(content, str(criterion["key"])), align="right")
        y -= 15
    paper.turn()


def _weight(content: Content, key: str) -> str:
    """The weight in the printed rows; a range where it differs by type."""
    found = [line[f"weight_{key}"] for line in content.lines]
    known = sorted(weight for weight in found if weight is not None)
    if not known:
        return "none"
    low, high = places(known[0], 1), places(known[-1], 1)
    return low if low == high else f"{low}–{high}"


def sign_off(paper: Paper, content: Content, seal: str) -> None:
    facts, run = content.facts, content.export.run
    y = paper.heading("Sign-off") - 8
    words = (
        f"We have read the backlog of run {run.pk} for “{facts['cycle']}”, made under version "
        f"{facts['framework_version']} of the framework “{facts['framework']}”, and take it as the "
        "basis of our decisions. Where a decision departs from the order or from the budget, its "
        "record says why."
    )
    y = paper.prose(LEFT, y, words, size=10.5, leading=1.5, width=MEASURE * 0.9) - 36
    for name in SIGNERS:
        paper.text(LEFT, y + 12, name, font=BOLD)
        for start, end, words in (
            (LEFT + 110, LEFT + 270, "Name"),
            (LEFT + 286, LEFT + 416, "Signature"),
            (LEFT + 432, RIGHT, "Date"),
        ):
            paper.rule(y, start=start, end=end, ink=FIRM)
            paper.text(start, y - 10, words, size=SMALL, ink=INK_3)
        y -= 54
    y -= 12
    paper.text(LEFT, y, "Checking this file", size=11, font=BOLD)
    y -= 18
    for name, words in checking(run):
        paper.text(LEFT, y, name, font=BOLD)
        y = paper.prose(LEFT + SIDE, y, words, width=MEASURE - SIDE, ink=INK_2) - 6
    y -= 4
    for name, words in (
        ("Result digest", str(facts["result_digest"])),
        ("Input digest", str(facts["input_digest"])),
        ("Seal of the rows", seal),
        ("Engine", str(facts["engine_version"])),
        ("Written", str(facts["exported_at"])),
    ):
        paper.text(LEFT, y, name, size=SMALL, ink=INK_3)
        paper.text(LEFT + SIDE, y, words, size=SMALL, ink=INK_2)
        y -= 12
    paper.turn()
