"""What an exception, a rule or a tight budget costs: two exact choices compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import floor, log10
from typing import Any

import numpy as np

from scoring.analysis.portfolio import Choice, FrontierPoint, Infeasible, frontier
from scoring.portfolio.services.layout import Case, Forced, Layout, lay_out, name_of, one_of
from scoring.portfolio.services.mixes import best_mix, choice_of, in_time

STEPS, SECONDS_EACH = 10, 0.5
MOST = 20  # rules that are priced; each is an exact choice of its own
PART = 50  # more money is a round amount near this part of the budget


@dataclass(frozen=True, slots=True)
class Price:
    """What the best mix would gain in return and in impact without ``rule``.

    ``entering`` and ``leaving`` are the titles of who would change places; ``forced`` the exception
    that it is the price of, ``extra`` the money that there would be more.
    """

    rule: str
    gain: float
    impact: float
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    forced: Forced | None = None
    extra: float | None = None


def prices_of(case: Case) -> list[Price]:
    """What taking each exception back would bring, and, of several, all of them together.

    They compete for one budget, so the prices need not add up to that of all.
    """
    every = case.question.forced
    eased = [
        Eased("", _with(case, forced=tuple(other for other in every if other != one)), one)
        for one in every
    ]
    if len(every) > 1:
        eased.append(Eased("all of them", _with(case, forced=())))
    return _priced(case, eased)


def rule_prices(case: Case) -> list[Price]:
    """What the best mix would gain from more money, a wider pool, or without a rule."""
    return _priced(case, list(_eased(case))[:MOST])


def frontier_of(layout: Layout) -> tuple[FrontierPoint, ...]:
    """The best return at rising customer impact, under the same rules.

    Sums are of what is known: an impact or a return that is not stated adds none.
    """
    impact = np.nan_to_num(layout.impact)
    search = partial(frontier, impact=impact, steps=STEPS, time_per_point=SECONDS_EACH)
    found = in_time(lambda: search(**choice_of(layout)))
    if isinstance(found, Infeasible):
        return ()
    known = np.nan_to_num(layout.returns)
    return tuple(replace(point, value=float(known[point.chosen].sum())) for point in found)


def more_money(budget: float) -> float:
    """A power of ten near a fiftieth of the budget: 100,000 of 4 million."""
    return float(10 ** floor(log10(budget / PART) + 0.5)) if budget > 0 else 0.0


def more_days(most: float) -> float:
    """A power of ten near a tenth of the days that there are: 10 of 120."""
    return float(10 ** max(floor(log10(max(most, 1) / 10) + 0.5), 0))


@dataclass(frozen=True, slots=True)
class Eased:
    """The case with one rule less: which one, and whether it is an exception or an amount."""

    rule: str
    case: Case
    forced: Forced | None = None
    extra: float | None = None


def _eased(case: Case) -> Iterator[Eased]:
    extra, question = more_money(case.answer.budget), case.question
    if extra:
        richer = replace(case.answer, budget=case.answer.budget + extra)
        yield Eased("more in the budget", replace(case, answer=richer), extra=extra)
    for number, pool in enumerate(question.pools):
        before, after = question.pools[:number], question.pools[number + 1 :]
        more = more_days(pool.high or 0) if pool.is_of_people else extra
        if pool.high is not None and more:
            wider = _with(case, pools=(*before, replace(pool, high=pool.high + more), *after))
            if pool.is_of_people:
                yield Eased(f"{more:.0f} more days of {pool.of.partition(':')[2]}", wider)
            else:
                yield Eased(f"more in {name_of(pool.of)}", wider, extra=extra)
        yield Eased(f"no bounds on {name_of(pool.of)}", _with(case, pools=before + after))
    references = {item["id"]: item["reference"] for item in case.base.proposals}
    for number, group in enumerate(question.apart):
        others = (*question.apart[:number], *question.apart[number + 1 :])
        words = one_of([references[pk] for pk in group])
        yield Eased(f"without “{words}”", _with(case, apart=others))
    if question.least is not None:
        yield Eased("no least value", _with(case, least=None))
    for link in case.links:
        left = tuple(other for other in case.links if other != link)
        yield Eased(f"no tie: {link}", replace(case, links=left))


def _with(case: Case, **changed: Any) -> Case:
    return replace(case, question=replace(case.question, **changed))


def _priced(case: Case, eased: Sequence[Eased]) -> list[Price]:
    """Each against ``case``; nothing where the rules of ``case`` cannot hold together."""
    now = _solved(case) if eased else None
    if now is None:
        return []
    titles = {item["id"]: item["title"] for item in case.base.proposals}
    found = []
    for one in eased:
        then = _solved(one.case)
        if then is not None:
            found.append(
                Price(
                    rule=one.rule,
                    gain=then.returns - now.returns,
                    impact=then.impact - now.impact,
                    entering=tuple(titles[pk] for pk in sorted(then.ids - now.ids)),
                    leaving=tuple(titles[pk] for pk in sorted(now.ids - then.ids)),
                    forced=one.forced,
                    extra=one.extra,
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class _Solved:
    ids: frozenset[int]
    returns: float
    impact: float


def _solved(case: Case) -> _Solved | None:
    layout = lay_out(case)
    found = best_mix(layout)
    if not isinstance(found, Choice):
        return None
    return _Solved(
        ids=frozenset(layout.ids(found.chosen)),
        returns=float(np.nansum(layout.returns[found.chosen])),
        impact=float(np.nansum(layout.impact[found.chosen])),
    )
