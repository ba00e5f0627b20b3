"""Many drafts handed in at once, with the consent that both owners gave elsewhere."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record_each
from projects.notices.services import notify
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision, Signature
from projects.proposals.selectors import content_of, digest_of, with_content, with_owners
from projects.proposals.services.access import require_complete, require_draft
from projects.proposals.services.keys import checked_attestation
from projects.proposals.services.telling import tell

AT_ONCE = 500


def submit_attested(
    *, actor: User, proposals: Sequence[Proposal], attestation: str
) -> list[Proposal]:
    """Sign new drafts for both owners and submit them, all or none, in the order given.

    Administrators only. ``attestation``: where and when both owners agreed. Each owner hears once.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator can vouch for signatures.")
    attestation = checked_attestation(attestation)
    keys = [proposal.pk for proposal in proposals]
    submitted: dict[int, Proposal] = {}
    with transaction.atomic():
        for start in range(0, len(keys), AT_ONCE):
            part = Proposal.objects.filter(pk__in=keys[start : start + AT_ONCE])
            list(part.select_for_update().values_list("pk"))  # held until all are handed in
            _hand_in(actor, list(with_content(part).order_by("pk")), attestation)
            submitted |= with_owners(part).in_bulk()
        _tell_once(list(submitted.values()))
    return [submitted[pk] for pk in keys]


def _hand_in(actor: User, drafts: list[Proposal], attestation: str) -> None:
    contents = []
    for draft in drafts:
        require_draft(draft)
        require_complete(draft)
        contents.append(content_of(draft))
    revisions = Revision.objects.bulk_create(
        Revision(proposal=draft, number=1, content=content, digest=digest_of(content))
        for draft, content in zip(drafts, contents, strict=True)
    )
    signed = [(revision, function) for revision in revisions for function in Proposal.KEYS]
    Signature.objects.bulk_create(
        Signature(revision=revision, function=function, signer=actor, attestation=attestation)
        for revision, function in signed
    )
    now = timezone.now()
    first = Revision.objects.filter(proposal=OuterRef("pk"), number=1)
    Proposal.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        status=Proposal.Status.SUBMITTED,
        submitted_at=now,
        submitted_revision=Subquery(first.values("pk")),
        version=F("version") + 1,
        updated_at=now,
    )
    record_each(
        actor=actor,
        action="proposal.attest",
        rows=[
            (_subject(revision), {"function": str(function), "digest": revision.digest})
            for revision, function in signed
        ],
    )
    record_each(
        actor=actor,
        action="proposal.submit",
        rows=[(_subject(revision), {"digest": revision.digest}) for revision in revisions],
    )


def _subject(revision: Revision) -> str:
    return f"proposal:{revision.proposal_id}"


def _tell_once(submitted: list[Proposal]) -> None:
    """One line for an owner, however many a list brings them."""
    owned: dict[User, list[Proposal]] = {}
    for proposal in submitted:
        for owner in proposal.owners:
            owned.setdefault(owner, []).append(proposal)
    for owner, theirs in owned.items():
        if len(theirs) == 1:
            tell(theirs[0], [owner], f"“{theirs[0].title}” was submitted.")
        else:
            url = f"{reverse('proposals')}?mine=true"
            text = f"{len(theirs):,} proposals of yours were submitted by a list."
            notify(recipients=[owner], text=text, url=url)
