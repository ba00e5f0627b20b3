"""What must hold afterwards, read from the database. Each check returns what it found wrong."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from projects.models import AuditEntry, Proposal
from projects.services.audit import broken_entries
from scoring.models import RankingRun
from scoring.selectors.snapshot import load_snapshot
from scoring.services.runs import request_run

Status = RankingRun.Status


def ask_for_run(draws: int) -> int:
    """Ask as the schedule does, for a run that takes as long as its number of futures says."""
    with transaction.atomic():
        run = request_run(actor=None, trigger=RankingRun.Trigger.COMMAND)
        RankingRun.objects.filter(pk=run.pk).update(draws=draws)
    return run.pk


def state(run_id: int) -> tuple[str, int]:
    """(status, tries) of a run."""
    status, attempt = RankingRun.objects.values_list("status", "attempt").get(pk=run_id)
    return status, attempt


def not_done_exactly_once(run_ids: Iterable[int]) -> list[str]:
    """Runs that are not done, or whose results or audit entry are not there once."""
    wrong = []
    for run in RankingRun.objects.filter(pk__in=list(run_ids)):
        if run.status != Status.DONE:
            wrong.append(f"run {run.pk} is {run.status}")
            continue
        expected = len(load_snapshot(run)["proposals"])
        results = run.results.count()
        entries = AuditEntry.objects.filter(action="run.done", subject=f"run:{run.pk}").count()
        if (results, entries) != (expected, 1):
            wrong.append(f"run {run.pk}: {results} of {expected} results, {entries} audit entries")
    return wrong


def lost_writes(acknowledged: Mapping[int, str]) -> list[str]:
    """Proposals whose creation was answered with a number, and that are not there as written."""
    found = dict(Proposal.objects.filter(pk__in=acknowledged).values_list("pk", "title"))
    return [
        f"proposal {number}: {found.get(number, 'gone')!r} instead of {title!r}"
        for number, title in acknowledged.items()
        if found.get(number) != title
    ]


def broken_audit() -> list[str]:
    _, broken = broken_entries()
    return [f"audit entry {number} does not follow" for number in broken]
