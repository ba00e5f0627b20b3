"""Planted faults: a check that does not find its own is no check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from django.db import connection

from chaos.databases import break_database
from chaos.ledger import (
    Status,
    are_over,
    ask_for_export,
    ask_for_import,
    ask_for_run,
    broken_audit,
    exports_not_done_exactly_once,
    imports_not_done_exactly_once,
    left_draws,
    lost_edits,
    lost_writes,
    not_done_exactly_once,
)
from chaos.panel_faults import panel_faults
from chaos.post import ask_for_mail, not_delivered_exactly_once
from chaos.queues import one_outage, stopped
from chaos.site import Site, end, until
from chaos.work import Exports, Lists, Mails, Runs, SharedRuns
from chaos.workers import at_work, freeze_workers
from projects.audit.services import record
from projects.models import AuditEntry, Proposal
from scoring.exports.selectors import file_of
from scoring.models import ExportJob, RankingRun, RunChunk
from tests.mailbox import Mailbox

FEW = 2
WEB = "chaos.careless_web:application"
WORKER, HELPER, EXPORTER, POSTER = (
    f"chaos.careless_{name}" for name in ("worker", "helper", "exporter", "poster")
)


@dataclass(frozen=True)
class Fault:
    """A fault, how it is planted (returns what the checks found) and what they must say of it."""

    name: str
    plant: Callable[[], list[str]]
    sign: str


def faults(site: Site) -> Iterator[Fault]:
    yield Fault("an effect that is there twice", doubled_effect, "2 audit entries")
    yield Fault("a run that nobody carries out", run_without_worker, "queued")
    yield Fault("an acknowledged write that is gone", deleted_write, "gone")
    yield Fault("an acknowledged write that was changed", changed_write, "instead of")
    yield Fault("an acknowledged edit that another one undid", forgotten_edit, "instead of")
    doubled, altered, deleted = done_exports(site, 3)
    yield Fault("an export that nobody writes", export_without_worker, "queued")
    yield Fault("an export that is done twice", lambda: doubled_export(doubled), "2 audit entries")
    yield Fault("an export that was altered", lambda: altered_file(altered), "altered")
    yield Fault("an export whose file is gone", lambda: deleted_file(deleted), "cannot be read")
    yield Fault("a mail that nobody sends", mail_without_worker, "queued")
    yield Fault("a mail without a cause", mail_without_cause, "no cause")
    yield Fault("a list that nobody reads", list_without_worker, "queued")
    yield Fault("a list that comes in twice", lambda: doubled_import(site), "2 audit entries")
    yield Fault("draws that are left behind", draws_left_behind, "left behind")
    yield Fault("draws that are not the run's", lambda: foreign_draws(site), "other bytes")
    for kind, worker, sign in (
        (Runs, WORKER, "2 audit entries"),
        (SharedRuns, WORKER, "2 audit entries"),
        (Exports, WORKER, "2 audit entries"),
        (Exports, EXPORTER, "left behind"),
        (Mails, POSTER, "times"),
    ):
        what = f"{worker.partition('_')[2]} ({kind.name})"
        # Of a shared run, the frozen worker may hold but a part, which another one makes again.
        times = 3 * FEW if kind is SharedRuns else FEW
        yield Fault(
            f"a careless {what}",
            lambda k=kind, w=worker, n=times: freeze_workers(site, k(), n, w),
            sign,
        )
    yield Fault(
        "a web server that counts on the queue", lambda: without_queue(site), "queue stopped"
    )
    yield Fault("a web server that counts on the database", lambda: without_database(site), "503")
    yield from (Fault(*fault) for fault in panel_faults())
    yield Fault("an audit entry that was altered", altered_audit, "does not follow")


def prove(site: Site) -> list[str]:
    """Plant one fault after another; return those that went unnoticed."""
    unnoticed, count = [], 0
    for fault in faults(site):
        assert not broken_audit(), "the faults disturb each other"
        count += 1
        found = [text for text in fault.plant() if fault.sign in text]
        site.end_product()
        print(f"planted {fault.name}: {found[0] if found else 'NOT FOUND'}", flush=True)
        if not found:
            unnoticed.append(f"{fault.name} was not noticed")
    print(f"{count - len(unnoticed)} of {count} planted faults found")
    return unnoticed


def doubled_effect() -> list[str]:
    run = RankingRun.objects.filter(status=Status.DONE).latest("pk")
    assert not not_done_exactly_once([run.pk])
    record(actor=None, action="run.done", subject=f"run:{run.pk}")
    return not_done_exactly_once([run.pk])


def run_without_worker() -> list[str]:
    return not_done_exactly_once([ask_for_run(1_000)])


def done_exports(site: Site, count: int) -> list[ExportJob]:
    """Exports that a worker has written, and in which nothing is wrong yet."""
    run = RankingRun.objects.filter(status=Status.DONE).latest("pk")
    with at_work(site, Runs()):
        worker = site.start_worker()
        asked = [ask_for_export(run) for _ in range(count)]
        until(lambda: are_over(asked), 60, "the exports")
        end(worker)
    assert not exports_not_done_exactly_once(asked)
    return list(ExportJob.objects.filter(pk__in=asked))


def export_without_worker() -> list[str]:
    run = RankingRun.objects.filter(status=Status.DONE).latest("pk")
    return exports_not_done_exactly_once([ask_for_export(run)])


def mail_without_worker() -> list[str]:
    return not_delivered_exactly_once([ask_for_mail()], Mailbox())


def mail_without_cause() -> list[str]:
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Nobody asked", "<nobody@localhost>"
    return not_delivered_exactly_once([], Mailbox([mail]))


def list_without_worker() -> list[str]:
    return imports_not_done_exactly_once([ask_for_import(FEW)], FEW)


def doubled_import(site: Site) -> list[str]:
    work = Lists()
    with at_work(site, work):
        worker = site.start_worker()
        number = work.ask()
        until(lambda: work.state(number)[0] == Status.DONE, 60, "the list")
        end(worker)
    assert not work.wrong([number])
    record(actor=None, action="import.done", subject=f"batch:{number}")
    return work.wrong([number])


def doubled_export(job: ExportJob) -> list[str]:
    record(actor=None, action="export.done", subject=f"export:{job.pk}")
    return exports_not_done_exactly_once([job.pk])


def altered_file(job: ExportJob) -> list[str]:
    """One cell says otherwise, and the file is as long as it was."""
    content = file_of(job).read_bytes()
    file_of(job).write_bytes(content.replace(b'"rank":1,', b'"rank":2,', 1))
    return exports_not_done_exactly_once([job.pk])


def deleted_file(job: ExportJob) -> list[str]:
    file_of(job).unlink()
    return exports_not_done_exactly_once([job.pk])


def draws_left_behind() -> list[str]:
    assert not left_draws()
    run = RankingRun.objects.filter(status=Status.DONE).latest("pk")
    chunk = RunChunk.objects.create(run=run, number=0)
    found = left_draws()
    chunk.delete()
    return found


def foreign_draws(site: Site) -> list[str]:
    work = SharedRuns()
    with at_work(site, work):
        worker = site.start_worker(app=HELPER)
        number = work.ask()
        until(lambda: work.state(number)[0] == Status.DONE, 60, "the run")
        end(worker)
        return work.wrong([number])


def deleted_write() -> list[str]:
    last = Proposal.objects.latest("pk")
    assert not lost_writes({last.pk: last.title})
    return lost_writes({last.pk + 1: "Acknowledged"})


def changed_write() -> list[str]:
    last = Proposal.objects.latest("pk")
    return lost_writes({last.pk: f"{last.title}, as it was acknowledged"})


def forgotten_edit() -> list[str]:
    last = Proposal.objects.latest("pk")
    return lost_edits({(last.pk, "problem"): "What was acknowledged last"})


def altered_audit() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER projects_auditentry_no_update ON projects_auditentry")
    AuditEntry.objects.filter(number=1).update(action="nothing.happened")
    return broken_audit()


def without_queue(site: Site) -> list[str]:
    site.start_web(WEB)
    site.start_worker()
    site.start_dispatcher()
    return one_outage(site, "stopped", stopped, 4)


def without_database(site: Site) -> list[str]:
    return break_database(site, FEW, WEB)
