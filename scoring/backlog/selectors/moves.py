"""How far each proposal moved between two runs."""

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.ranking.models import RankedProposal


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of both runs; None where a run does not have it."""

    label: str
    then: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """One proposal in two runs; None where a run does not know it."""

    before: RankedProposal | None
    now: RankedProposal | None

    @property
    def shown(self) -> RankedProposal:
        """The row that names it: now, or what it was."""
        found = self.now or self.before
        if found is None:
            raise ValueError("before, now: one of them is needed")
        return found

    @property
    def rank_before(self) -> int | None:
        return self.before.rank if self.before else None

    @property
    def rank_now(self) -> int | None:
        return self.now.rank if self.now else None

    @property
    def by(self) -> int:
        """Places up, negative is down; 0 where one of the runs gives it no rank."""
        if self.rank_before is None or self.rank_now is None:
            return 0
        return self.rank_before - self.rank_now

    @property
    def down(self) -> int:
        """Places down, for who went down."""
        return -self.by

    @property
    def way(self) -> str:
        """``up``, ``down``, ``in``, ``out``, ``same``, or nothing where neither run ranks it."""
        if self.rank_before is None:
            return "" if self.rank_now is None else "in"
        if self.rank_now is None:
            return "out"
        return "up" if self.by > 0 else "down" if self.by < 0 else "same"

    @property
    def figures(self) -> list[Figure]:
        """Value, ROI and impact."""
        return [
            Figure(name, getattr(self.before, key, None), getattr(self.now, key, None))
            for name, key in (("Value", "value"), ("ROI", "roi"), ("Impact", "impact"))
        ]

    @property
    def crossed(self) -> str:
        """``inside`` or ``outside`` where it changed its side of the budget."""
        if self.rank_before is None or self.rank_now is None:
            return ""
        then, now = self.before.line if self.before else "", self.shown.line
        return now if then != now else ""


def moves_between(before: Iterable[RankedProposal], now: Iterable[RankedProposal]) -> list[Move]:
    """Every proposal of either run: in the order of now, then those that are gone."""
    then = {row.proposal_id: row for row in before}
    today = {row.proposal_id: row for row in now}
    return [
        *(Move(then.get(pk), row) for pk, row in today.items()),
        *(Move(row, None) for pk, row in then.items() if pk not in today),
    ]
