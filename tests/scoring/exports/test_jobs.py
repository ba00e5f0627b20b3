"""Exports that a worker writes: done once, for their owner alone, and gone after a day."""

import csv
import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from jobs.selectors import oldest_due_seconds
from jobs.services.bell import dispatch
from jobs.services.leases import LostLease, claim
from projects.errors import Conflict
from projects.models import AuditEntry, User
from scoring.exports.selectors import file_of
from scoring.exports.services import write
from scoring.exports.services.requests import clear_exports, request_export
from scoring.exports.services.write import write_export
from scoring.models import ExportJob, RankingRun
from tests.company import Company
from tests.pages import come_in, markup

Status = ExportJob.Status


def ask(
    owner: User, run: RankingRun, *, query: str = "", kind: str = "csv", key: UUID | None = None
) -> ExportJob:
    return request_export(actor=owner, run=run, kind=kind, query=query, creation_key=key or uuid4())


def expire(job: ExportJob) -> None:
    """As if the worker that holds the job had been silent for a long time."""
    ExportJob.objects.filter(pk=job.pk).update(lease_until=F("lease_until") - timedelta(hours=1))


def titles(content: bytes) -> list[str]:
    return [line["title"] for line in csv.DictReader(io.StringIO(content.decode()))]


def test_a_worker_writes_the_file_once(
    company: Company, run: RankingRun, export_root: Path
) -> None:
    job = ask(company.leader, run, query="q=Second")
    assert write_export(job_id=job.pk) is True
    assert write_export(job_id=job.pk) is False
    job.refresh_from_db()
    assert (job.status, job.rows, job.progress, job.attempt) == (Status.DONE, 1, 100, 1)
    assert titles(file_of(job).read_bytes()) == ["Second"]
    assert job.size == file_of(job).stat().st_size
    assert stat.S_IMODE(file_of(job).stat().st_mode) == 0o600
    assert stat.S_IMODE(export_root.stat().st_mode) == 0o700
    assert [path.name for path in export_root.iterdir()] == [job.file_name]
    assert AuditEntry.objects.filter(action="export.done").count() == 1


def test_a_worker_that_lost_its_lease_leaves_neither_file_nor_trace(
    company: Company, run: RankingRun, export_root: Path
) -> None:
    job = ask(company.leader, run)
    zombie = claim(ExportJob, job.pk)
    assert zombie is not None
    expire(job)
    assert write_export(job_id=job.pk) is True
    with pytest.raises(LostLease):
        zombie.write(progress=50)
    with pytest.raises(LostLease):
        zombie.finish(file_name="x", size=1, rows=1, expires_at=timezone.now())
    job.refresh_from_db()
    assert (job.status, job.attempt) == (Status.DONE, 2)
    assert len(list(export_root.iterdir())) == 1


def test_a_lease_that_is_lost_while_writing_drops_the_file(
    company: Company, run: RankingRun, export_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(company.leader, run)
    finish = write._finish

    def late(*args: Any) -> None:
        ExportJob.objects.filter(pk=job.pk).update(owner_token="another")
        finish(*args)

    monkeypatch.setattr(write, "_finish", late)
    assert write_export(job_id=job.pk) is False
    assert list(export_root.iterdir()) == []
    assert AuditEntry.objects.filter(action="export.done").count() == 0


def test_three_tries_that_break_end_in_words(
    company: Company, run: RankingRun, export_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(company.leader, run)
    monkeypatch.setattr(write, "_write", Mock(side_effect=RuntimeError("disk")))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            write_export(job_id=job.pk)
        expire(job)
    job.refresh_from_db()
    assert (job.status, job.attempt) == (Status.FAILED, 3)
    assert job.error.startswith("The export stopped three times before it was done.")
    assert list(export_root.iterdir()) == []


def test_the_dispatcher_rings_again_for_what_nobody_took(
    company: Company, run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = Mock()
    monkeypatch.setattr(current_app, "send_task", rung)
    job = ask(company.leader, run)
    assert dispatch() == 1
    rung.assert_called_once_with("scoring.write_export", (job.pk,), retry=False)
    assert dispatch() == 0
    ExportJob.objects.update(dispatched_at=F("dispatched_at") - timedelta(seconds=11))
    assert dispatch() == 1


def test_the_task_of_the_queue_writes_the_file(
    company: Company, run: RankingRun, export_root: Path
) -> None:
    job = ask(company.leader, run)
    current_app.loader.import_default_modules()  # as a worker does when it starts
    current_app.tasks[ExportJob.task].apply((job.pk,), throw=True)
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_a_repeated_request_is_one_export_and_five_are_the_most(
    company: Company, run: RankingRun
) -> None:
    key = uuid4()
    first = ask(company.leader, run, key=key)
    assert ask(company.leader, run, key=key) == first
    with pytest.raises(Conflict, match="made already"):
        ask(company.curator, run, key=key)
    for _ in range(4):
        ask(company.leader, run)
    with pytest.raises(Conflict, match="5 of your exports are being written"):
        ask(company.leader, run)
    assert ask(company.leader, run, key=key) == first
    assert ExportJob.objects.count() == 5
    assert AuditEntry.objects.filter(action="export.request").count() == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_asking_does_not_wait_for_an_audit_entry_about_the_same_person(run: RankingRun) -> None:
    """Who waits there holds what the entry waits for: one of the two would be refused."""
    leader = User.objects.get(username="leader")
    worker = connection.copy()
    with worker.cursor() as cursor:
        worker.set_autocommit(False)
        cursor.execute("SELECT 1 FROM projects_user WHERE id = %s FOR KEY SHARE", [leader.pk])
        assert ask(leader, run).status == Status.QUEUED
        worker.rollback()
    worker.close()


def test_files_are_deleted_after_their_day_and_orphans_too(
    company: Company, run: RankingRun, export_root: Path
) -> None:
    old, fresh, failed = (ask(company.leader, run) for _ in range(3))
    write_export(job_id=old.pk)
    write_export(job_id=fresh.pk)
    yesterday = timezone.now() - timedelta(days=1, seconds=5)
    ExportJob.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    ExportJob.objects.filter(pk=failed.pk).update(status=Status.FAILED, finished_at=yesterday)
    orphan = export_root / "left-by-a-killed-worker.csv"
    orphan.touch()
    os.utime(orphan, (0, 0))
    assert clear_exports() == 3
    assert list(ExportJob.objects.all()) == [fresh]
    fresh.refresh_from_db()
    assert [path.name for path in export_root.iterdir()] == [fresh.file_name]
    assert clear_exports() == 0


def test_what_the_owner_may_see_is_decided_when_the_file_is_written(
    company: Company, export_root: Path
) -> None:
    hidden = company.submitted("Not judged by the panelist")
    company.score(hidden, company.curator, 50, 25)
    job = ask(company.panelist, company.rank())
    company.score(hidden, company.panelist, 50, 25)
    write_export(job_id=job.pk)
    job.refresh_from_db()
    assert titles(file_of(job).read_bytes()) == ["Not judged by the panelist"]


def test_a_long_list_is_offered_to_a_worker_and_fetched_by_its_owner_only(
    company: Company, run: RankingRun, export_root: Path, settings: Any, leader: Client
) -> None:
    settings.EXPORT_ROWS_AT_ONCE = 2
    page = markup(leader.get("/backlog/export/csv/"))
    assert "This is a long list" in page
    assert "3 proposals" in page
    # A filter that makes it short gives the file at once.
    short = leader.get("/backlog/export/csv/?q=Second")
    assert titles(b"".join(short.streaming_content)) == ["Second"]  # type: ignore[attr-defined]
    form = {"creation_key": str(uuid4())}
    asked = leader.post("/backlog/export/csv/?sort=-rank&page=2", form)
    job = ExportJob.objects.get()
    assert (job.owner, job.run, job.format, job.query) == (company.leader, run, "csv", "sort=-rank")
    assert asked.headers["Location"] == f"/exports/{job.pk}/"
    assert "Waiting for a worker" in markup(leader.get(f"/exports/{job.pk}/"))
    assert leader.get(f"/exports/{job.pk}/file/").status_code == 404
    write_export(job_id=job.pk)
    done = leader.get(f"/exports/{job.pk}/", headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")
    job.refresh_from_db()
    assert f"Save {job.shown_name}" in markup(leader.get(f"/exports/{job.pk}/"))
    assert job.shown_name in leader.get("/exports/").content.decode()
    file = leader.get(f"/exports/{job.pk}/file/")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{job.shown_name}"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert titles(b"".join(file.streaming_content)) == [  # type: ignore[attr-defined]
        "Incomplete",
        "Second",
        "First",
    ]
    for other in (company.admin, company.curator):
        stranger = Client()
        come_in(stranger, other)
        assert stranger.get(f"/exports/{job.pk}/").status_code == 404
        assert stranger.get(f"/exports/{job.pk}/file/").status_code == 404
        assert job.shown_name not in stranger.get("/exports/").content.decode()
    file_of(job).unlink()
    assert leader.get(f"/exports/{job.pk}/file/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_exports_reads_as_much_for_three_as_for_one(
    company: Company, run: RankingRun, leader: Client, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        ask(company.leader, run)
    leader.get("/exports/")
    with django_assert_num_queries(5):
        leader.get("/exports/")


def test_a_request_that_is_not_whole_is_answered_in_words(
    company: Company, run: RankingRun, leader: Client
) -> None:
    answer = leader.post("/backlog/export/csv/", {"creation_key": "x"}, follow=True)
    assert "The page was not complete." in answer.content.decode()
    long = leader.post(
        f"/backlog/export/csv/?q={'x' * 600}", {"creation_key": uuid4()}, follow=True
    )
    assert "Ensure this value has at most 500 characters" in long.content.decode()
    for _ in range(5):
        ask(company.leader, run)
    busy = leader.post("/backlog/export/csv/", {"creation_key": uuid4()}, follow=True)
    assert "5 of your exports are being written." in busy.content.decode()
    assert ExportJob.objects.count() == 5


def test_the_api_asks_watches_and_fetches(
    company: Company, run: RankingRun, export_root: Path, leader: Client
) -> None:
    body = {"format": "csv", "filter": "q=First&page=3"}
    key = {"Idempotency-Key": str(uuid4())}
    made = [
        leader.post("/api/v1/exports/", body, content_type="application/json", headers=key)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in made] == [202, 202]
    assert made[0].json() == made[1].json()
    job = made[0].json()
    assert (job["status"], job["filter"], job["run"]) == ("queued", "q=First", run.pk)
    assert leader.get(f"/api/v1/exports/{job['id']}/file/").status_code == 404
    write_export(job_id=job["id"])
    done = leader.get(f"/api/v1/exports/{job['id']}/").json()
    assert (done["status"], done["rows"]) == ("done", 1)
    file = leader.get(f"/api/v1/exports/{job['id']}/file/")
    assert titles(b"".join(file.streaming_content)) == ["First"]  # type: ignore[attr-defined]
    assert leader.get("/api/v1/exports/").json()["count"] == 1
    company.cycle.is_current = False
    company.cycle.save(update_fields=["is_current"])
    refused = leader.post("/api/v1/exports/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["detail"][:23]) == (409, "Nothing is ranked yet, ")


def test_an_export_that_nobody_takes_shows_in_the_health_check(
    company: Company, run: RankingRun, export_root: Path
) -> None:
    assert oldest_due_seconds() is None
    call_command("check_progress", seconds=120)
    job = ask(company.leader, run)
    ExportJob.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(seconds=300))
    waited = oldest_due_seconds()
    assert waited is not None
    assert 300 <= waited < 420
    with pytest.raises(CommandError, match=r"A run or an export has been waiting for 3\d\d s"):
        call_command("check_progress", seconds=120)
    write_export(job_id=job.pk)
    call_command("check_progress", seconds=120)
