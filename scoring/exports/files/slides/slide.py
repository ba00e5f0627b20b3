"""One presentation: its size, its type and its ink. Nothing in it is fetched or linked."""

from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, MEASURE = Inches(0.6), Inches(12.13)
TITLE_TOP, UNDER, TOP, BOTTOM, FOOT = map(Inches, (0.4, 1.05, 1.55, 6.85, 7.0))
ROW, GAP = Inches(0.36), Inches(0.05)
TITLE, LEAD, BODY, SMALL = Pt(28), Pt(20), Pt(14), Pt(11)
INK, INK_2, INK_3 = (RGBColor.from_string(code) for code in ("1A1C20", "4A4D54", "61646B"))
PAPER, SUNKEN = RGBColor.from_string("FFFFFF"), RGBColor.from_string("F0F0ED")
TITLE_ONLY = 5  # the layout of the library's own template that holds nothing else
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"


class Deck:
    """Slides, each with a title that a screen reader finds, and a footer."""

    def __init__(self, *, title: str, footer: str) -> None:
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = WIDTH, HEIGHT
        facts = self.file.core_properties
        facts.title, facts.author, facts.language = title, "Prioritizer", "en"
        self._footer = footer

    def slide(self, title: str, note: str = "") -> Any:
        made = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        head = made.shapes.title
        head.left, head.top, head.width, head.height = LEFT, TITLE_TOP, MEASURE, ROW * 2
        write(head.text_frame, title, size=TITLE, bold=True)
        if note:
            text(made, note, top=UNDER, ink=INK_2)
        text(made, self._footer, top=FOOT, size=SMALL, ink=INK_3)
        number = made.shapes.add_textbox(LEFT + MEASURE - ROW * 3, FOOT, ROW * 3, ROW)
        write(number.text_frame, str(len(self.file.slides)), size=SMALL, ink=INK_3, right=True)
        return made


def write(
    frame: Any,
    *paragraphs: str,
    size: Any = BODY,
    ink: RGBColor = INK,
    bold: bool = False,
    right: bool = False,
) -> None:
    """Put ``paragraphs`` into an empty frame of text."""
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for place, words in enumerate(paragraphs):
        made = frame.add_paragraph() if place else frame.paragraphs[0]
        made.text = " ".join(words.split())
        made.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        made.font.size, made.font.bold, made.space_after = size, bold, size // 2
        made.font.color.rgb = ink


def text(slide: Any, *paragraphs: str, top: Any, size: Any = BODY, ink: RGBColor = INK) -> None:
    box = slide.shapes.add_textbox(LEFT, top, MEASURE, ROW)
    write(box.text_frame, *paragraphs, size=size, ink=ink)


def table(
    slide: Any,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    shares: Sequence[int],
    numbers: Sequence[int] = (),
) -> None:
    """A table over the whole width; ``shares`` of it by column, ``numbers`` stand to the right."""
    frame = slide.shapes.add_table(
        len(rows) + 1, len(headings), LEFT, TOP, MEASURE, ROW * (len(rows) + 1)
    )
    made = frame.table
    made.horz_banding = False
    frame._element.graphic.graphicData.tbl.tblPr.find(  # noqa: SLF001 - the library has no name for it
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    ).text = PLAIN_TABLE
    for place, share in enumerate(shares):
        made.columns[place].width = int(MEASURE * share / sum(shares))
    for at, row in enumerate((headings, *rows)):
        for place, words in enumerate(row):
            cell = made.cell(at, place)
            cell.margin_top = cell.margin_bottom = cell.margin_left = cell.margin_right = GAP
            cell.fill.solid()
            cell.fill.fore_color.rgb = PAPER if at else SUNKEN
            write(cell.text_frame, words, size=SMALL, bold=not at, right=place in numbers)
