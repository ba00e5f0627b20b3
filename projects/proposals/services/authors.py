"""Letting somebody write along, and ending it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from projects.people.selectors import require_somebody
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.proposals import Proposal
from projects.proposals.services.access import locked, require_draft, require_owner
from projects.proposals.services.telling import tell


def add_author(*, actor: User, proposal: Proposal, person: User) -> CoAuthor:
    """Let ``person`` read and change the draft. They are told; who changes it never judges it."""
    with transaction.atomic():
        proposal = locked(proposal)
        require_owner(actor, proposal)
        require_draft(proposal)
        require_somebody(person, field="person")
        if proposal.is_owner(person.pk):
            raise ValidationError({"person": f"{person} owns it already."})
        author = CoAuthor(proposal=proposal, person=person, invited_by=actor)
        try:
            with transaction.atomic():
                author.save(force_insert=True)
        except IntegrityError:
            message = f"{person} writes it already."
            raise ValidationError({"person": message}) from None
        subject = f"proposal:{proposal.pk}"
        record(actor=actor, action="proposal.coauthor", subject=subject, person=person.pk)
        tell(proposal, [person], f"{actor} asks you to write “{proposal.title}” with them.")
    return author


def end_author(*, actor: User, author: CoAuthor) -> None:
    """The owners end it, or who writes along. What they wrote stays, and so does the row."""
    proposal = author.proposal
    if actor.pk != author.person_id and not (actor.is_superuser or proposal.is_owner(actor.pk)):
        raise PermissionDenied("Only the owners end this, or who writes along.")
    with transaction.atomic():
        open_ones = CoAuthor.objects.filter(pk=author.pk, left_at__isnull=True)
        if open_ones.update(left_at=timezone.now()) != 1:
            raise Conflict("It has ended already.")
        record(
            actor=actor,
            action="proposal.coauthor_left",
            subject=f"proposal:{proposal.pk}",
            person=author.person_id,
        )
        if actor.pk != author.person_id:
            # They may no longer open it, so the line leads to the list.
            text = f"{actor} goes on without you on “{proposal.title}”."
            notify(recipients=[author.person], text=text, url=reverse("proposals"))
