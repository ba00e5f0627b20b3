"""Greenlit proposals as the trackers of the teams import them."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.urls import reverse

from scoring.outcomes.selectors import Standing

Row = Callable[[Standing], Sequence[object]]


def _text(standing: Standing) -> str:
    """What the work is about, and where all of it stands."""
    proposal = standing.proposal
    parts = [
        proposal.problem,
        f"Marketing ({proposal.marketing_owner}): {proposal.marketing_part}",
        f"CX ({proposal.cx_owner}): {proposal.cx_part}",
        f"Decided: {standing.decision.reason}",
        f"{settings.SITE_URL}{reverse('proposal', args=[proposal.pk])}",
    ]
    return "\n\n".join(parts)


def _jira(standing: Standing) -> Sequence[object]:
    proposal = standing.proposal
    return (proposal.title, "Task", _text(standing), "prioritizer", proposal.reference)


def _asana(standing: Standing) -> Sequence[object]:
    proposal = standing.proposal
    return (f"{proposal.reference} {proposal.title}", _text(standing), "Greenlit", "prioritizer")


# By the name of the tracker: the columns that its import knows, and what stands in them.
TRACKERS: dict[str, tuple[Sequence[str], Row]] = {
    "jira": (("Summary", "Issue Type", "Description", "Labels", "External Issue ID"), _jira),
    "asana": (("Name", "Notes", "Section/Column", "Tags"), _asana),
}
