"""The coverage map: money and customer effect, journey stage by segment, one cell each."""

import math
from dataclasses import dataclass

from scoring.backlog.charts.scale import WIDTH, shortened
from scoring.backlog.services.coverage import Cell, Coverage

LEFT, TOP, BOTTOM, TOTALS = 150, 64, 60, 110
LEAST, ROW, PAD = 112, 64, 10  # least width of a column, height of a row, free on each side
HEATS = 5
LETTER = 8  # width of a bold letter, roughly


@dataclass(frozen=True, slots=True)
class Field:
    """One cell with its place; ``heat`` 1 to 5 by its share of the dearest, 0 without a cost."""

    cell: Cell
    x: int
    y: int
    heat: int


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of a row or a column; no ``money`` where no cost is stated, ``empty`` without cells."""

    name: str
    short: str
    place: int
    money: float | None
    points: float
    empty: bool


@dataclass(frozen=True, slots=True)
class CoverageMap:
    fields: list[Field]
    rows: list[Total]
    columns: list[Total]
    whole: Total
    column_width: int
    width: int
    height: int
    reading: str

    @property
    def ordered(self) -> list[Field]:
        """The fields as one reads them, for the table."""
        return sorted(self.fields, key=lambda field: (field.y, field.x))


def coverage_map(found: Coverage) -> CoverageMap | None:
    """The map of what is proposed; None when nobody states an effect."""
    if not found.cells:
        return None
    segments = [name for name in found.segments if name not in found.empty_segments]
    width = max(LEAST, (WIDTH - LEFT - TOTALS) // len(segments))
    dearest = max(cell.money or 0.0 for cell in found.cells) or 1.0
    column = {name: LEFT + place * width for place, name in enumerate(segments)}
    row = {name: TOP + place * ROW for place, name in enumerate(found.stages)}
    return CoverageMap(
        fields=[
            Field(
                cell=cell,
                x=column[cell.segment],
                y=row[cell.stage],
                heat=math.ceil(HEATS * (cell.money or 0.0) / dearest),
            )
            for cell in found.cells
        ],
        rows=[
            _total(name, [cell for cell in found.cells if cell.stage == name], row[name], LEFT)
            for name in found.stages
        ],
        columns=[
            _total(
                name, [cell for cell in found.cells if cell.segment == name], column[name], width
            )
            for name in segments
        ],
        whole=_total("All", found.cells, TOP + len(found.stages) * ROW, LEFT),
        column_width=width,
        width=LEFT + width * len(segments) + TOTALS,
        height=TOP + len(found.stages) * ROW + BOTTOM,
        reading=_reading(found),
    )


def _total(name: str, cells: list[Cell], place: int, room: int) -> Total:
    stated = [cell.money for cell in cells if cell.money is not None]
    return Total(
        name=name,
        short=shortened(name, (room - PAD) // LETTER),
        place=place,
        money=sum(stated) if stated else None,
        points=sum(cell.points for cell in cells),
        empty=not cells,
    )


def _reading(found: Coverage) -> str:
    """Where most money and most impact go, and what nobody works on."""
    money, points = _by_stage(found, "money"), _by_stage(found, "points")
    parts = []
    if sum(money.values()) > 0:
        parts.append(f"Most money goes to {_leader(money)}")
    if max(points.values()) > 0:
        parts.append(f"most impact points to {_leader(points)}")
    text = ", ".join(parts) or "The stated effects add up to nothing"
    text = text[0].upper() + text[1:] + "."
    for names in filter(None, (found.empty_stages, found.empty_segments)):
        text += f" Nobody proposes anything for {_listed(names)}."
    return text


def _by_stage(found: Coverage, what: str) -> dict[str, float]:
    sums = dict.fromkeys(found.stages, 0.0)
    for cell in found.cells:
        sums[cell.stage] += getattr(cell, what) or 0.0
    return sums


def _leader(sums: dict[str, float]) -> str:
    """The stage with the most, and its share of what all stages with a gain have."""
    first = max(sums, key=lambda name: sums[name])
    return f"{first} ({100 * sums[first] / sum(max(part, 0.0) for part in sums.values()):.0f} %)"


def _listed(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
