"""A chart as a file that stands alone: its own styles, what it says, and the seal of its run."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any, Protocol

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from scoring.ranking.models import RankingRun

CONTENT_TYPE = "image/svg+xml"
MARGIN, LINE, HEADING_LINE, FOOT = 24, 18, 26, 28
LEAST_WIDTH = 560  # of what is inside the margins; a digest needs it
LETTER, HEADING_LETTER = 8, 12  # widths to break lines by, on the safe side
# What XML cannot hold, in any form; a title may.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SHEET = """.sheet { fill: #fff; }
.heading { fill: var(--ink); font-size: 20px; font-weight: 600; }
.seal { fill: var(--ink-3); font-size: 11px; }
"""


class Drawn(Protocol):
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def reading(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file around a chart: heading, sentence, chart, seal; lines with their places."""

    width: int
    height: int
    top: int
    heading: list[tuple[int, str]]
    reading: list[tuple[int, str]]
    seal: list[tuple[int, str]]


def lay_out(chart: Drawn, heading: str, seal: list[str]) -> Sheet:
    inner = max(chart.width, LEAST_WIDTH)
    titles = wrap(heading, inner // HEADING_LETTER)
    lines = wrap(chart.reading, inner // LETTER)
    below = MARGIN + HEADING_LINE * len(titles)
    top = below + LINE * len(lines) + MARGIN
    foot = top + chart.height + FOOT
    return Sheet(
        width=inner + 2 * MARGIN,
        height=foot + LINE * len(seal),
        top=top,
        heading=_stacked(titles, MARGIN + HEADING_LINE // 2, HEADING_LINE),
        reading=_stacked(lines, below + LINE // 2, LINE),
        seal=_stacked(seal, foot, LINE),
    )


def _stacked(lines: list[str], first: int, step: int) -> list[tuple[int, str]]:
    return [(first + step * place, line) for place, line in enumerate(lines)]


def seal_of(run: RankingRun) -> list[str]:
    """The lines by which anybody finds the run again."""
    version = run.framework_version
    finished = run.finished_at or run.created_at
    when = f"{timezone.localtime(finished):%Y-%m-%d %H:%M %Z}"
    return [
        f"Run {run.pk}, {when}, {run.cycle.name}, {version}, engine {run.engine_version}",
        f"Inputs {run.input_digest}",
        f"Result {run.result_digest}",
    ]


def chart_file(
    chart: Drawn,
    *,
    shapes: str,
    heading: str,
    name: str,
    seal: list[str],
    context: dict[str, Any],
) -> HttpResponse:
    """The chart to download; ``shapes`` is the template that the page draws it with, too."""
    text = render_to_string(
        "scoring/backlog/charts/file.svg",
        context
        | {
            "chart": chart,
            "shapes": shapes,
            "heading": heading,
            "sheet": lay_out(chart, heading, seal),
            "style": style(),
        },
    )
    return HttpResponse(
        UNWRITABLE.sub("\ufffd", text),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.svg"'},
    )


@cache
def style() -> str:
    """The light looks of ``charts.css`` with every variable replaced by its value.

    Few programs that open a chart know variables, and none knows this site's.
    """
    tokens: dict[str, str] = {}
    for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", _static("tokens.css")):
        tokens.setdefault(name, re.sub(r"light-dark\((#\w+), #\w+\)", r"\1", value))
    rules = [
        line.replace(".chart ", "")
        for line in _static("charts.css").splitlines()
        if line.startswith((".chart .", ".chart text"))
    ]
    sheet = "\n".join([*rules, SHEET, "text { font-family: var(--font); }"])
    return re.sub(r"var\((--[\w-]+)\)", lambda found: tokens[found[1]], sheet)


def _static(name: str) -> str:
    found = finders.find(f"css/{name}")
    if not isinstance(found, str):
        raise FileNotFoundError(f"The style sheet {name} is not there.")
    return Path(found).read_text(encoding="utf-8")
