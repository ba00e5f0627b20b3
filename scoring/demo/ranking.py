"""A ranking, done at once and not by a worker."""

from projects.people.models import User
from scoring.ranking.models import RankingRun
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run


def rank(actor: User) -> RankingRun:
    run = request_run(actor=actor, trigger=RankingRun.Trigger.BUTTON)
    rank_run(run_id=run.pk)
    run.refresh_from_db()
    return run
