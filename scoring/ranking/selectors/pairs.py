"""Which two runs a comparison begins with."""

from dataclasses import dataclass

from projects.people.models import User
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import finished_runs

CHOICES = 50  # runs that can be chosen from the list; any other by its number in the address


@dataclass(frozen=True, slots=True)
class Pair:
    """Two finished runs, the older one first; None where there is none to take."""

    before: RankingRun | None
    now: RankingRun | None
    choices: list[RankingRun]


def default_pair(user: User) -> Pair:
    """The backlog's run and the one before it in its cycle, or the two newest."""
    choices = list(finished_runs(user)[:CHOICES])
    now = next((run for run in choices if run.cycle.is_current), next(iter(choices), None))
    before = None if now is None else _run_before(now, choices)
    return Pair(before, now, choices)


def _run_before(now: RankingRun, choices: list[RankingRun]) -> RankingRun | None:
    older = [run for run in choices if run.pk < now.pk]
    same_cycle = (run for run in older if run.cycle_id == now.cycle_id)
    return next(same_cycle, next(iter(older), None))
