"""The row that is about to change: held, in the version that was read, and open to the actor."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import may_write, missing_for_submission, with_content


def locked(proposal: Proposal, expected_version: int | None = None) -> Proposal:
    # The row lock serialises writers on PostgreSQL; on SQLite the IMMEDIATE transaction does.
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    fresh = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
    if expected_version is not None and fresh.version != expected_version:
        raise StaleVersion("This proposal")
    return fresh


def require_owner(actor: User, proposal: Proposal) -> None:
    if not (actor.is_superuser or proposal.is_owner(actor.pk)):
        raise PermissionDenied("Only the two owners change a proposal.")


def require_writer(actor: User, proposal: Proposal) -> None:
    if not may_write(actor, proposal):
        raise PermissionDenied("Only the owners and who writes along change a proposal.")


def note_writer(actor: User, proposal: Proposal) -> None:
    """Whoever writes along has changed the text now, and never judges it."""
    along = proposal.coauthors.filter(person=actor, left_at=None, wrote_at=None)
    along.update(wrote_at=timezone.now())


def require_draft(proposal: Proposal) -> None:
    if proposal.status == Proposal.Status.WITHDRAWN:
        raise Conflict("The proposal was withdrawn. Take it up again to change it.")
    if not proposal.is_draft:
        raise Conflict("The proposal is submitted. Take it back to draft to change it.")


def require_complete(proposal: Proposal) -> None:
    missing = missing_for_submission(proposal)
    if missing:
        raise ValidationError(dict(missing))
