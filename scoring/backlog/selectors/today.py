"""What is true of a cycle today, beside what its run says."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.ranking.models import RankingRun
from scoring.scorecards.selectors import unseen_proposals

SAID_YES = (Proposal.Status.GREENLIT, Proposal.Status.CONDITIONAL)
# By hand, because the page is asked for most often: what the query builder makes of it reads every
# result of the run, and takes longer to be built than the database to answer.
TODAY = """
SELECT 0,
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
# For a panelist, a row more for each proposal that stays hidden: its id, and whether it is ranked.
AND_UNSEEN = """
UNION ALL
SELECT 1, unseen.pk,
    CASE WHEN EXISTS (SELECT 1 FROM scoring_rankedproposal AS ranked
                      WHERE ranked.run_id = %s AND ranked.proposal_id = unseen.pk)
         THEN 1 ELSE 0 END,
    0
FROM ({unseen}) AS unseen
"""


@dataclass(frozen=True, slots=True)
class CycleToday:
    """``greenlit`` and ``greenlit_cost`` are what leaders have said yes to so far, with or without
    conditions, and ``free`` is what that leaves of the budget, below 0 where it is overdrawn;
    ``waiting`` proposals were submitted too late for the run.

    The person may not see where the proposals ``unseen`` (ids) stand, because the own judgement is
    still due; ``hidden`` of them are in the run.
    """

    greenlit: int
    greenlit_cost: float
    free: float
    waiting: int
    hidden: int
    unseen: set[int]

    @property
    def overdrawn(self) -> float:
        return max(-self.free, 0.0)


def cycle_today(run: RankingRun, user: User) -> CycleToday:
    """The cycle of ``run``, which is the current one, as it stands now for ``user``; one query."""
    sql = TODAY
    params: list[Any] = [run.cycle_id, *Proposal.IN_BACKLOG, run.pk, run.pk, run.cycle_id]
    params += SAID_YES
    unseen = unseen_proposals(user).order_by().values("pk")
    if not unseen.query.is_empty():
        without, ids = unseen.query.sql_with_params()
        sql += AND_UNSEEN.format(unseen=without)
        params += [run.pk, *ids]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    [(_, waiting, greenlit, cost)] = (row for row in rows if row[0] == 0)
    ranked = {pk: bool(is_ranked) for kind, pk, is_ranked, _ in rows if kind == 1}
    hidden = sum(ranked.values())
    return CycleToday(
        greenlit=greenlit,
        greenlit_cost=float(cost),
        free=float(run.facts["budget"]) - float(cost),
        waiting=waiting - (len(ranked) - hidden),
        hidden=hidden,
        unseen=set(ranked),
    )
