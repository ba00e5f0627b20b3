"""What becomes of a proposal: handed to the panel, taken back, decided."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import Function, User
from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision
from projects.proposals.selectors import content_of, digest_of, live_signatures
from projects.proposals.services.access import (
    locked,
    require_complete,
    require_draft,
    require_owner,
)
from projects.proposals.services.comments import add_comment
from projects.proposals.services.keys import void_signatures
from projects.proposals.services.telling import tell_owners

LONGEST_REASON = 1_900  # it becomes a comment, behind a word


def submit_proposal(*, actor: User, proposal: Proposal, expected_version: int) -> Proposal:
    """Hand the proposal to the panel. Needs both signatures under the current text."""
    with transaction.atomic():
        proposal = locked(proposal, expected_version)
        require_owner(actor, proposal)
        require_draft(proposal)
        require_complete(proposal)
        digest = digest_of(content_of(proposal))
        signatures = live_signatures(proposal, digest)
        unsigned = [
            label
            for function, label in ((Function.MARKETING, "Marketing"), (Function.CX, "CX"))
            if function not in signatures
        ]
        if unsigned:
            raise ValidationError(
                {
                    "signatures": f"Two signatures are needed. The {' and the '.join(unsigned)} "
                    f"owner {'have' if len(unsigned) > 1 else 'has'} not signed this text yet."
                }
            )
        proposal.draft_texts.all().delete()
        proposal.status = Proposal.Status.SUBMITTED
        proposal.submitted_at = timezone.now()
        proposal.submitted_revision = Revision.objects.get(proposal=proposal, digest=digest)
        proposal.version += 1
        proposal.save(
            update_fields=["status", "submitted_at", "submitted_revision", "version", "updated_at"]
        )
        record(
            actor=actor,
            action="proposal.submit",
            subject=f"proposal:{proposal.pk}",
            digest=digest,
        )
        tell_owners(proposal, f"“{proposal.title}” was submitted.", but=actor)
    return proposal


def recall_proposal(*, actor: User, proposal: Proposal, expected_version: int) -> Proposal:
    """Take a submitted proposal back to draft, before anyone decided on it."""
    with transaction.atomic():
        proposal = locked(proposal, expected_version)
        require_owner(actor, proposal)
        if proposal.status != Proposal.Status.SUBMITTED:
            raise Conflict("Only a submitted proposal without a decision can be taken back.")
        proposal.status = Proposal.Status.DRAFT
        _keep_status(proposal)
        void_signatures(actor, proposal)
        record(actor=actor, action="proposal.recall", subject=f"proposal:{proposal.pk}")
        tell_owners(proposal, f"{actor} took “{proposal.title}” back to draft.", but=actor)
    return proposal


def withdraw_proposal(
    *, actor: User, proposal: Proposal, reason: str, expected_version: int
) -> Proposal:
    """Take a draft, or a submitted proposal without a decision, out of everything.

    Its two teams keep it, and may take it up again, with the signatures that its text had. The
    reason stands among its comments.
    """
    with transaction.atomic():
        proposal = locked(proposal, expected_version)
        require_owner(actor, proposal)
        if proposal.status not in Proposal.NOT_DECIDED:
            raise Conflict(
                "Only a draft, or a submitted proposal without a decision, is withdrawn."
            )
        if not reason.strip():
            raise ValidationError({"reason": "Say why, for who comes across it later."})
        if len(reason) > LONGEST_REASON:
            raise ValidationError({"reason": f"Say it in {LONGEST_REASON:,} characters at most."})
        take_out(actor, proposal, action="proposal.withdraw", said=f"Withdrawn: {reason}")
    return proposal


def take_out(actor: User, proposal: Proposal, *, action: str, said: str) -> None:
    """Withdraw what is held and may be; ``said`` stands among its comments."""
    proposal.status = Proposal.Status.WITHDRAWN
    _keep_status(proposal)
    record(actor=actor, action=action, subject=f"proposal:{proposal.pk}")
    add_comment(actor=actor, comment=Comment(proposal=proposal, text=said))


def take_up_again(*, actor: User, proposal: Proposal, expected_version: int) -> Proposal:
    """Make a withdrawn proposal a draft again, with the text that it had; a merge is undone."""
    with transaction.atomic():
        proposal = locked(proposal, expected_version)
        require_owner(actor, proposal)
        if proposal.status != Proposal.Status.WITHDRAWN:
            raise Conflict("Only a withdrawn proposal is taken up again.")
        proposal.status = Proposal.Status.DRAFT
        _keep_status(proposal)
        record(actor=actor, action="proposal.take_up", subject=f"proposal:{proposal.pk}")
        tell_owners(proposal, f"{actor} took up “{proposal.title}” again.", but=actor)
        for link in proposal.links.filter(kind=Link.Kind.PART).select_related("other"):
            tell_owners(link.other, f"{actor} took “{proposal.title}” out of it again.", but=actor)
            link.delete()
    return proposal


def _keep_status(proposal: Proposal) -> None:
    proposal.version += 1
    proposal.save(update_fields=["status", "version", "updated_at"])


def record_outcome(*, proposal: Proposal, status: str) -> None:
    """Set what a decision means for the proposal; who decides tells its owners."""
    proposal.status = status
    _keep_status(proposal)
