"""What a decision leaves open: conditions, who sees to each by when; and a hold's last day."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.models import AuditEntry
from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.selectors import told_before
from projects.notices.services import remind
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from projects.proposals.services.telling import tell
from scoring.decisions.models import Condition
from scoring.decisions.selectors import held_until_now, may_meet, open_conditions

BEFORE = (0, 1, 7)  # days
DUE = "condition.due"


def meet_condition(*, actor: User, condition: Condition, how: str) -> Condition:
    """Say that a condition is met, and how that shows: who sees to it, or a leader.

    The owners and who decided are told; with the last one, that the decision for good is open.
    """
    with transaction.atomic():
        Proposal.objects.select_for_update().get(pk=condition.decision.proposal_id)
        found = open_conditions().filter(pk=condition.pk).first()
        if found is None:
            raise Conflict("This condition is met already, or decided on anew.")
        if not may_meet(actor, found):
            raise PermissionDenied("Who sees to a condition, or a leader, says that it is met.")
        found.met_by, found.met_at, found.how = actor, timezone.now(), how.strip()
        found.full_clean({"decision", "owner", "due", "met_by"})
        found.save(update_fields=["met_by", "met_at", "how"])
        decision = found.decision
        record(
            actor=actor,
            action="condition.meet",
            subject=f"proposal:{decision.proposal_id}",
            condition=found.pk,
        )
        proposal = with_owners(Proposal.objects.filter(pk=decision.proposal_id)).get()
        left = open_conditions().filter(decision=decision).count()
        more = f"{left} still open." if left else "All are met: decide for good."
        people = {*proposal.owners, decision.decided_by} - {actor}
        text = f"“{proposal.title}”: a condition is met, “{found.text[:80]}”. {more}"
        tell(proposal, sorted(people, key=lambda person: person.pk), text)
    return found


def remind_of_conditions() -> int:
    """Tell who sees to a condition 7 days and 1 day before it is due and on that day.

    When that day is over, who decided and the owners are told too. Each once; returns of how many
    conditions somebody was told.
    """
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    told = told_before("condition:")
    waiting = list(open_conditions().filter(due__lte=today + timedelta(days=BEFORE[-1])))
    noted = _noted_as_due(waiting)
    found = 0
    for condition in waiting:
        if condition.owner is None or condition.due is None:
            continue
        left, proposal = (condition.due - today).days, condition.decision.proposal
        people = [condition.owner]
        if left < 0:
            when, reached = f"was due on {condition.due}", -1
            people += [condition.decision.decided_by, *proposal.owners]
        else:
            reached = next(days for days in BEFORE if left <= days)
            when = {0: "is due today", 1: "is due tomorrow"}.get(left, f"is due in {left} days")
        found += remind(
            people=people,
            text=f"A condition of “{proposal.title}” {when}: {condition.text}",
            url=reverse("proposal", args=[proposal.pk]),
            cause=f"condition:{condition.pk}:{reached}",
            told=told,
        )
        if left <= 0 and f"condition:{condition.pk}" not in noted:
            _note_due(condition)
    return found


def remind_of_holds() -> int:
    """Tell who held a proposal, once the day has come on which it is looked at again.

    Returns of how many proposals somebody was told.
    """
    told, found = told_before("hold:"), 0
    for decision in held_until_now():
        proposal = decision.proposal
        found += remind(
            people=[decision.decided_by],
            text=f"“{proposal.title}” was held until {decision.hold_until:%Y-%m-%d}: decide on it.",
            url=reverse("proposal", args=[proposal.pk]),
            cause=f"hold:{decision.pk}",
            told=told,
        )
    return found


def _noted_as_due(waiting: list[Condition]) -> set[str]:
    subjects = [f"condition:{condition.pk}" for condition in waiting]
    entries = AuditEntry.objects.filter(action=DUE, subject__in=subjects)
    return set(entries.values_list("subject", flat=True))


def _note_due(condition: Condition) -> None:
    """Write once that the day has come, so that programs are told too."""
    subject = f"condition:{condition.pk}"
    with transaction.atomic():
        Condition.objects.select_for_update().get(pk=condition.pk)  # two schedulers write it once
        if not AuditEntry.objects.filter(action=DUE, subject=subject).exists():
            record(actor=None, action=DUE, subject=subject, proposal=condition.decision.proposal_id)
