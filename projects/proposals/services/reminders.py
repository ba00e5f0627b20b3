"""Telling owners of drafts that intake is about to close."""

from projects.cycles.selectors import open_cycle
from projects.notices.selectors import already_told
from projects.proposals.models.proposals import Proposal
from projects.proposals.services.telling import tell

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
    told = set(already_told(deadline).values_list("cause", "recipient"))
    drafts = Proposal.objects.filter(cycle=cycle, status=Proposal.Status.DRAFT)
    reminded = 0
    for proposal in drafts.select_related("marketing_owner", "cx_owner"):
        cause = f"{deadline}{proposal.pk}"
        open_to = [
            owner for owner in proposal.owners if owner.is_active and (cause, owner.pk) not in told
        ]
        if open_to:
            text = f"“{proposal.title}” is still a draft, and intake closes {when}."
            tell(proposal, open_to, text, cause=cause)
            reminded += 1
    return reminded
