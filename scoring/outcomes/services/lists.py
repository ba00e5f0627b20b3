"""A list of reports: all rows are kept, or none."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from projects.imports.services import RowError, Table
from projects.imports.services.rows import Row, amount, bring_in, day, named
from projects.people.models import User
from scoring.outcomes.models import Report
from scoring.outcomes.selectors import greenlit
from scoring.outcomes.services.reports import report_progress

COLUMNS = ("proposal", "as_of", "state", "spent", "brought", "finish", "note", "link")
NEEDED = ("proposal", "as_of", "state")
# What the file that is given out says beside what was reported.
SHOWN_ONLY = ("title", "decided_on", "currency", "promised_roi", "on_course_roi")


def import_reports(*, actor: User, table: Table, dry_run: bool) -> tuple[int, list[RowError]]:
    """(how many reports, what is wrong). Proposals are known by their references."""
    proposals = {proposal.reference.lower(): proposal for proposal in greenlit()}
    states = {
        word.lower(): value for value, label in Report.State.choices for word in (value, label)
    }
    decimal = table.dialect.decimal

    def report(said: Row) -> Report | None:
        if not said["state"] and not said["as_of"]:
            return None  # not reported on yet, as the file that is given out lists it
        proposal = proposals.get(said["proposal"].lower())
        if proposal is None:
            message = f"“{said['proposal']}” is no greenlit proposal. Use its reference, like P-12."
            raise ValidationError({"proposal": message})
        given: dict[str, Any] = {
            "as_of": day("as_of", said["as_of"]),
            "state": named(states, "state", said["state"]) or "",
            "spent": amount("spent", said["spent"], decimal),
            "brought": amount("brought", said["brought"], decimal),
            "finish": day("finish", said["finish"]),
            "note": said["note"],
            "link": said["link"],
        }
        try:
            return report_progress(actor=actor, report=Report(proposal=proposal, **given))
        except PermissionDenied as error:
            raise ValidationError({"proposal": str(error)}) from None

    return bring_in(
        table,
        columns=COLUMNS,
        needed=NEEDED,
        shown_only=SHOWN_ONLY,
        take=report,
        dry_run=dry_run,
    )
