"""Telling owners of drafts that intake is about to close."""

from django.urls import reverse

from projects.cycles.selectors import open_cycle
from projects.notices.selectors import told_before
from projects.notices.services import remind
from projects.proposals.models.proposals import Proposal

BEFORE = (0, 1, 3, 7)  # days


def remind_of_intake() -> int:
    """Remind the owners of each draft 7, 3 and 1 days before intake closes, and on that day.

    A day on which nobody was reminded, because nothing ran, is made up for on the next. Returns for
    how many drafts somebody was reminded.
    """
    cycle = open_cycle()
    if cycle is None:
        return 0
    left = (cycle.intake_closes - cycle.today).days
    reached = next((days for days in BEFORE if left <= days), None)
    if reached is None:
        return 0
    when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    deadline = f"intake:{cycle.intake_closes}:{reached}:"
    told = told_before(deadline)
    drafts = Proposal.objects.filter(cycle=cycle, status=Proposal.Status.DRAFT)
    reminded = 0
    for proposal in drafts.select_related("marketing_owner", "cx_owner"):
        reminded += remind(
            people=proposal.owners,
            text=f"“{proposal.title}” is still a draft, and intake closes {when}.",
            url=reverse("proposal", args=[proposal.pk]),
            cause=f"{deadline}{proposal.pk}",
            told=told,
        )
    return reminded
