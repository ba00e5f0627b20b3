"""Starting a proposal and changing its draft."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.audit.services import Row, record, record_each
from projects.cycles.models import Cycle
from projects.errors import Conflict, StaleVersion
from projects.people.models import User
from projects.proposals.models.drafts import DraftText
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services.access import (
    locked,
    note_writer,
    require_complete,
    require_draft,
    require_writer,
)
from projects.proposals.services.change import (
    EDITABLE_FIELDS,
    Change,
    create_lists,
    replace_lists,
    validate,
    validate_lists,
    write_fields,
)
from projects.proposals.services.keys import checked_attestation, void_signatures
from projects.proposals.services.merge import merged
from projects.proposals.services.telling import tell, tell_new_owners

AT_ONCE = 500  # rows in one statement


def check_proposal(
    *, actor: User, cycle: Cycle, change: Change, reference: str, attestation: str
) -> None:
    """Raise what would be wrong with a new draft, or a signed one; nothing is written."""
    proposal = Proposal(cycle=cycle, created_by=actor, reference=reference or "new")
    write_fields(proposal, change)
    validate(proposal)
    validate_lists(proposal, change)
    if attestation:
        checked_attestation(attestation)
        require_complete(proposal)


def create_proposal(
    *,
    actor: User,
    cycle: Cycle,
    change: Change,
    creation_key: UUID,
    reference: str = "",
    copied_from: Proposal | None = None,
) -> Proposal:
    """Make a draft. The same ``creation_key`` from the same person gives the same proposal."""
    with transaction.atomic():
        existing = Proposal.objects.filter(creation_key=creation_key).first()
        if existing is not None:
            if existing.created_by_id != actor.pk:
                raise Conflict("This creation key belongs to another proposal.")
            return existing
        proposal = Proposal(
            creation_key=creation_key,
            reference=reference or str(creation_key),
            cycle=cycle,
            created_by=actor,
            copied_from=copied_from,
        )
        write_fields(proposal, change)
        if not actor.is_superuser and not proposal.is_owner(actor.pk):
            raise PermissionDenied("You can only start a proposal that you own yourself.")
        validate(proposal)
        proposal.save(force_insert=True)
        if not reference:
            proposal.reference = f"P-{proposal.pk}"
            proposal.save(update_fields=["reference"])
        replace_lists(proposal, change)
        record(actor=actor, action="proposal.create", subject=f"proposal:{proposal.pk}")
        other = proposal.cx_owner if actor == proposal.marketing_owner else proposal.marketing_owner
        if not actor.is_superuser:
            tell(proposal, [other], f"{actor} started “{proposal.title}” with you.")
    return proposal


def create_drafts(
    *, actor: User, cycle: Cycle, drafts: Sequence[tuple[str, Change]]
) -> list[Proposal]:
    """Make many drafts of (reference, change) at once, each looked at by ``check_proposal``.

    Errors: IntegrityError where a reference was taken since.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator starts proposals for others.")
    proposals = []
    for reference, change in drafts:
        proposal = Proposal(cycle=cycle, created_by=actor)
        proposal.reference = reference or str(proposal.creation_key)
        write_fields(proposal, change)
        proposals.append(proposal)
    with transaction.atomic():
        Proposal.objects.bulk_create(proposals)
        unnamed = []
        for proposal, (reference, _) in zip(proposals, drafts, strict=True):
            if not reference:
                proposal.reference = f"P-{proposal.pk}"
                unnamed.append(proposal)
        Proposal.objects.bulk_update(unnamed, ["reference"], batch_size=AT_ONCE)
        create_lists([(made, change) for made, (_, change) in zip(proposals, drafts, strict=True)])
        rows: list[Row] = [(f"proposal:{proposal.pk}", {}) for proposal in proposals]
        record_each(actor=actor, action="proposal.create", rows=rows)
    return proposals


def _require_own_side_kept(actor: User, proposal: Proposal, before: tuple[User, User]) -> None:
    """An owner keeps the own side; who writes along changes neither."""
    if actor not in before:
        raise PermissionDenied("Only the two owners say whose a proposal is.")
    if not proposal.is_owner(actor.pk):
        raise PermissionDenied("You cannot give away your own side of a proposal.")


def update_proposal(
    *,
    actor: User,
    proposal: Proposal,
    change: Change,
    expected_version: int,
    decided: Mapping[str, str] | None = None,
) -> Proposal:
    """Change a draft. If the text differs afterwards, both signatures are void.

    ``expected_version`` is the one that the change began from. What others changed since stays
    (see ``merge``); where both changed the same field, ``decided`` says whose it is, by its path,
    or Collision is raised and nothing is saved.
    """
    with transaction.atomic():
        proposal = locked(proposal)
        require_writer(actor, proposal)
        require_draft(proposal)
        content = content_of(proposal)
        if expected_version != proposal.version:
            validate_lists(proposal, change)  # also works out what rows are compared by
            change = merged(change, _text_at(proposal, expected_version), proposal, decided or {})
        before, owners = digest_of(content), proposal.owners
        DraftText.objects.update_or_create(
            proposal=proposal, version=proposal.version, defaults={"content": content}
        )
        write_fields(proposal, change)
        if not actor.is_superuser and proposal.owners != owners:
            _require_own_side_kept(actor, proposal, owners)
        validate(proposal)
        proposal.version += 1
        proposal.save(update_fields=[*EDITABLE_FIELDS, "is_joint", "version", "updated_at"])
        replace_lists(proposal, change)
        proposal = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
        if digest_of(content_of(proposal)) != before:
            void_signatures(actor, proposal)
            record(actor=actor, action="proposal.edit", subject=f"proposal:{proposal.pk}")
            note_writer(actor, proposal)
        tell_new_owners(actor, proposal, owners)
    return proposal


def _text_at(proposal: Proposal, version: int) -> dict[str, Any]:
    """What the draft said at an earlier version; StaleVersion where nobody knows any more."""
    found = DraftText.objects.filter(proposal=proposal, version=version).first()
    if found is None or version > proposal.version:
        raise StaleVersion("This proposal")
    content: dict[str, Any] = found.content
    return content
