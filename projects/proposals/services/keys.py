"""The two keys: an owner's signature under the exact text, and what makes it void."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import StaleVersion
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import MOST_ATTESTED, Revision, Signature
from projects.proposals.selectors import content_of, digest_of, owner_function
from projects.proposals.services.access import locked, require_complete, require_draft
from projects.proposals.services.telling import tell, tell_owners


def sign_proposal(*, actor: User, proposal: Proposal, digest: str) -> Signature:
    """Put the actor's signature under the exact text with this ``digest``."""
    with transaction.atomic():
        proposal = locked(proposal)
        function = owner_function(proposal, actor)
        if not function:
            raise PermissionDenied("Only the two owners sign a proposal.")
        return _sign(actor, proposal, function, digest)


def checked_attestation(attestation: str) -> str:
    attestation = attestation.strip()
    if not attestation:
        raise ValidationError({"attestation": "Say where and when both owners agreed."})
    if len(attestation) > MOST_ATTESTED:
        raise ValidationError({"attestation": f"Say it in {MOST_ATTESTED} characters."})
    return attestation


def _sign(actor: User, proposal: Proposal, function: str, digest: str) -> Signature:
    require_draft(proposal)
    require_complete(proposal)
    content = content_of(proposal)
    if digest != digest_of(content):
        raise StaleVersion("The text of this proposal")
    revision = Revision.objects.filter(proposal=proposal, digest=digest).first()
    if revision is None:
        number = proposal.revisions.count() + 1
        revision = Revision.objects.create(
            proposal=proposal, number=number, content=content, digest=digest
        )
    signature, created = Signature.objects.get_or_create(
        revision=revision,
        function=function,
        voided_at=None,
        defaults={"signer": actor},
    )
    if created:
        record(
            actor=actor,
            action="proposal.sign",
            subject=f"proposal:{proposal.pk}",
            function=str(function),
            digest=digest,
        )
        tell_owners(proposal, f"{actor} signed “{proposal.title}”.", but=actor)
    return signature


def void_signatures(actor: User, proposal: Proposal) -> None:
    """End the consent to a text that changes; whose it was is told to read it anew."""
    live = Signature.objects.filter(revision__proposal=proposal, voided_at=None)
    signers = [signature.signer for signature in live.select_related("signer")]
    if live.update(voided_at=timezone.now()):
        tell(
            proposal,
            [person for person in signers if person != actor],
            f"{actor} changed “{proposal.title}”. Your signature is void; read it and sign again.",
        )
