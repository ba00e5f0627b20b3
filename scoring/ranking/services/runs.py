"""Asking for runs, by a person or by the schedule, and calling one off."""

import secrets
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from jobs.services.bell import ring
from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.people.models import User
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import published_version
from scoring.panel.selectors import may_request_runs
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import current_cycle, latest_change

NIGHTLY_HOUR = 2  # local time of the server's TIME_ZONE
QUIET = timedelta(seconds=60)  # changes come in bursts; wait until one is over
PATIENCE = timedelta(minutes=10)  # but never longer than this


def request_run(
    *, actor: User | None, trigger: str, nightly_date: date | None = None
) -> RankingRun:
    """Ask for a ranking of the current cycle; a run that is still waiting is handed back.

    ``actor`` is None for the schedule and the command line, where the operator's shell is the
    permission.
    """
    if actor is not None and not may_request_runs(actor):
        raise PermissionDenied("Leaders, the panel's chair and administrators ask for runs.")
    cycle, version = current_cycle(), published_version()
    if cycle is None:
        raise Conflict("No cycle is current. Make one current first.")
    if version is None:
        raise Conflict("There is no published framework to rank by.")
    try:
        with transaction.atomic():
            waiting = RankingRun.objects.filter(
                cycle=cycle, status=RankingRun.Status.QUEUED
            ).first()
            if waiting is not None:
                return _under(waiting, version)
            run = RankingRun.objects.create(
                cycle=cycle,
                framework_version=version,
                trigger=trigger,
                requested_by=actor,
                nightly_date=nightly_date,
                seed=_seed(cycle),
                draws=version.draws,
            )
            record(actor=actor, action="run.request", subject=f"run:{run.pk}", trigger=trigger)
            transaction.on_commit(lambda: ring(RankingRun, run.pk))
    except IntegrityError:
        # Two people pressed at once: the other one's run it is, which may have begun meanwhile.
        return RankingRun.objects.filter(cycle=cycle).latest("pk")
    return run


def cancel_run(*, actor: User, run: RankingRun) -> None:
    """Stop a run that waits or works; a worker that has it drops its result at its next write."""
    if not may_request_runs(actor):
        raise PermissionDenied("Who may ask for a run may cancel one.")
    with transaction.atomic():
        stopped = RankingRun.objects.filter(pk=run.pk, status__in=RankingRun.ACTIVE).update(
            status=RankingRun.Status.CANCELLED,
            owner_token="",
            lease_until=None,
            stage="",
            finished_at=Now(),
        )
        if stopped != 1:
            raise Conflict(f"{run} is over already. Nothing was cancelled.")
        record(actor=actor, action="run.cancel", subject=f"run:{run.pk}")


def _seed(cycle: Cycle) -> int:
    """One seed for all runs of a cycle: between two of them, a number moves only for a cause."""
    first = RankingRun.objects.filter(cycle=cycle).order_by("pk").first()
    return secrets.randbits(62) if first is None else first.seed


def schedule_runs(*, now: datetime | None = None) -> list[RankingRun]:
    """Ask for the nightly run and the run after changes, when their time has come."""
    cycle, version = current_cycle(), published_version()
    if cycle is None or version is None:
        return []
    moment = timezone.localtime(now)
    if _nightly_is_due(cycle, moment):
        run = request_run(
            actor=None, trigger=RankingRun.Trigger.NIGHTLY, nightly_date=moment.date()
        )
        return [run]
    if _change_is_due(cycle, moment):
        return [request_run(actor=None, trigger=RankingRun.Trigger.CHANGE)]
    return []


def _under(waiting: RankingRun, version: FrameworkVersion) -> RankingRun:
    """Let a waiting run follow the framework that was published while it waited."""
    if waiting.framework_version_id != version.pk:
        waiting.framework_version = version
        waiting.draws = version.draws
        waiting.save(update_fields=["framework_version", "draws"])
    return waiting


def _nightly_is_due(cycle: Cycle, moment: datetime) -> bool:
    """Past the nightly hour, and no run was asked for since."""
    tonight = moment.replace(hour=NIGHTLY_HOUR, minute=0, second=0, microsecond=0)
    since = tonight if moment >= tonight else tonight - timedelta(days=1)
    return not RankingRun.objects.filter(
        Q(created_at__gte=since) | Q(nightly_date=moment.date()), cycle=cycle
    ).exists()


def _change_is_due(cycle: Cycle, moment: datetime) -> bool:
    """Something changed since the last run began, and the burst is over or has lasted too long."""
    changed = latest_change(cycle)
    last = RankingRun.objects.filter(cycle=cycle).order_by("-id").first()
    if changed is None or (last is not None and changed <= (last.started_at or last.created_at)):
        return False
    quiet = moment - changed >= QUIET
    overdue = last is not None and moment - last.created_at >= PATIENCE
    return quiet or overdue
