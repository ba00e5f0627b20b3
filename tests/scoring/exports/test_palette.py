"""One palette: a dimension has its colour on screen, on paper and in the spreadsheet."""

import itertools
import re
from pathlib import Path

from scoring.exports.files.palette import DIMENSIONS

CSS = Path(__file__).parents[3] / "prioritizer/static/css"


def test_files_use_the_colours_of_the_screen() -> None:
    tokens = (CSS / "tokens.css").read_text(encoding="utf-8")
    light = re.findall(r"--dimension-(\d): light-dark\((#\w+),", tokens)
    assert light == [(str(at), code.lower()) for at, code in enumerate(DIMENSIONS, start=1)]


def test_every_colour_of_a_dimension_is_drawn_everywhere() -> None:
    charts = (CSS / "charts.css").read_text(encoding="utf-8")
    for rule in (".bar .dimension-", ".chart .dimension-", ".legend .dimension-"):
        assert len(re.findall(re.escape(rule) + r"\d", charts)) == len(DIMENSIONS)
    assert len(re.findall(r"nth-last-of-type\(8n \+ \d\)", charts)) == len(DIMENSIONS)


def test_neighbours_differ_on_grey_paper() -> None:
    """Relative luminance (WCAG 2.2): neighbours are at least 1.5 : 1 apart."""

    def luminance(code: str) -> float:
        parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    shades = [luminance(code) + 0.05 for code in DIMENSIONS]
    apart = [max(pair) / min(pair) for pair in itertools.pairwise(shades)]
    assert min(apart) >= 1.5
