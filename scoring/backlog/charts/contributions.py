"""Contributions: each value as a bar of what the dimensions and criteria add to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from projects.templatetags.figures import one, signed
from scoring.backlog.charts.scale import WIDTH, Scale, counted, shortened
from scoring.backlog.selectors.backlog import Term, dimensions_of, terms_of
from scoring.ranking.models import RankedProposal
from scoring.ranking.selectors.stored import StoredTerms

ROW, TOP, BOTTOM, BAR = 22, 44, 12, 12
NAMES, LEFT, END = 32, 360, 760  # titles, the bar from 0 to 100
GAP_LEFT, GAP_END = 832, 936  # weight that is not scored, 0 to 100 %
LONGEST_NAME = 48
COLOURS = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion's part of a bar; ``ink`` is the colour of its dimension, 1 to 8."""

    x: float
    width: float
    ink: int


@dataclass(frozen=True, slots=True)
class Bar:
    """``sums`` (dimension, points); ``missing`` is not scored, ``gap`` its weight in %."""

    result: RankedProposal
    name: str
    y: float
    end: float
    parts: list[Part]
    sums: list[tuple[str, float | None]]
    missing: list[str]
    gap: float
    gap_width: float

    @property
    def words(self) -> str:
        """The bar in words: ``Return 30.2, Fit 10.0; not scored: Pain relieved (15 %)``."""
        known = ", ".join(
            f"{name} {one(points)}" for name, points in self.sums if points is not None
        )
        if not self.missing:
            return known
        return f"{known or 'nothing scored'}; not scored: {', '.join(self.missing)}"


@dataclass(frozen=True, slots=True)
class Contributions:
    across: Scale
    dimensions: list[tuple[str, int]]
    bars: list[Bar]
    reading: str
    height: int
    width: int = WIDTH

    @property
    def legend(self) -> list[tuple[str, int, float]]:
        """(dimension, ink, place) in one row above the bars."""
        each = (WIDTH - NAMES) / max(len(self.dimensions), 1)
        return [
            (shortened(name, int(each / 7)), ink, NAMES + place * each)
            for place, (name, ink) in enumerate(self.dimensions)
        ]


def contributions(results: Sequence[RankedProposal], everyone: StoredTerms) -> Contributions | None:
    """``results`` of one page (with their run), drawn; the sentence speaks of ``everyone``."""
    if not results:
        return None
    across = Scale(0.0, 100.0, LEFT, END)
    dimensions = [item["dimension"] for item in results[0].run.facts["criteria"]]
    names = dimensions_of(results[0].run)
    inks = {name: place % COLOURS + 1 for place, name in enumerate(names)}
    return Contributions(
        across=across,
        dimensions=list(inks.items()),
        bars=[_bar(row, TOP + place * ROW, across, inks) for place, row in enumerate(results)],
        reading=_reading(everyone, dimensions),
        height=TOP + len(results) * ROW + BOTTOM,
    )


def _bar(row: RankedProposal, top: float, across: Scale, inks: dict[str, int]) -> Bar:
    terms = terms_of(row)
    parts, start = [], 0.0
    for term in terms:
        if term.contribution:
            x = across.place(start)
            start += term.contribution
            parts.append(Part(x, round(across.place(start) - x, 2), inks[term.dimension]))
    open_terms = [term for term in terms if term.contribution is None and term.weight > 0]
    gap = sum(term.weight for term in open_terms)
    return Bar(
        result=row,
        name=shortened(row.title, LONGEST_NAME),
        y=top + ROW / 2,
        end=across.place(start),
        parts=parts,
        sums=_sums(terms),
        missing=[f"{term.name} ({signed(f'{term.weight:.3g}')} %)" for term in open_terms],
        gap=gap,
        gap_width=round(Scale(0.0, 100.0, 0.0, GAP_END - GAP_LEFT).place(gap), 2),
    )


def _sums(terms: Sequence[Term]) -> list[tuple[str, float | None]]:
    """Points per dimension; None where nothing of it is scored, which is not 0 points."""
    found: list[tuple[str, float | None]] = []
    for name, group in groupby(terms, key=lambda term: term.dimension):
        known = [term.contribution for term in group if term.contribution is not None]
        found.append((name, sum(known) if known else None))
    return found


def _reading(everyone: StoredTerms, dimensions: Sequence[str]) -> str:
    """``dimensions`` (m,) of the criteria, in the columns of ``everyone``."""
    weighs = everyone.weight > 0
    known = ~np.isnan(everyone.contribution) & weighs
    valued = int(known.any(axis=1).sum())
    if not valued:
        return "Nothing is scored yet, so no value has any part."
    totals = dict.fromkeys(dimensions, 0.0)
    points = np.where(known, everyone.contribution, 0.0).sum(axis=0)
    for name, added in zip(dimensions, points.tolist(), strict=True):
        totals[name] += added
    leading = max(totals, key=lambda name: totals[name])
    mean = sum(totals.values()) / valued
    gaps = int((np.isnan(everyone.value) & weighs).any(axis=1).sum())
    text = (
        f"“{leading}” brings most: {totals[leading] / valued:.0f} of the {mean:.0f} points"
        " that a proposal has on average."
    )
    if not gaps:
        return text + " Nothing is missing."
    return text + (
        f" {counted(gaps, 'proposal lacks', 'proposals lack')} a score or a number; what is missing"
        " is drawn apart and never counts as 0."
    )
