"""Two charts that the reader's program draws from numbers inside: no picture, no link."""

from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)

from scoring.exports.files.content import Content, Line
from scoring.exports.files.palette import DIMENSIONS
from scoring.exports.files.slides.slide import BOTTOM, LEFT, MEASURE, SMALL, TOP, Deck

NAMED = 12  # dots that carry their rank
BARS = 12
INSIDE = "Inside the budget"
DOT, PALE = RGBColor.from_string("24272E"), RGBColor.from_string("B4B9C2")


def charts(deck: Deck, content: Content) -> None:
    lines = content.lines
    drawn = [line for line in lines if None not in (line["rank"], line["roi"], line["impact"])]
    valued = [line for line in lines if line["value"] is not None][:BARS]
    if drawn:
        _scatter(deck, drawn)
    if valued:
        _bars(deck, content, valued)


def _scatter(deck: Deck, lines: list[Line]) -> None:
    slide = deck.slide(
        "Expected ROI against customer impact",
        f"Of the first {len(lines)}: right is more return, up is more impact. "
        f"The first {min(NAMED, len(lines))} carry their rank.",
    )
    data = XyChartData()
    inside = [line for line in lines if line["line"] == INSIDE]
    outside = [line for line in lines if line["line"] != INSIDE]
    sides = ((INSIDE, inside, DOT), ("Outside the budget", outside, PALE))
    for name, dots, _ in sides:
        series = data.add_series(name)
        for line in dots:
            series.add_data_point(line["roi"], line["impact"])
    chart = _chart(
        slide, XL_CHART_TYPE.XY_SCATTER, data, "Each proposal by expected ROI and impact"
    )
    for (_, dots, filled), series in zip(sides, chart.plots[0].series, strict=True):
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 9
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = filled
        series.marker.format.line.color.rgb = DOT
        for place, line in enumerate(dots):
            if line["rank"] <= NAMED:
                label = series.points[place].data_label
                label.text_frame.text = str(line["rank"])
                label.text_frame.paragraphs[0].font.size = SMALL
                label.position = XL_LABEL_POSITION.RIGHT
    chart.value_axis.tick_labels.number_format = "#,##0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    for axis, name in ((chart.category_axis, "Expected ROI"), (chart.value_axis, "Impact points")):
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.has_title = True
        axis.axis_title.text_frame.text = name
        axis.axis_title.text_frame.paragraphs[0].font.size = SMALL


def _bars(deck: Deck, content: Content, lines: list[Line]) -> None:
    slide = deck.slide("What the value is made of", f"Contributions of the first {len(lines)}.")
    data = CategoryChartData()
    # Each begins with words of ours: the program that keeps the numbers takes no text for a formula
    # or a link.
    data.categories = [f"{line['rank'] or 'no rank'}  {line['title']}"[:60] for line in lines]
    for name, keys in content.dimensions.items():
        data.add_series(f"From: {name}", [line.parts(keys) for line in lines])
    chart = _chart(
        slide, XL_CHART_TYPE.BAR_STACKED, data, "Value of each proposal by dimension, 0 to 100"
    )
    chart.plots[0].gap_width, chart.plots[0].overlap = 40, 100
    chart.category_axis.reverse_order = True
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, 100
    for place, series in enumerate(chart.plots[0].series):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(
            DIMENSIONS[place % len(DIMENSIONS)].removeprefix("#")
        )


def _chart(slide: Any, kind: Any, data: Any, described: str) -> Any:
    frame = slide.shapes.add_chart(kind, LEFT, TOP, MEASURE, BOTTOM - TOP, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)  # noqa: SLF001 - read aloud
    chart = frame.chart
    chart.font.size = SMALL
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    return chart
