"""Exports that workers write, each for its owner only."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from projects.people.models import User
from scoring.exports.models import ExportJob
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import open_to

KEPT = timedelta(days=1)


def exports_of(user: User) -> QuerySet[ExportJob]:
    """The person's own of runs that are open; nobody else's exist, for administrators neither."""
    opened = open_to(user, RankingRun.objects.all())
    return ExportJob.objects.filter(owner=user, run__in=opened.values("pk"))


def expired() -> QuerySet[ExportJob]:
    """Files whose day is over, and jobs that came to nothing a day ago."""
    return ExportJob.objects.filter(
        Q(expires_at__lt=Now())
        | Q(status__in=[ExportJob.Status.FAILED], finished_at__lt=Now() - KEPT)
    )


def file_of(job: ExportJob) -> Path:
    """Where the file of a finished job lies, outside of everything a web server serves."""
    return Path(settings.EXPORT_ROOT) / job.file_name
