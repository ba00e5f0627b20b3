"""What a person is asked by when, from every room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from projects.cycles.models import Cycle
from projects.people.models import User
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import asked_of
from scoring.decisions.selectors import held, open_conditions
from scoring.framework.selectors import to_vote_on
from scoring.panel.selectors import is_panelist


@dataclass(frozen=True, slots=True)
class Deadline:
    """``key`` stays the same when the day moves; ``day`` is a moment where the clock matters."""

    key: str
    day: date | datetime
    text: str
    page: str


def deadlines_of(user: User) -> list[Deadline]:
    """The person's own, the first due first; nothing that the person may not open."""
    found = [
        *_intake(),
        *_questions(user),
        *_conditions(user),
        *_holds(user),
        *_kpis(user),
        *_vote(user),
    ]
    return sorted(found, key=lambda one: (one.day.isoformat(), one.key))


def _intake() -> Iterator[Deadline]:
    for cycle in Cycle.objects.filter(is_current=True):
        text = f"Intake of {cycle} closes"
        yield Deadline(f"intake-{cycle.pk}", cycle.intake_closes, text, reverse("proposals"))


def _questions(user: User) -> Iterator[Deadline]:
    for asked in asked_of(user):
        if asked.due is not None:
            text = f"{asked.author} asks about {asked.proposal.reference}: {asked.text}"
            yield Deadline(f"question-{asked.pk}", asked.due, text, _page(asked.proposal))


def _conditions(user: User) -> Iterator[Deadline]:
    for condition in open_conditions().filter(owner=user):
        proposal = condition.decision.proposal
        if condition.due is not None:
            text = f"Condition of {proposal.reference}: {condition.text}"
            yield Deadline(f"condition-{condition.pk}", condition.due, text, _page(proposal))


def _holds(user: User) -> Iterator[Deadline]:
    for decision in held().filter(decided_by=user):
        proposal = decision.proposal
        if decision.hold_until is not None:
            text = f"{proposal.reference} was held until today"
            yield Deadline(f"hold-{decision.pk}", decision.hold_until, text, _page(proposal))


def _kpis(user: User) -> Iterator[Deadline]:
    """What the person's greenlit proposals promised to have reached."""
    mine = Proposal.objects.filter(marketing_owner=user) | Proposal.objects.filter(cx_owner=user)
    greenlit = mine.filter(status__in=Proposal.SAID_YES)
    promised = Commitment.objects.filter(proposal__in=greenlit)
    for one in promised.select_related("proposal", "kpi"):
        text = f"{one.proposal.reference} promised {one.kpi}: {one.target} {one.kpi.unit}"
        yield Deadline(f"kpi-{one.pk}", one.due, text, _page(one.proposal))


def _vote(user: User) -> Iterator[Deadline]:
    draft = to_vote_on(user) if is_panelist(user) else None
    if draft is not None and draft.vote_closes is not None:
        page = reverse("admin:framework-vote")
        yield Deadline(f"vote-{draft.pk}", draft.vote_closes, f"Vote on {draft}", page)


def _page(proposal: Proposal) -> str:
    return reverse("proposal", args=[proposal.pk])
