"""What is true of a cycle today, beside what its run says."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from projects.proposals.models.proposals import Proposal
from scoring.ranking.models import RankingRun

# By hand, because the page is asked for most often: what the query builder makes of it reads every
# result of the run, and takes longer to be built than the database to answer.
TODAY = """
SELECT
    (SELECT COUNT(*) FROM projects_proposal AS listed
     WHERE listed.cycle_id = %s AND listed.status IN (%s, %s, %s, %s)
        AND NOT EXISTS (SELECT 1 FROM scoring_rankedproposal AS ranked
                        WHERE ranked.run_id = %s AND ranked.proposal_id = listed.id)),
    COUNT(*),
    COALESCE(SUM(ranked.cost), 0)
FROM scoring_rankedproposal AS ranked
JOIN projects_proposal AS decided ON decided.id = ranked.proposal_id
WHERE ranked.run_id = %s AND decided.cycle_id = %s AND decided.status IN (%s, %s)
"""


@dataclass(frozen=True, slots=True)
class CycleToday:
    """``greenlit`` and ``greenlit_cost`` are what leaders have said yes to so far, with or without
    conditions, and ``free`` is what that leaves of the budget, below 0 where it is overdrawn;
    ``waiting`` proposals were submitted too late for the run.
    """

    greenlit: int
    greenlit_cost: float
    free: float
    waiting: int

    @property
    def overdrawn(self) -> float:
        return max(-self.free, 0.0)


def cycle_today(run: RankingRun) -> CycleToday:
    """The cycle of ``run``, which is the current one, as it stands now; one query."""
    params: list[Any] = [
        run.cycle_id,
        *Proposal.IN_BACKLOG,
        run.pk,
        run.pk,
        run.cycle_id,
        *Proposal.SAID_YES,
    ]
    with connection.cursor() as cursor:
        cursor.execute(TODAY, params)
        waiting, greenlit, cost = cursor.fetchone()
    return CycleToday(
        greenlit=greenlit,
        greenlit_cost=float(cost),
        free=float(run.facts["budget"]) - float(cost),
        waiting=waiting,
    )
