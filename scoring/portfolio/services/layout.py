"""A run and its rules laid out as a choice: who may be funded, and what binds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from scoring.analysis.portfolio import Balance, Rules
from scoring.forecast.lifecycle import NAMES
from scoring.ranking.services.pipeline.settled import Floats, Ints
from scoring.what_if.services import Answer, Base

# What a pool may hold together: (key, words).
GROUPS = (
    ("team", "Team"),
    ("type", "Type"),
    ("stream", "Mainly"),
    ("stage", "Journey stage"),
    ("segment", "Segment"),
    ("people", "Days of"),
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Bounds on what the proposals of a group cost together; ``of`` such as "team:Retention".

    Of people it is the days that those of a team work in a quarter: "people:Retention, 2027-Q1".
    """

    of: str
    low: float | None = None
    high: float | None = None

    @property
    def is_of_people(self) -> bool:
        return self.of.startswith("people:")


@dataclass(frozen=True, slots=True)
class Forced:
    """A proposal in or out whatever the ranking says: why, and at whose wish."""

    proposal: int
    inside: bool
    why: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """The rules under which the budget is spent.

    ``apart`` are groups of proposals of which at most one is funded; whose value is below ``least``
    is not chosen. ``stops``: down the list, nothing is taken below the first that does not fit.
    """

    pools: tuple[Pool, ...] = ()
    forced: tuple[Forced, ...] = ()
    apart: tuple[tuple[int, ...], ...] = ()
    least: float | None = None
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A run under a question with what binds its proposals today: their links, what is decided.

    ``decided`` by the proposal's id: whether it is in, and the decision in words.
    """

    base: Base
    answer: Answer
    question: PlanQuestion
    links: tuple[Link, ...]
    decided: Mapping[int, tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The choice among k of the run's n proposals; ``rows`` (k,) are their rows in the run.

    Arrays (k,): ``returns`` expected ROI times expected cost, NaN where no ROI is known; ``impact``
    points, NaN where none is stated. ``spends`` (k, r) what each takes of the ``limits`` (r,):
    first money, as expected present value, then likely days for each pool of people. ``order``
    places of the list from the top. ``links`` are what ``rules.requires`` and then the first of
    ``rules.excludes`` come from; the others are groups of the question. ``fixed`` says by place
    why a proposal is in whatever is best, ``out`` by row why one is not among the k.
    """

    base: Base
    limits: Floats
    rows: Ints
    returns: Floats
    spends: Floats
    impact: Floats
    order: Ints
    rules: Rules
    question: PlanQuestion
    links: tuple[Link, ...]
    fixed: dict[int, str]
    out: dict[int, str]

    @property
    def budget(self) -> float:
        return float(self.limits[0])

    @property
    def cost(self) -> Floats:
        return self.spends[:, 0]

    def item(self, place: int) -> dict[str, Any]:
        """The proposal as the run has it."""
        found: dict[str, Any] = self.base.proposals[int(self.rows[place])]
        return found

    def ids(self, chosen: NDArray[np.bool_] | None = None) -> list[int]:
        """The proposals of a choice (k,), or all of them."""
        rows = self.rows if chosen is None else self.rows[chosen]
        return [self.base.proposals[row]["id"] for row in rows.tolist()]


def groups_of(base: Base) -> dict[str, set[int]]:
    """What a pool may be of, as "kind:name", and the rows of the run that belong to it.

    A proposal belongs to both its teams, to the stream that brings most of its benefit, to every
    stage and segment that it has an effect on, and to the people who are to work on it.
    """
    found: dict[str, set[int]] = {}
    for row, item in enumerate(base.proposals):
        keys = [f"team:{item['marketing_team']}", f"team:{item['cx_team']}"]
        keys += [f"type:{item['category']}"] if item["category"] else []
        shares = base.streams.get(item["id"])
        keys += [f"stream:{NAMES[int(np.argmax(shares))]}"] if shares else []
        keys += [f"stage:{effect['stage']}" for effect in item["effects"]]
        keys += [f"segment:{effect['segment']}" for effect in item["effects"]]
        keys += [f"people:{team_and_quarter(effort)}" for effort in item.get("efforts", ())]
        for key in keys:
            found.setdefault(key, set()).add(row)
    kinds = [kind for kind, _ in GROUPS]
    return dict(sorted(found.items(), key=lambda pair: (kinds.index(pair[0].split(":")[0]), pair)))


def team_and_quarter(effort: Mapping[str, Any]) -> str:
    return f"{effort['team']}, {effort['quarter']}"


def name_of(group: str) -> str:
    """A group in words: “Team Retention”, “Mainly acquisition”."""
    kind, name = group.split(":", 1)
    return f"{dict(GROUPS)[kind]} {name.lower() if kind == 'stream' else name}"


def one_of(references: Sequence[str]) -> str:
    """The rule that at most one of these is funded, in words."""
    return f"at most one of {', '.join(references)}"


def case_of(base: Base, answer: Answer, question: PlanQuestion) -> Case:
    """The case as it stands today; two queries."""
    pks = [item["id"] for item in base.proposals]
    ties = Link.objects.filter(kind__in=Link.BINDING, proposal__in=pks, other__in=pks)
    links = ties.order_by("pk")
    said = (*Proposal.SAID_YES, *Proposal.SAID_NO)
    decided = Proposal.objects.filter(pk__in=pks, status__in=said)
    words = dict(Proposal.Status.choices)
    return Case(
        base=base,
        answer=answer,
        question=question,
        links=tuple(links.select_related("proposal", "other")),
        decided={
            pk: (status in Proposal.SAID_YES, words[status].lower())
            for pk, status in decided.values_list("pk", "status")
        },
    )


def lay_out(case: Case) -> Layout:
    """Who may be funded, under the rules of the question, the proposals' links and what is decided.

    What leaders said yes to is in, what they held or declined is out, unless it is forced the other
    way. Without a rank or a cost a proposal is not chosen, nor is one that needs such a one.
    """
    base, answer, least = case.base, case.answer, case.question.least
    value = np.round(answer.value, 6)  # the last digits of a sum are chance
    row_of = {item["id"]: row for row, item in enumerate(base.proposals)}
    why = {row_of[pk]: said for pk, said in case.decided.items()}
    for forced in case.question.forced:
        words = "forced in" if forced.inside else "left out here"
        why[row_of[forced.proposal]] = (forced.inside, words)
    out = {row: words for row, (inside, words) in why.items() if not inside}
    for row in range(len(base.proposals)):
        if np.isnan(base.cost[row]):
            out[row] = "no cost is stated"
        elif np.isnan(answer.rank[row]) and row not in why:
            out[row] = "incomplete"
        elif least is not None and value[row] < least and row not in why:
            out[row] = f"its value is below {least:g}"
    fixed = {row: words for row, (inside, words) in why.items() if inside and row not in out}
    needs = _needs(case.links, row_of)
    _drop_what_needs(out, fixed, needs, base)
    for one, other in needs:
        if one in fixed and other in out:
            fixed[one] += f", though it needs {_reference(base, other)}, which is not chosen"
    rows = np.array([row for row in range(len(base.proposals)) if row not in out], dtype=np.int64)
    place = {int(row): at for at, row in enumerate(rows)}
    listed = [place[row] for row in map(int, answer.order) if row in place and row not in fixed]
    spends, limits = _resources(case, rows)
    rules, links = _rules(case, {pk: place[row] for pk, row in row_of.items() if row in place})
    return Layout(
        base=base,
        limits=limits,
        rows=rows,
        returns=(base.roi * base.cost)[rows],
        spends=spends,
        impact=base.points[rows],
        order=np.array(listed, dtype=np.int64),
        rules=replace(rules, mandatory=tuple(sorted(place[row] for row in fixed))),
        question=case.question,
        links=links,
        fixed={place[row]: words for row, words in fixed.items()},
        out=out,
    )


def _resources(case: Case, rows: Ints) -> tuple[Floats, Floats]:
    """What the proposals of ``rows`` take of money and of the days in each pool of people.

    The days have no limit but that of their pool, which is a rule.
    """
    pools = _of_people(case.question)
    days = np.zeros((len(rows), len(pools)))
    for place, row in enumerate(rows.tolist()):
        for effort in case.base.proposals[row].get("efforts", ()):
            if (group := f"people:{team_and_quarter(effort)}") in pools:
                days[place, pools.index(group)] += effort["likely"]
    spends = np.column_stack([case.base.cost[rows], days])
    return spends, np.array([case.answer.budget, *days.sum(axis=0)])


def _of_people(question: PlanQuestion) -> list[str]:
    return list(dict.fromkeys(pool.of for pool in question.pools if pool.is_of_people))


def _needs(links: Sequence[Link], row_of: Mapping[int, int]) -> list[tuple[int, int]]:
    """Which row comes only with which other."""
    ties = [link for link in links if link.kind != Link.Kind.EXCLUDES]
    both = [link for link in ties if link.kind == Link.Kind.TOGETHER]
    return [(row_of[link.proposal_id], row_of[link.other_id]) for link in ties] + [
        (row_of[link.other_id], row_of[link.proposal_id]) for link in both
    ]


def _drop_what_needs(
    out: dict[int, str], fixed: Mapping[int, str], needs: list[tuple[int, int]], base: Base
) -> None:
    """Take out what needs something that is out, and what needs that in turn."""
    waiting = True
    while waiting:
        waiting = False
        for one, other in needs:
            if other in out and one not in out and one not in fixed:
                out[one] = f"needs {_reference(base, other)}, which is not chosen"
                waiting = True


def _reference(base: Base, row: int) -> str:
    return str(base.proposals[row]["reference"])


def _rules(case: Case, place: Mapping[int, int]) -> tuple[Rules, tuple[Link, ...]]:
    """The rules by the places of the proposals, and the links that the first come from, in order.

    Of a group of which at most one is funded, those that may be chosen.
    """
    inside = [link for link in case.links if {link.proposal_id, link.other_id} <= place.keys()]
    ties = [link for link in inside if link.kind != Link.Kind.EXCLUDES]
    apart = [link for link in inside if link.kind == Link.Kind.EXCLUDES]
    both = [link for link in ties if link.kind == Link.Kind.TOGETHER]
    groups = groups_of(case.base)
    ids = [item["id"] for item in case.base.proposals]
    people = _of_people(case.question)
    balances = [
        Balance(
            tuple(sorted(place[ids[row]] for row in groups.get(pool.of, ()) if ids[row] in place)),
            pool.low,
            pool.high,
            people.index(pool.of) + 1 if pool.is_of_people else 0,
        )
        for pool in case.question.pools
    ]
    pairs = [(place[link.proposal_id], place[link.other_id]) for link in apart]
    named = [tuple(place[pk] for pk in group if pk in place) for group in case.question.apart]
    rules = Rules(
        requires=tuple(_needs(inside, place)),
        excludes=(*pairs, *named),
        balances=tuple(balances),
    )
    return rules, (*ties, *both, *apart)
