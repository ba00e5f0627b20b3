"""A question's answer beside the run itself: who comes in, who drops out, and the whole list."""

import copy
from dataclasses import dataclass

import numpy as np

from projects.people.models import User
from scoring.backlog.selectors.backlog import NextIn
from scoring.panel.selectors import is_curator
from scoring.ranking.models import RankedProposal
from scoring.what_if.services.base import LEAST_RATERS, Answer, Base, Question, answer


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal now and under the question."""

    pk: int
    title: str
    rank: int | None
    was: int | None
    value: float | None
    cost: float | None
    inside: bool
    was_inside: bool
    cut_above: bool

    @property
    def moved(self) -> int:
        return 0 if self.rank is None or self.was is None else self.was - self.rank


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question changes: who comes in, who drops out, and the list from the top."""

    answer: Answer
    next_in: NextIn | None
    lines: list[Line]
    enters: list[Line]
    leaves: list[Line]


def outcome_of(base: Base, question: Question) -> Outcome:
    """The answer beside the run itself."""
    now, then = answer(base, base.plain), answer(base, question)
    lines: list[Line] = []
    cut_drawn = False
    for row in map(int, then.order):
        item, inside = base.proposals[row], bool(then.inside[row])
        rank = _whole(then.rank[row])
        crossed = not inside and not cut_drawn and rank is not None
        lines.append(
            Line(
                pk=item["id"],
                title=item["title"],
                rank=rank,
                was=_whole(now.rank[row]),
                value=None if np.isnan(then.value[row]) else float(then.value[row]),
                cost=None if np.isnan(base.cost[row]) else float(base.cost[row]),
                inside=inside,
                was_inside=bool(now.inside[row]),
                cut_above=crossed,
            )
        )
        cut_drawn = cut_drawn or crossed
    return Outcome(
        answer=then,
        next_in=_next_in(base, then),
        lines=lines,
        enters=[line for line in lines if line.inside and not line.was_inside],
        leaves=[line for line in lines if line.was_inside and not line.inside],
    )


def _next_in(base: Base, then: Answer) -> NextIn | None:
    """What would bring in the first that is left out, as the backlog says it of a run."""
    ranked = [row for row in map(int, then.order) if not np.isnan(then.rank[row])]
    first = next((place for place, row in enumerate(ranked) if not then.inside[row]), None)
    if first is None or np.isnan(base.cost[ranked[first]]):
        return None
    row, *further = ranked[first:]
    below = [other for other in further if then.inside[other]]
    fitting = [(int(then.rank[other]), float(base.cost[other])) for other in below]
    return NextIn.of(int(then.rank[row]), float(base.cost[row]), then.left, fitting)


def placed(base: Base, lines: list[Line]) -> list[RankedProposal]:
    """The stored results of ``lines`` with the rank and the side of the budget they have here."""
    rows = []
    for line in lines:
        row = copy.copy(base.results[line.pk])
        row.rank = line.rank
        row.line = RankedProposal.Line.INSIDE if line.inside else RankedProposal.Line.OUTSIDE
        rows.append(row)
    return rows


def leave_out(base: Base, user: User) -> list[tuple[str, str]]:
    """What may be left out, as (value, words).

    One rater's scores follow from the list with and without them, so single raters are for the
    panel's chair, who reads scorecards anyway; and a function needs two raters.
    """
    criteria = [(f"criterion:{column.key}", column.name) for column in base.columns]
    functions = [
        (f"function:{name}", name)
        for name, count in base.functions().items()
        if name and count >= LEAST_RATERS
    ]
    raters = [(f"rater:{rater.id}", f"{rater.name}, {rater.function}") for rater in base.raters]
    return criteria + functions + (raters if is_curator(user) else [])


def _whole(rank: float) -> int | None:
    return None if np.isnan(rank) else int(rank)
