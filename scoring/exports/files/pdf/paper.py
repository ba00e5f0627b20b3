"""The sheet of paper: its size, its grid, its type and its ink. Nothing is fetched or linked."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from scoring.exports.files import palette

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 48.0, WIDTH - 48.0, HEIGHT - 56.0, 64.0
MEASURE = RIGHT - LEFT
REGULAR, BOLD = "OpenSans", "OpenSans-Semibold"
SMALL, BODY, LEAD, TITLE = 7.5, 9.0, 12.5, 30.0
INK, INK_2, INK_3 = HexColor("#1A1C20"), HexColor("#4A4D54"), HexColor("#61646B")
LINE, FIRM, SUNKEN, WHITE = (
    HexColor(f"#{code}") for code in ("E2E2DD", "83858B", "F0F0ED", "FFFFFF")
)
MARKETING, CX = HexColor("#964F00"), HexColor("#00676A")
DIMENSIONS = tuple(HexColor(code) for code in palette.DIMENSIONS)
DOT, WHISKER = HexColor("#24272E"), HexColor("#8B919D")
REST = HexColor("#E9E9E5")
_FONTS = Path(__file__).with_name("fonts")


class Paper:
    """Pages of one document: text by baseline from the lower left, in points."""

    def __init__(self, file: Any, *, title: str, subject: str, footer: Sequence[str]) -> None:
        for name in (REGULAR, BOLD):
            if name not in pdfmetrics.getRegisteredFontNames():
                source = _FONTS / f"{name if name == BOLD else 'OpenSans-Regular'}.ttf"
                pdfmetrics.registerFont(TTFont(name, str(source)))
        self.canvas = Canvas(file, pagesize=A4, lang="en")
        self.canvas.setTitle(title)
        self.canvas.setSubject(subject)
        self.canvas.setAuthor("Prioritizer")
        self.canvas.setCreator("Prioritizer")
        self._footer = footer
        self._page = 1

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = BODY,
        font: str = REGULAR,
        ink: Any = INK,
        align: str = "left",
        width: float | None = None,
    ) -> float:
        """Write one line, cut to ``width`` with an ellipsis; returns where it ends."""
        words = cut(words, font, size, width) if width else words
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(ink)
        draw: dict[str, Callable[..., Any]] = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "middle": self.canvas.drawCentredString,
        }
        draw[align](x, y, words)
        return x + pdfmetrics.stringWidth(words, font, size)

    def prose(
        self,
        x: float,
        y: float,
        words: str,
        *,
        width: float = MEASURE,
        size: float = BODY,
        leading: float = 1.45,
        font: str = REGULAR,
        ink: Any = INK,
        most: int = 99,
    ) -> float:
        """Write lines that fit ``width``, the first at ``y``; returns where the next stands."""
        lines = simpleSplit(words, font, size, width)
        if len(lines) > most:
            lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), font, size, width)]
        for line in lines:
            self.text(x, y, line, size=size, font=font, ink=ink, width=width)
            y -= size * leading
        return y

    def rule(
        self,
        y: float,
        *,
        start: float = LEFT,
        end: float = RIGHT,
        ink: Any = LINE,
        weight: float = 0.5,
    ) -> None:
        self.line(start, y, end, y, ink=ink, weight=weight)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        ink: Any = INK,
        weight: float = 0.75,
        dash: tuple[float, ...] = (),
    ) -> None:
        self.canvas.setStrokeColor(ink)
        self.canvas.setLineWidth(weight)
        self.canvas.setDash(dash)
        self.canvas.line(x1, y1, x2, y2)

    def box(self, x: float, y: float, width: float, height: float, ink: Any) -> None:
        self.canvas.setFillColor(ink)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def heading(self, words: str, note: str = "") -> float:
        """Begin a part of the document, at the top of the page; returns where its text starts."""
        self.mark(words)
        self.text(LEFT, TOP - 12, words, size=18, font=BOLD)
        y = TOP - 30
        return self.prose(LEFT, y, note, ink=INK_2) - 6 if note else y

    def mark(self, words: str) -> None:
        """Let readers jump here from the outline."""
        key = f"page-{self._page}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(words, key, level=0)

    def turn(self) -> None:
        """Finish the page with its footer and begin the next."""
        y = BOTTOM - 24
        self.rule(y + 12)
        places = ((LEFT, "left"), ((LEFT + RIGHT) / 2, "middle"))
        for (x, align), words in zip(places, self._footer, strict=True):
            self.text(x, y, words, size=SMALL, ink=INK_3, align=align, width=MEASURE * 0.48)
        self.text(RIGHT, y, f"page {self._page}", size=SMALL, ink=INK_3, align="right")
        self.canvas.showPage()
        self._page += 1

    def finish(self) -> None:
        self.canvas.save()


def cut(words: str, font: str, size: float, width: float) -> str:
    """The words, shortened with an ellipsis where they are wider than ``width``."""
    if pdfmetrics.stringWidth(words, font, size) <= width:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        fits = pdfmetrics.stringWidth(words[:middle].rstrip() + "…", font, size) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return words[:low].rstrip() + "…"
