"""Lines of the backlog as markup, drawn once per process: a sealed result never changes.

The memory is shared by everybody who looks, so nothing in a line depends on who that is, but for
how they write numbers.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from django.core.cache import caches
from django.db.models import OuterRef, Subquery
from django.template.loader import get_template

from projects.formats import reader_formats
from projects.proposals.models.proposals import Proposal
from projects.templatetags.figures import signed
from scoring.backlog.selectors.backlog import NextIn, Term, certainty, cut_line, terms_of
from scoring.ranking.models import RankedProposal, RankingRun

ROI_SCALE = (-1.0, 5.0)  # ends of the small range bar; beyond them it is cut off
STATES = {"on_hold": "hold"}  # status -> class of the state's mark, where they differ
OPEN_TOP = (0.01, 0.99)  # chances between which "top 10" is worth a word
KEPT_SECONDS = 24 * 3600
SHORT = 16  # of a digest, beside the run's id: the cache looks at every sign of a key


class Tie(NamedTuple):
    """Neighbours that cannot be told apart: places ``first`` to ``last``."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Look(NamedTuple):
    """What a line shows that is not sealed with the run, or depends on its neighbours.

    ``joined`` and ``tied``: not told apart from its neighbours, and of the very same rank. Above
    the line: the budget ends, with what would bring in the one ``ahead``, the incomplete ones
    begin, a ``tie`` begins.
    """

    status: str
    joined: bool
    tied: bool
    cut_above: bool
    ahead: NextIn | None
    part_above: bool
    tie: Tie | None

    @property
    def key(self) -> str:
        marks = (
            self.joined,
            self.tied,
            self.cut_above,
            self.ahead is not None,
            self.part_above,
        )
        tie = "-".join(map(str, self.tie or ()))
        return f"{self.status}/{''.join(str(int(mark)) for mark in marks)}/{tie}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One result with the words and small charts of its line.

    ``sums`` is what each dimension contributes to the value.
    """

    result: RankedProposal
    look: Look
    sums: list[float]

    @property
    def moved(self) -> int:
        """Places up (positive) or down since the run before; 0 where either has no rank."""
        before: int | None = getattr(self.result, "rank_before", None)
        return 0 if before is None or self.result.rank is None else before - self.result.rank

    @property
    def certainty(self) -> str:
        return certainty(self.result.p_funded)

    @property
    def state(self) -> str:
        return STATES.get(self.look.status, self.look.status)

    @property
    def status(self) -> str:
        """The status in words; nothing where it says no more than being in the list does."""
        status = Proposal.Status(self.look.status)
        return "" if status == Proposal.Status.SUBMITTED else str(status.label)

    @property
    def top_open(self) -> bool:
        chance = self.result.p_top
        return chance is not None and OPEN_TOP[0] < chance < OPEN_TOP[1]

    @property
    def bar(self) -> list[int]:
        """Where the part of each dimension ends in the value's bar, in per cent, the last first."""
        return [round(end) for end in accumulate(self.sums)][::-1]

    @property
    def bar_words(self) -> str:
        """The same as a sum in words."""
        return " + ".join(signed(f"{part:.1f}") for part in self.sums)

    @property
    def roi_range(self) -> dict[str, int]:
        """P10 to P90, and P50, in per cent of the scale; nothing without a range."""
        result = self.result
        if result.roi_p10 is None or result.roi_p90 is None or result.roi_p50 is None:
            return {}
        low, high = ROI_SCALE
        start, middle, end = (
            round(100 * (min(max(value, low), high) - low) / (high - low))
            for value in (result.roi_p10, result.roi_p50, result.roi_p90)
        )
        return {"start": start, "width": end - start, "middle": middle}


def drawn(run: RankingRun, before: RankingRun | None, looks: dict[int, Look]) -> dict[int, str]:
    """The lines at the positions of ``looks``; only those that this process does not have are read.

    ``before`` is the run that ``run`` replaced: a line says how far its proposal moved since.
    """
    sealed = "/".join(f"{each.pk}.{each.result_digest[:SHORT]}" for each in (run, before) if each)
    keys = {position: _key(sealed, position, look) for position, look in looks.items()}
    kept = caches["lines"].get_many(keys.values())
    lines = {position: kept[key] for position, key in keys.items() if key in kept}
    missing = looks.keys() - lines.keys()
    if missing:
        new = _draw(run, before, {position: looks[position] for position in missing})
        caches["lines"].set_many(
            {keys[position]: line for position, line in new.items()}, KEPT_SECONDS
        )
        lines |= new
    return lines


def by_dimension(terms: list[Term]) -> list[tuple[str, list[Term]]]:
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        grouped.setdefault(term.dimension, []).append(term)
    return list(grouped.items())


def _sums(result: RankedProposal) -> list[float]:
    groups = by_dimension(terms_of(result))
    return [sum(term.contribution or 0.0 for term in terms) for _, terms in groups]


def _key(sealed: str, position: int, look: Look) -> str:
    """Everything that a line is drawn from, and how its numbers are written.

    The digests alone would not do: they say nothing of the currency, which is a fact of the run.
    """
    return f"line/{sealed}/{position}/{look.key}/{reader_formats().language}"


def _draw(run: RankingRun, before: RankingRun | None, looks: dict[int, Look]) -> dict[int, str]:
    template = get_template("scoring/backlog/_backlog_row.html")
    results = RankedProposal.objects.filter(run=run, position__in=looks)
    if before is not None:
        then = RankedProposal.objects.filter(run=before, proposal=OuterRef("proposal"))
        results = results.annotate(rank_before=Subquery(then.values("rank")))
    lines, cut = {}, cut_line(run)
    for result in results:
        result.run = run  # the facts are on the run we have; no query for each row
        row = Drawing(result, looks[result.position], _sums(result))
        lines[result.position] = template.render(
            {"row": row, "result": result, "run": run, "cut": cut}
        )
    return lines
