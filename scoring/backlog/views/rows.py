"""The backlog page laid out: which lines it shows, and what each says beside its sealed result."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.html import format_html_join

from scoring.backlog.selectors.backlog import NextIn
from scoring.backlog.views.lines import Look, Tie, drawn
from scoring.ranking.models import RankedProposal, RankingRun

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


def lines_of(
    run: RankingRun,
    before: RankingRun | None,
    places: list[Place],
    ahead: NextIn | None,
    *,
    in_order: bool,
) -> str:
    """The markup of one page's lines. ``before`` is the run that ``run`` replaced.

    ``ahead`` stands on the cut line, None where the person does not see yet whom it names.
    """
    looks = {place.position: look for place, look in _looks(places, ahead, in_order=in_order)}
    lines = drawn(run, before, looks)
    return format_html_join("", "{}", ((lines[place.position],) for place in places))


def _looks(
    places: list[Place], ahead: NextIn | None, *, in_order: bool
) -> Iterator[tuple[Place, Look]]:
    """Ties and lines are drawn above the first place that they concern, in ranked order only."""
    ranks = [place.rank for place in places]
    above: Place | None = None
    cut_drawn = False
    for place in places:
        crossed = place.line == Line.OUTSIDE and (above is None or above.line == Line.INSIDE)
        ended = place.line == Line.INCOMPLETE and (above is None or above.line != Line.INCOMPLETE)
        yield (
            place,
            Look(
                status=place.proposal__status,
                joined=in_order and place.tied_from is not None,
                tied=place.rank is not None and ranks.count(place.rank) > 1,
                cut_above=in_order and crossed and not cut_drawn,
                ahead=ahead if in_order and crossed and not cut_drawn else None,
                part_above=in_order and ended,
                tie=_tie(place, above) if in_order else None,
            ),
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
