"""Closing the account of somebody who leaves, and handing over what they still write."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.audit.services import record
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import owned_by
from projects.proposals.services.change import Change
from projects.proposals.services.drafts import update_proposal


def switch_off(*, actor: User, person: User, successor: User | None = None) -> int:
    """Let nobody in by this account any more; returns how many drafts the successor now owns.

    What the person signed, scored and decided stays. A draft that changes hands is signed anew.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only administrators switch accounts off.")
    if person.pk == actor.pk:
        raise ValidationError("You cannot switch yourself off.")
    if successor is not None and successor.pk == person.pk:
        raise ValidationError({"successor": "Choose somebody else."})
    drafts = list(owned_by(person).filter(status=Proposal.Status.DRAFT)) if successor else []
    with transaction.atomic():
        for draft in drafts:
            _hand_over(actor, draft, person, successor)
        person.is_active, person.invited_at = False, None
        person.save(update_fields=["is_active", "invited_at"])
        record(
            actor=actor,
            action="person.off",
            subject=f"person:{person.pk}",
            successor=successor.pk if successor else None,
            drafts=[draft.pk for draft in drafts],
        )
    return len(drafts)


def _hand_over(actor: User, draft: Proposal, person: User, successor: User | None) -> None:
    side = "marketing_owner" if draft.marketing_owner_id == person.pk else "cx_owner"
    change = Change(fields={side: successor})
    try:
        update_proposal(actor=actor, proposal=draft, change=change, expected_version=draft.version)
    except ValidationError as error:
        reason = " ".join(error.messages)
        raise ValidationError(f"“{draft.title}” cannot be handed over: {reason}") from error
