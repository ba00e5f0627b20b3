"""Saying what a proposal has to do with another, taking it back, and merging two into one."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import links_among, visible_to
from projects.proposals.services.access import locked, require_owner
from projects.proposals.services.comments import add_comment
from projects.proposals.services.course import take_out
from projects.proposals.services.telling import tell

NOT_THERE = "There is no such proposal in this cycle that you can see."


def link_proposals(
    *, actor: User, proposal: Proposal, kind: str, other: Proposal, because: str
) -> Link:
    """An owner of ``proposal`` ties it to another of its cycle.

    The other's owners are told, if they may read both. A merge is asked for, and the other owners
    say whether they agree; from then on the other's owners read what would become part of theirs.
    """
    require_owner(actor, proposal)
    if other.pk == proposal.pk:
        raise ValidationError({"other": "Name another proposal than this one."})
    if not visible_to(actor).filter(pk=other.pk, cycle=proposal.cycle_id).exists():
        raise ValidationError({"other": NOT_THERE})
    if kind == Link.Kind.PART and (hindrance := _hindrance(proposal, other)):
        raise ValidationError({"other": hindrance})
    link = Link(
        proposal=proposal, kind=kind, other=other, because=because.strip(), created_by=actor
    )
    link.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            link.save(force_insert=True)
            _note(actor, link, "proposal.link")
            if link.is_asked and proposal.is_owner(actor.pk):
                link.agreements.create(person=actor)
            _ask(actor, link)
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
        held = Link.objects.select_for_update().filter(pk=link.pk).first()
        if held is not None and held.merged_at is not None:
            raise Conflict(f"{held} is done. Take {link.proposal.reference} up again to undo it.")
        if held is not None:
            _note(actor, link, "proposal.unlink")
            link.delete()


def agree(*, actor: User, link: Link) -> Link:
    """An owner's yes to a merge. With the last one it is done: what becomes part is withdrawn, its
    history stays, and the owners of the other go on reading it.
    """
    with transaction.atomic():
        ends = [locked(end) for end in sorted((link.proposal, link.other), key=lambda end: end.pk)]
        held = links_among(actor).select_for_update(of=("self",)).filter(pk=link.pk).first()
        if held is None or not held.is_asked:
            raise Conflict("Nobody is asked to agree to this any more.")
        if not any(end.is_owner(actor.pk) for end in ends):
            raise PermissionDenied("Only the owners of the two proposals agree to a merge.")
        if hindrance := _hindrance(held.proposal, held.other):
            raise Conflict(hindrance)
        _, is_new = held.agreements.get_or_create(person=actor)
        if is_new:
            subject = f"proposal:{link.proposal_id}"
            record(actor=actor, action="proposal.agree", subject=subject, other=link.other_id)
        fresh = links_among(actor).get(pk=link.pk)
        if not fresh.awaited:
            _merge(actor, fresh)
    return fresh


def _merge(actor: User, link: Link) -> None:
    link.merged_at = timezone.now()
    link.save(update_fields=["merged_at"])
    take_out(
        actor,
        locked(link.proposal),
        action="proposal.merge",
        said=f"Became part of {link.other.reference}: {link.because}",
    )
    # By its number alone: who reads this may never have read the other.
    said = f"Took in {link.proposal.reference}: {link.because}"
    add_comment(actor=actor, comment=Comment(proposal=link.other, text=said))


def _hindrance(proposal: Proposal, other: Proposal) -> str:
    """Why ``proposal`` cannot become part of ``other``, or nothing."""
    for end in (proposal, other):
        if end.status not in Proposal.NOT_DECIDED:
            state = end.get_status_display().lower()
            return f"{end.reference} is {state}. Only what nobody has decided on is merged."
    for owner in proposal.owners:
        if not visible_to(owner).filter(pk=other.pk).exists():
            return f"{owner} cannot read {other.reference}. Its owners can let them write along."
    return ""


def _ask(actor: User, link: Link) -> None:
    asked = [owner for owner in link.awaited if owner != actor]
    tell(link.proposal, asked, f"{actor} asks whether you agree: {link}, because: {link.because}")


def _note(actor: User, link: Link, action: str) -> None:
    subject = f"proposal:{link.proposal_id}"
    record(actor=actor, action=action, subject=subject, kind=link.kind, other=link.other_id)
    said = "said" if action == "proposal.link" else "took back"
    if link.is_asked and action == "proposal.link":
        return  # each is asked
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
