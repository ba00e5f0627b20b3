"""Saying what a proposal has to do with another, and taking it back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from projects.audit.services import record
from projects.people.models import User
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to
from projects.proposals.services.access import require_owner
from projects.proposals.services.telling import tell

NOT_THERE = "There is no such proposal in this cycle that you can see."


def link_proposals(
    *, actor: User, proposal: Proposal, kind: str, other: Proposal, because: str
) -> Link:
    """An owner of ``proposal`` ties it to another of its cycle.

    The other's owners are told, if they may read both.
    """
    require_owner(actor, proposal)
    if other.pk == proposal.pk:
        raise ValidationError({"other": "Name another proposal than this one."})
    if not visible_to(actor).filter(pk=other.pk, cycle=proposal.cycle_id).exists():
        raise ValidationError({"other": NOT_THERE})
    link = Link(
        proposal=proposal, kind=kind, other=other, because=because.strip(), created_by=actor
    )
    link.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            link.save(force_insert=True)
            _note(actor, link, "proposal.link")
    except IntegrityError:
        message = f"It is tied to {other.reference} already. Remove that first."
        raise ValidationError({"other": message}) from None
    return link


def remove_link(*, actor: User, link: Link) -> None:
    """The owners of both proposals may; those of the other are told, if they may read both."""
    if not any(actor.is_superuser or end.is_owner(actor.pk) for end in (link.proposal, link.other)):
        raise PermissionDenied("Only the owners of the two proposals take this back.")
    with transaction.atomic():
        # Two may take it back at once: it goes once, and is told once.
        if Link.objects.select_for_update().filter(pk=link.pk).exists():
            _note(actor, link, "proposal.unlink")
            link.delete()


def _note(actor: User, link: Link, action: str) -> None:
    subject = f"proposal:{link.proposal_id}"
    record(actor=actor, action=action, subject=subject, kind=link.kind, other=link.other_id)
    said = "said" if action == "proposal.link" else "took back"
    for end in (link.proposal, link.other):
        # A draft is its teams' own: who may not read it does not hear of it either.
        readers = [
            owner
            for owner in end.owners
            if owner != actor
            and not end.is_owner(actor.pk)
            and visible_to(owner).filter(pk=link.beside(end).pk).exists()
        ]
        tell(end, readers, f"{actor} {said}: {link}, because: {link.because}")
