"""Doors from the queue: an id comes in, a service is called."""

from celery import shared_task

from scoring.services import ranking


@shared_task(name="scoring.rank_run")
def rank_run(run_id: int) -> None:
    ranking.rank_run(run_id=run_id)
