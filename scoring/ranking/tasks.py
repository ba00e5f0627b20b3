"""Doors from the queue: an id comes in, a service is called."""

from celery import shared_task

from scoring.ranking.models import RankingRun
from scoring.ranking.services import chunks, ranking


@shared_task(name=RankingRun.task)
def rank_run(run_id: int) -> None:
    ranking.rank_run(run_id=run_id)


@shared_task(name=chunks.TASK)
def help_run(run_id: int) -> None:
    chunks.help_run(run_id=run_id)
