"""What is true of a cycle today, beside what its run says."""

from dataclasses import dataclass

from django.db import connection

from projects.models import Proposal
from scoring.models import RankingRun
from scoring.selectors.backlog import Ids

SAID_YES = (Proposal.Status.GREENLIT, Proposal.Status.CONDITIONAL)
NOTHING = "SELECT id FROM projects_proposal WHERE 1 = 0"
# By hand, because the page is asked for most often: what the query builder makes of it reads every
# result of the run, and takes longer to be built than the database to answer.
TODAY = """
SELECT
    (SELECT COUNT(*) FROM projects_proposal AS listed
     WHERE listed.cycle_id = %s AND listed.status IN (%s, %s, %s, %s)
        AND NOT EXISTS (SELECT 1 FROM scoring_rankedproposal AS ranked
                        WHERE ranked.run_id = %s AND ranked.proposal_id = listed.id)
        AND listed.id NOT IN ({unseen})),
    (SELECT COUNT(*) FROM scoring_rankedproposal AS ranked
     WHERE ranked.run_id = %s AND ranked.proposal_id IN ({unseen})),
    COUNT(*),
    COALESCE(SUM(ranked.cost), 0)
FROM scoring_rankedproposal AS ranked
JOIN projects_proposal AS decided ON decided.id = ranked.proposal_id
WHERE ranked.run_id = %s AND decided.cycle_id = %s AND decided.status IN (%s, %s)
"""


@dataclass(frozen=True, slots=True)
class CycleToday:
    """``greenlit`` and ``greenlit_cost`` are what leaders have said yes to so far, with or without
    conditions; ``waiting`` proposals were submitted too late for the run; ``hidden`` ones are not
    shown, because the person's own judgement is still due.
    """

    greenlit: int
    greenlit_cost: float
    waiting: int
    hidden: int


def cycle_today(run: RankingRun, unseen: Ids) -> CycleToday:
    """Count the cycle of ``run`` as it stands now, for a person who may not see ``unseen``."""
    without, ids = (NOTHING, ()) if unseen.query.is_empty() else unseen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            TODAY.format(unseen=without),
            [
                *(run.cycle_id, *Proposal.IN_BACKLOG, run.pk, *ids),
                *(run.pk, *ids),
                *(run.pk, run.cycle_id, *SAID_YES),
            ],
        )
        waiting, hidden, greenlit, cost = cursor.fetchone()
    return CycleToday(greenlit=greenlit, greenlit_cost=float(cost), waiting=waiting, hidden=hidden)
