"""Scenarios beside each other: what each funds, where its money goes, and how its list stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.portfolio.services.layout import Case, groups_of, lay_out, name_of
from scoring.portfolio.services.mixes import Mix, way_of
from scoring.ranking.models import RankingRun

BY = ("team", "stream", "stage")  # kinds of groups whose money is shown


@dataclass(frozen=True, slots=True)
class Side:
    """One question answered: its mix, and by proposal who is funded and at which rank.

    ``money`` is what a group in words gets; a proposal of two teams or stages counts in both.
    ``mix`` is None where its rules cannot hold together.
    """

    mix: Mix | None
    budget: float
    funded: frozenset[int]
    rank: dict[int, int | None]
    money: dict[str, float]


@dataclass(frozen=True, slots=True)
class Differing:
    """A proposal that not all sides fund, or rank alike: in each whether it is in, and its rank."""

    item: dict[str, Any]
    sides: tuple[tuple[bool, int | None], ...]


def side_of(run: RankingRun, case: Case, way: str) -> Side:
    layout = lay_out(case)
    mix = way_of(run, layout, way)
    base, answer = case.base, case.answer
    chosen = layout.rows[mix.chosen] if mix else layout.rows[:0]
    spent = dict(zip(chosen.tolist(), base.cost[chosen].tolist(), strict=True))
    ids = [item["id"] for item in base.proposals]
    return Side(
        mix=mix,
        budget=answer.budget,
        funded=frozenset(ids[row] for row in spent),
        rank={
            pk: None if np.isnan(rank) else int(rank)
            for pk, rank in zip(ids, answer.rank, strict=True)
        },
        money={
            name_of(group): sum(spent.get(row, 0.0) for row in rows)
            for group, rows in groups_of(base).items()
            if group.split(":", 1)[0] in BY
        },
    )


def differing(items: Sequence[dict[str, Any]], sides: Sequence[Side]) -> list[Differing]:
    """Who is not funded in all of them or in none, by rank in the first; then who only moved."""
    found = [
        Differing(item, tuple((item["id"] in side.funded, side.rank[item["id"]]) for side in sides))
        for item in items
    ]
    unlike = [one for one in found if len(set(one.sides)) > 1]
    return sorted(unlike, key=lambda one: len({inside for inside, _ in one.sides}) == 1)


def money_by_group(sides: Sequence[Side]) -> list[tuple[str, list[float]]]:
    """What each group gets in each side; groups that get nothing in any are left out."""
    names = sides[0].money if sides else {}
    rows = [(name, [side.money[name] for side in sides]) for name in names]
    return [(name, amounts) for name, amounts in rows if any(amounts)]
