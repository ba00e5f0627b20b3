"""The round of a year ago, from its proposals to what came of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

from django.utils import timezone

from projects.cycles.models import Cycle
from projects.cycles.services import make_current
from scoring.decisions.services import decide
from scoring.demo.company import Company
from scoring.demo.panel import Panel
from scoring.demo.portfolio import THOUSAND, creation_key, make_proposal
from scoring.demo.ranking import agree, rank
from scoring.outcomes.models import Report
from scoring.outcomes.services import report_progress

DECIDED = 395  # days ago


def make_past(
    company: Company, cycle: Cycle, panel: Panel, rows: dict[str, dict[str, Any]]
) -> None:
    """Proposed, judged, ranked and greenlit then; reported on until today."""
    people = company.people
    then = replace(company, cycle=cycle)
    with days_ago(DECIDED):
        make_current(actor=people["admin"], cycle=cycle)
        made = {key: make_proposal(then, key, row, submit=True) for key, row in rows.items()}
        for turn, (key, row) in enumerate(rows.items()):
            panel.judge(made[key], row, names=panel.members, turn=turn)
        run = rank(people["curator"])
        for key, row in rows.items():
            said = decide(
                actor=people["leader"],
                proposal=made[key],
                run=run,
                outcome="greenlight",
                reason=row["said"],
                creation_key=creation_key(f"decision-{key}"),
            )
            agree(company, said)
        company.cycle.refresh_from_db()  # not the current one since
        make_current(actor=people["admin"], cycle=company.cycle)
    for key, row in rows.items():
        for said in row["reports"]:
            report = _report(*said)
            report.proposal = made[key]
            report_progress(actor=people[row["owners"][0]], report=report)


def _report(
    days: int,
    state: str,
    spent: int | None = None,
    brought: int | None = None,
    finished: int | None = None,
    note: str = "",
) -> Report:
    today = timezone.localdate()
    return Report(
        as_of=today - timedelta(days=days),
        state=state,
        spent=None if spent is None else Decimal(spent * THOUSAND),
        brought=None if brought is None else Decimal(brought * THOUSAND),
        finish=None if finished is None else today - timedelta(days=finished),
        note=note,
    )


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """The clock set back: what happens inside happened then."""
    moment = timezone.now() - timedelta(days=days)
    with mock.patch.object(timezone, "now", return_value=moment):
        yield
