"""Charts that Excel draws from the sheets: the best of the list, so that they stay readable."""

from typing import Any

from projects.spreadsheet_text import escaped
from scoring.exports.files.palette import DIMENSIONS
from scoring.exports.files.table import Export, Row

CHARTED = 200  # dots of the scatter: the first rows of the list
STACKED = 20  # bars of the value chart
NAMED = 8  # dots that carry their rank
INK, SOFT, LINE, PAPER = "#24272E", "#61646B", "#E2E2DD", "#FFFFFF"
SMALL = {"size": 9, "color": SOFT}
SIZE = {"width": 1040, "height": 560}


def add_charts(book: Any, export: Export, rows: list[Row], places: dict[str, list[int]]) -> None:
    """Draw ``rows``, the first of the list; ``places`` says which columns each sheet shows."""
    sheet = book.add_worksheet("Charts")
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    if not rows:
        sheet.write_string(0, 0, "The list is empty: there is nothing to draw.")
        return
    sheet.insert_chart(1, 1, _scatter(book, export, rows, places["Backlog"]))
    sheet.insert_chart(31, 1, _bars(book, export, rows[:STACKED], places["Contributions"]))


def _scatter(book: Any, export: Export, rows: list[Row], shown: list[int]) -> Any:
    key = {column.key: place for place, column in enumerate(export.columns)}
    roi, impact = key["roi"], key["impact"]
    inside = [row[key["line"]] == "Inside the budget" for row in rows]
    last = len(rows)
    chart = book.add_chart({"type": "scatter"})
    chart.add_series(
        {
            "name": "Proposals",
            "categories": ["Backlog", 1, shown.index(roi), last, shown.index(roi)],
            "values": ["Backlog", 1, shown.index(impact), last, shown.index(impact)],
            "categories_data": [_number(row[roi]) for row in rows],
            "values_data": [_number(row[impact]) for row in rows],
            "marker": {
                "type": "circle",
                "size": 8,
                "fill": {"color": INK},
                "border": {"color": INK},
            },
            "points": [None if filled else {"fill": {"color": PAPER}} for filled in inside],
            "data_labels": {
                "value": True,
                "position": "right",
                "font": {"size": 9, "color": INK},
                "custom": [_label(row[key["rank"]]) for row in rows],
            },
        }
    )
    chart.set_title(_title("Expected ROI against customer impact (filled: inside the budget)"))
    chart.set_x_axis(_axis("Expected ROI", "0.0"))
    chart.set_y_axis(_axis("Impact points", "#,##0", grid=True))
    chart.set_legend({"none": True})
    chart.set_size(SIZE)
    return chart


def _bars(book: Any, export: Export, rows: list[Row], shown: list[int]) -> Any:
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    title = next(place for place, column in enumerate(export.columns) if column.key == "title")
    last = len(rows)
    dimensions = list(dict.fromkeys(str(item["dimension"]) for item in export.criteria))
    colours = {
        f"contribution_{item['key']}": DIMENSIONS[
            dimensions.index(str(item["dimension"])) % len(DIMENSIONS)
        ]
        for item in export.criteria
    }
    for place, column in enumerate(export.columns):
        if column.key not in colours:
            continue
        at, named = shown.index(place), shown.index(title)
        chart.add_series(
            {
                # By reference: a name that people typed must not be read as a formula.
                "name": ["Contributions", 0, at],
                "categories": ["Contributions", 1, named, last, named],
                "values": ["Contributions", 1, at, last, at],
                "categories_data": [escaped(str(row[title])) for row in rows],
                "values_data": [_number(row[place]) for row in rows],
                "fill": {"color": colours[column.key]},
                "border": {"color": PAPER, "width": 0.5},
                "gap": 40,
            }
        )
    chart.set_title(_title(f"What the value is made of, first {last} of the list"))
    chart.set_y_axis({"reverse": True, "num_font": SMALL, "line": {"color": LINE}})
    chart.set_x_axis(_axis("Value, 0 to 100", "0", grid=True) | {"min": 0, "max": 100})
    chart.set_legend({"position": "bottom", "font": SMALL})
    chart.set_size(SIZE | {"height": 200 + 24 * last})
    return chart


def _title(text: str) -> dict[str, Any]:
    return {"name": text, "overlay": False, "name_font": {"size": 12, "bold": True, "color": INK}}


def _axis(name: str, number: str, *, grid: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "name_font": {"size": 10, "bold": False, "color": SOFT},
        "num_font": SMALL,
        "num_format": number,
        "line": {"color": LINE},
        "major_gridlines": {"visible": grid, "line": {"color": LINE, "width": 0.5}},
    }


def _label(rank: Any) -> dict[str, Any]:
    named = isinstance(rank, int) and rank <= NAMED
    return {"value": str(rank)} if named else {"delete": True}


def _number(cell: Any) -> Any:
    return "" if cell is None else cell
