"""What tests of runs share: a run that waits, a worker that is gone."""

from datetime import timedelta

from django.db.models.functions import Now

from scoring.models import RankingRun
from scoring.ranking.services.runs import request_run
from tests.company import Company


def waiting(company: Company) -> RankingRun:
    return request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON)


def expire(run: RankingRun) -> None:
    """What happens to a worker that was killed: nobody renews its lease."""
    RankingRun.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))
