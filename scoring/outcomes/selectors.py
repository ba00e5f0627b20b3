"""Reads of what has become of greenlit proposals."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from projects.people.models import Function, User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from scoring.decisions.models import Decision
from scoring.outcomes.models import Report

REPORT_EVERY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Standing:
    """A greenlit proposal with the decision it goes by and its newest report, if any.

    ``link`` leads to where the work is kept, as it was given last.
    """

    proposal: Proposal
    decision: Decision
    report: Report | None
    link: str = ""

    @property
    def since(self) -> date:
        """The day of the last word on it."""
        return self.report.as_of if self.report else decided_on(self.decision)

    @property
    def is_due(self) -> bool:
        """Whether a new report is asked for: until its horizon is over, unless it was stopped."""
        today = timezone.localdate()
        if self.report is not None and self.report.state == Report.State.STOPPED:
            return False
        months = self.proposal.horizon_months
        counts_until = decided_on(self.decision) + timedelta(days=round(months * 30.44))
        return self.since < min(today, counts_until) and today - self.since >= REPORT_EVERY


def decided_on(decision: Decision) -> date:
    return timezone.localdate(decision.decided_at, timezone=decision.proposal.cycle.zone)


def newest_reports() -> QuerySet[Report]:
    """The report that counts of every proposal that has one."""
    of_proposal = Report.objects.filter(proposal=OuterRef("proposal")).order_by("-as_of", "-pk")
    newest = Report.objects.filter(pk=Subquery(of_proposal.values("pk")[:1]))
    return newest.select_related("reported_by")


def greenlit() -> QuerySet[Proposal]:
    """What leaders said yes to, with its owners, the newest first."""
    found = with_owners(Proposal.objects.filter(status__in=Proposal.SAID_YES))
    return found.select_related("cycle").order_by("-pk")


def standings(proposals: QuerySet[Proposal]) -> list[Standing]:
    """Each of the greenlit ``proposals`` in their order, in four queries."""
    listed = list(proposals)
    decisions: dict[int, Decision] = {}
    said = Decision.objects.filter(proposal__in=listed, outcome__in=Decision.YES)
    for decision in said.select_related("proposal__cycle", "run").order_by("decided_at", "pk"):
        decisions[decision.proposal_id] = decision
    reports = {row.proposal_id: row for row in newest_reports().filter(proposal__in=listed)}
    given = Report.objects.filter(proposal__in=listed).exclude(link="").order_by("as_of", "pk")
    links = dict(given.values_list("proposal", "link"))
    return [
        Standing(
            proposal,
            decisions[proposal.pk],
            reports.get(proposal.pk),
            links.get(proposal.pk, ""),
        )
        for proposal in listed
        if proposal.pk in decisions
    ]


def may_report(user: User, proposal: Proposal) -> bool:
    """Its owners, and Finance, which keeps the books."""
    in_finance = user.team is not None and user.team.function == Function.FINANCE
    return proposal.is_owner(user.pk) or in_finance or user.is_superuser


def reports_of(proposal: Proposal) -> QuerySet[Report]:
    """All that was reported, the newest day first; one of a day, as entered last."""
    of_day = Report.objects.filter(proposal=OuterRef("proposal"), as_of=OuterRef("as_of"))
    last = of_day.order_by("-pk").values("pk")[:1]
    found = Report.objects.filter(proposal=proposal, pk=Subquery(last))
    return found.select_related("reported_by")


def reports_due(user: User) -> list[Standing]:
    """What the person owns and nobody has reported on for a quarter."""
    mine = greenlit().filter(marketing_owner=user) | greenlit().filter(cx_owner=user)
    return [standing for standing in standings(mine) if standing.is_due]


def not_in_tracker() -> list[Standing]:
    """What is greenlit, neither over nor kept anywhere yet, the longest-standing first."""
    over = (Report.State.DONE, Report.State.STOPPED)
    return [
        standing
        for standing in reversed(standings(greenlit()))
        if not standing.link and (standing.report is None or standing.report.state not in over)
    ]
