"""Reporting on greenlit work, and asking for it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.selectors import told_before
from projects.notices.services import remind
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from projects.proposals.services.telling import tell
from scoring.decisions.models import Decision
from scoring.outcomes.models import Report
from scoring.outcomes.selectors import decided_on, greenlit, may_report, standings

SAID = ("state", "spent", "brought", "finish", "note")


def report_progress(*, actor: User, report: Report) -> Report:
    """Keep how a greenlit proposal stands; the same again is kept once.

    Who owns it and who greenlit it are told when its state is another than before.
    """
    with transaction.atomic():
        Proposal.objects.select_for_update().get(pk=report.proposal_id)
        proposal = with_owners(Proposal.objects.filter(pk=report.proposal_id)).get()
        if not may_report(actor, proposal):
            raise PermissionDenied("Its owners and Finance report on a greenlit proposal.")
        found = standings(greenlit().filter(pk=proposal.pk))
        if not found:
            raise Conflict("This proposal is not greenlit, so there is nothing to report.")
        (standing,) = found
        report.reported_by = actor
        report.full_clean({"proposal", "reported_by"})
        _check_days(report, standing.decision)
        of_day = Report.objects.filter(proposal=proposal, as_of=report.as_of)
        last = of_day.order_by("-pk").first()
        if last is not None and all(getattr(last, name) == getattr(report, name) for name in SAID):
            return last
        report.save(force_insert=True)
        record(actor=actor, action="report.keep", subject=f"proposal:{proposal.pk}")
        before = standing.report.state if standing.report else None
        if report.state != before and report.as_of >= standing.since:
            people = [*proposal.owners, standing.decision.decided_by]
            others = [person for person in people if person != actor]
            tell(proposal, others, f"“{proposal.title}”: {report.get_state_display().lower()}.")
    return report


def _check_days(report: Report, decision: Decision) -> None:
    """What was spent by one day cannot be less by a later one."""
    if report.as_of < decided_on(decision):
        message = f"It was greenlit on {decided_on(decision):%Y-%m-%d}. Report from then on."
        raise ValidationError({"as_of": message})
    if report.spent is None:
        return
    known = Report.objects.filter(proposal=report.proposal_id, spent__isnull=False)
    days = {row.as_of: row.spent for row in known.order_by("pk") if row.spent is not None}
    for as_of, spent in days.items():
        if as_of < report.as_of and spent > report.spent:
            message = f"It was {spent:,.2f} by {as_of} already. Give all that was spent."
            raise ValidationError({"spent": message})
        if as_of > report.as_of and spent < report.spent:
            message = f"It was {spent:,.2f} by {as_of} only. Mend that day first."
            raise ValidationError({"spent": message})


def remind_of_reports() -> int:
    """Ask the owners of greenlit work that nobody has reported on for a quarter, once a quarter.

    Returns for how many proposals somebody was asked.
    """
    told, asked = told_before("report:"), 0
    for standing in standings(greenlit()):
        proposal = standing.proposal
        if standing.is_due:
            asked += remind(
                people=proposal.owners,
                text=f"How does “{proposal.title}” go? The last word on it is of {standing.since}.",
                url=reverse("report", args=[proposal.pk]),
                cause=f"report:{proposal.pk}:{standing.since}",
                told=told,
            )
    return asked
