"""A ranking, done at once and not by a worker, and what leaders decide on it."""

from projects.people.models import User
from scoring.decisions.models import Decision, PreparedDecision
from scoring.decisions.services import second
from scoring.demo.company import Company
from scoring.ranking.models import RankingRun
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run


def rank(actor: User) -> RankingRun:
    run = request_run(actor=actor, trigger=RankingRun.Trigger.BUTTON)
    rank_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def agree(company: Company, made: Decision | PreparedDecision) -> None:
    """The word of the other leader, where the charter asks for two."""
    if isinstance(made, PreparedDecision):
        second(actor=company.people["nora"], waiting=made)
