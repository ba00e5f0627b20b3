"""The backlog page laid out: its lines in order, and what is said above some of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from scoring.models import RankedProposal, RankingRun
from scoring.views.lines import Look, drawn

Line = RankedProposal.Line


class Place(NamedTuple):
    """What the layout needs of a result; the rest is read only where a line is not drawn yet.

    The names are the columns to ask the database for.
    """

    position: int
    rank: int | None
    tied_from: int | None
    tied_to: int | None
    line: str
    proposal__status: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Neighbours that cannot be told apart: places ``first`` to ``last``."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said, and drawn, above a line: it ends the budget, the ranking, or begins a tie."""

    cut: bool
    part: bool
    tie: Tie | None

    def __bool__(self) -> bool:
        return self.cut or self.part or self.tie is not None


NO_HEADING = Heading(cut=False, part=False, tie=None)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines with nothing between them, under their heading."""

    heading: Heading
    lines: SafeString


def blocks_of(
    run: RankingRun, before: RankingRun | None, places: list[Place], *, in_order: bool
) -> list[Block]:
    """The places of one page, laid out. ``before`` is the run that ``run`` replaced."""
    ranks = [place.rank for place in places]
    lines = drawn(
        run,
        before,
        {
            place.position: Look(
                status=place.proposal__status,
                joined=in_order and place.tied_from is not None,
                tied=place.rank is not None and ranks.count(place.rank) > 1,
            )
            for place in places
        },
    )
    blocks: list[tuple[Heading, list[str]]] = []
    headings = _headings(places) if in_order else [NO_HEADING] * len(places)
    for place, heading in zip(places, headings, strict=True):
        if heading or not blocks:
            blocks.append((heading, []))
        blocks[-1][1].append(lines[place.position])
    return [
        Block(heading, format_html_join("", "{}", ((line,) for line in found)))
        for heading, found in blocks
    ]


def _headings(places: list[Place]) -> Iterator[Heading]:
    above: Place | None = None
    cut_drawn = False
    for place in places:
        crossed = place.line == Line.OUTSIDE and (above is None or above.line == Line.INSIDE)
        yield Heading(
            cut=crossed and not cut_drawn,
            part=place.line == Line.INCOMPLETE and (above is None or above.line != Line.INCOMPLETE),
            tie=_tie(place, above),
        )
        cut_drawn = cut_drawn or crossed
        above = place


def _tie(place: Place, above: Place | None) -> Tie | None:
    """The group that begins here, as far as the page is concerned."""
    if place.tied_from is None or place.tied_to is None:
        return None
    if above is not None and above.tied_from == place.tied_from:
        return None
    return Tie(place.tied_from, place.tied_to)
