"""Planted faults: a check that does not find its own is no check."""

from collections.abc import Callable

from django.db import connection

from chaos.databases import break_database
from chaos.ledger import (
    Status,
    ask_for_run,
    broken_audit,
    lost_writes,
    not_done_exactly_once,
)
from chaos.queues import one_outage, stopped
from chaos.site import Site
from chaos.workers import freeze_workers
from projects.models import AuditEntry, Proposal
from projects.services.audit import record
from scoring.models import RankingRun

FEW = 2
CARELESS = "chaos.careless_web:application"


def prove(site: Site) -> list[str]:
    """Plant one fault after another; return those that went unnoticed."""
    faults: dict[str, Callable[[], list[str]]] = {
        "an effect that is there twice": doubled_effect,
        "a run that nobody carries out": run_without_worker,
        "an acknowledged write that is gone": deleted_write,
        "an acknowledged write that was changed": changed_write,
        "a worker that ignores its fence": lambda: freeze_workers(
            site, FEW, "chaos.careless_worker"
        ),
        "a web server that counts on the queue": lambda: without_queue(site),
        "a web server that counts on the database": lambda: without_database(site),
        "an audit entry that was altered": altered_audit,
    }
    unnoticed = []
    for name, plant in faults.items():
        assert not broken_audit(), "the faults disturb each other"
        found = plant()
        site.end_product()
        print(f"planted {name}: {found[0] if found else 'NOT FOUND'}", flush=True)
        if not found:
            unnoticed.append(f"{name} was not noticed")
    print(f"{len(faults) - len(unnoticed)} of {len(faults)} planted faults found")
    return unnoticed


def doubled_effect() -> list[str]:
    run = RankingRun.objects.filter(status=Status.DONE).latest("pk")
    assert not not_done_exactly_once([run.pk])
    record(actor=None, action="run.done", subject=f"run:{run.pk}")
    return not_done_exactly_once([run.pk])


def run_without_worker() -> list[str]:
    return not_done_exactly_once([ask_for_run(1_000)])


def deleted_write() -> list[str]:
    last = Proposal.objects.latest("pk")
    assert not lost_writes({last.pk: last.title})
    return lost_writes({last.pk + 1: "Acknowledged"})


def changed_write() -> list[str]:
    last = Proposal.objects.latest("pk")
    return lost_writes({last.pk: f"{last.title}, as it was acknowledged"})


def altered_audit() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER projects_auditentry_no_update ON projects_auditentry")
    AuditEntry.objects.filter(number=1).update(action="nothing.happened")
    return broken_audit()


def without_queue(site: Site) -> list[str]:
    site.start_web(CARELESS)
    site.start_worker()
    site.start_dispatcher()
    return one_outage(site, "stopped", stopped, 4)


def without_database(site: Site) -> list[str]:
    return break_database(site, FEW, CARELESS)
