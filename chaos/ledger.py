"""What must hold afterwards, read from the database. Each check returns what it found wrong."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from projects.audit.services import broken_entries
from projects.imports.services.batches import ask_worker, open_batch
from projects.models import AuditEntry, Batch, Cycle, Proposal, User
from scoring.exports.files.verify import UnreadableExport, alterations, read_export
from scoring.exports.selectors import file_of
from scoring.exports.services.requests import request_export
from scoring.models import ExportJob, RankingRun, RunChunk
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services.ranking import replay
from scoring.ranking.services.runs import request_run

Status = RankingRun.Status


def ask_for_run(draws: int) -> int:
    """Ask as the schedule does, for a run that takes as long as its number of futures says."""
    with transaction.atomic():
        run = request_run(actor=None, trigger=RankingRun.Trigger.COMMAND)
        RankingRun.objects.filter(pk=run.pk).update(draws=draws)
    return run.pk


def ask_for_export(run: RankingRun) -> int:
    """Ask as the leader, for JSON, which is read back the quickest."""
    leader = User.objects.get(username="leader")
    return request_export(actor=leader, run=run, kind="json", query="", creation_key=uuid4()).pk


def ask_for_import(rows: int) -> int:
    """Have a list of so many rows, brought in as drafts; nothing but the lease keeps it single."""
    admin = User.objects.get(username="admin")
    name = uuid4().hex[:8]
    lines = [f"{name} {row},marketing,cx" for row in range(rows)]
    content = "\n".join(["title,marketing_owner,cx_owner", *lines]).encode()
    cycle = Cycle.objects.get(is_current=True)
    with transaction.atomic():
        batch = open_batch(actor=admin, cycle=cycle, name=f"{name}.csv", content=content)
        # Without the check that a long list begins with.
        Batch.objects.filter(pk=batch.pk).update(status=Batch.Status.DONE)
        ask_worker(actor=admin, batch=batch, work=Batch.Work.IMPORT)
    return batch.pk


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
        entries = _entries("run.done", f"run:{run.pk}")
        if (results, entries) != (expected, 1):
            wrong.append(f"run {run.pk}: {results} of {expected} results, {entries} audit entries")
    return wrong


def other_bytes_than_alone(run_ids: Iterable[int]) -> list[str]:
    """Done runs that one process, computing alone from the same sealed inputs, gets otherwise."""
    wrong, same = [], set()
    for run in RankingRun.objects.filter(pk__in=list(run_ids), status=Status.DONE):
        seen = (run.input_digest, run.seed, run.draws, run.result_digest)
        if seen in same or replay(run):
            same.add(seen)
        else:
            wrong.append(f"run {run.pk} has other bytes than the same run made alone")
    return wrong


def left_draws() -> list[str]:
    """Chunks of runs that are over."""
    left = RunChunk.objects.exclude(run__status__in=RankingRun.ACTIVE).count()
    return [f"{left} chunks of runs that are over were left behind"] if left else []


def exports_not_done_exactly_once(job_ids: Iterable[int]) -> list[str]:
    """Exports that are not done, lack their one audit entry, or whose file is not whole."""
    wrong = []
    for job in ExportJob.objects.filter(pk__in=list(job_ids)).select_related("run"):
        entries = _entries("export.done", f"export:{job.pk}")
        if job.status != Status.DONE:
            wrong.append(f"export {job.pk} is {job.status}")
        elif entries != 1:
            wrong.append(f"export {job.pk}: {entries} audit entries")
        else:
            wrong += _faults_of_file(job)
    return wrong


def imports_not_done_exactly_once(batch_ids: Iterable[int], rows: int) -> list[str]:
    """Lists that are not in, lack their one audit entry, or whose proposals are not there once."""
    wrong = []
    for batch in Batch.objects.filter(pk__in=list(batch_ids)).defer("content"):
        entries = _entries("import.done", f"batch:{batch.pk}")
        there = Proposal.objects.filter(title__startswith=batch.file_name[:8]).count()
        if batch.status != Status.DONE:
            wrong.append(f"list {batch.pk} is {batch.status}")
        elif (batch.state, entries, there, len(batch.made)) != ("imported", 1, rows, rows):
            wrong.append(f"list {batch.pk}: {there} of {rows} proposals, {entries} audit entries")
    return wrong


def are_over(job_ids: Iterable[int]) -> bool:
    """Whether none of these exports waits or is being written."""
    return not ExportJob.objects.filter(pk__in=list(job_ids), status__in=ExportJob.ACTIVE).exists()


def _faults_of_file(job: ExportJob) -> list[str]:
    """What differs in a finished export's file from its run: read back, as anybody would."""
    try:
        size, file = file_of(job).stat().st_size, read_export(file_of(job))
    except (OSError, UnreadableExport) as error:
        return [f"export {job.pk}: its file cannot be read ({error})"]
    expected = job.run.results.count()
    found = alterations(file)
    if (file.run, len(file.rows), job.rows, job.size) != (job.run_id, expected, expected, size):
        found.append(f"{len(file.rows)} rows of run {file.run}, {size} bytes")
    return [f"export {job.pk}: {sentence}" for sentence in found]


def ownerless_files() -> set[Path]:
    """Files of exports that no finished export has: a killed worker leaves one, no other may."""
    owned = {file_of(job) for job in ExportJob.objects.filter(status=Status.DONE)}
    return set(Path(settings.EXPORT_ROOT).glob("*")) - owned


def _entries(action: str, subject: str) -> int:
    return AuditEntry.objects.filter(action=action, subject=subject).count()


def lost_writes(acknowledged: Mapping[int, str]) -> list[str]:
    """Proposals whose creation was answered with a number, and that are not there as written."""
    found = dict(Proposal.objects.filter(pk__in=acknowledged).values_list("pk", "title"))
    return [
        f"proposal {number}: {found.get(number, 'gone')!r} instead of {title!r}"
        for number, title in acknowledged.items()
        if found.get(number) != title
    ]


def lost_edits(acknowledged: Mapping[tuple[int, str], str]) -> list[str]:
    """Fields of drafts, by draft and name, that do not say what was acknowledged last."""
    found = Proposal.objects.in_bulk({pk for pk, _ in acknowledged})
    return [
        f"{name} of proposal {pk}: {said!r} instead of {text!r}"
        for (pk, name), text in acknowledged.items()
        if (said := str(getattr(found.get(pk), name, "gone"))) != text
    ]


def uncounted_edits(acknowledged: Mapping[int, int]) -> list[str]:
    """Drafts that were not changed as often as was acknowledged, by trail and by version."""
    versions = dict(Proposal.objects.filter(pk__in=acknowledged).values_list("pk", "version"))
    return [
        f"proposal {pk}: {entries} audit entries, version {versions.get(pk)} after {count} edits"
        for pk, count in acknowledged.items()
        if (entries := _entries("proposal.edit", f"proposal:{pk}")) != count
        or versions.get(pk) != count + 1
    ]


def broken_audit() -> list[str]:
    _, broken = broken_entries()
    return [f"audit entry {number} does not follow" for number in broken]
