"""The life of a proposal: draft, two signatures, submission, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from projects.errors import Conflict, StaleVersion
from projects.models import (
    CustomerEffect,
    Cycle,
    Function,
    Measure,
    MoneyLine,
    Proposal,
    Revision,
    Signature,
    User,
)
from projects.models.revisions import MOST_ATTESTED
from projects.selectors.proposals import (
    content_of,
    digest_of,
    live_signatures,
    missing_for_submission,
    owner_function,
    with_content,
)
from projects.services.audit import record
from projects.services.notifications import notify

EDITABLE_FIELDS = frozenset({*Proposal.CONTENT_FIELDS, "marketing_owner", "cx_owner"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to write: field values, and the lists to replace. ``None`` leaves a list as it is."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    money: Sequence[MoneyLine] | None = None
    effects: Sequence[CustomerEffect] | None = None
    measures: Sequence[Measure] | None = None


def create_proposal(
    *,
    actor: User,
    cycle: Cycle,
    change: Change,
    creation_key: UUID,
    reference: str = "",
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
        )
        _apply(proposal, change)
        if not actor.is_superuser and not proposal.is_owner(actor.pk):
            raise PermissionDenied("You can only start a proposal that you own yourself.")
        _validate(proposal)
        proposal.save(force_insert=True)
        if not reference:
            proposal.reference = f"P-{proposal.pk}"
            proposal.save(update_fields=["reference"])
        _replace_lists(proposal, change)
        record(actor=actor, action="proposal.create", subject=f"proposal:{proposal.pk}")
        other = proposal.cx_owner if actor == proposal.marketing_owner else proposal.marketing_owner
        if not actor.is_superuser:
            _tell(proposal, [other], f"{actor} started “{proposal.title}” with you.")
    return proposal


def update_proposal(
    *, actor: User, proposal: Proposal, change: Change, expected_version: int
) -> Proposal:
    """Change a draft. If the text differs afterwards, both signatures are void."""
    with transaction.atomic():
        proposal = _locked(proposal, expected_version)
        _require_owner(actor, proposal)
        _require_draft(proposal)
        before, owners = digest_of(content_of(proposal)), proposal.owners
        _apply(proposal, change)
        if not actor.is_superuser and not proposal.is_owner(actor.pk):
            raise PermissionDenied("You cannot give away your own side of a proposal.")
        _validate(proposal)
        proposal.version += 1
        proposal.save(update_fields=[*EDITABLE_FIELDS, "version", "updated_at"])
        _replace_lists(proposal, change)
        proposal = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
        if digest_of(content_of(proposal)) != before:
            _void_signatures(actor, proposal)
            record(actor=actor, action="proposal.edit", subject=f"proposal:{proposal.pk}")
        _tell_new_owners(actor, proposal, owners)
    return proposal


def sign_proposal(*, actor: User, proposal: Proposal, digest: str) -> Signature:
    """Put the actor's signature under the exact text with this ``digest``."""
    with transaction.atomic():
        proposal = _locked(proposal)
        function = owner_function(proposal, actor)
        if not function:
            raise PermissionDenied("Only the two owners sign a proposal.")
        return _sign(actor=actor, proposal=proposal, function=function, digest=digest)


def attest_signatures(*, actor: User, proposal: Proposal, attestation: str) -> None:
    """Record both owners' consent given elsewhere, for an import. Administrators only."""
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator can vouch for signatures.")
    attestation = attestation.strip()
    if not attestation:
        raise ValidationError({"attestation": "Say where and when both owners agreed."})
    if len(attestation) > MOST_ATTESTED:
        raise ValidationError({"attestation": f"Say it in {MOST_ATTESTED} characters."})
    with transaction.atomic():
        proposal = _locked(proposal)
        digest = digest_of(content_of(proposal))
        for function in (Function.MARKETING, Function.CX):
            _sign(
                actor=actor,
                proposal=proposal,
                function=function,
                digest=digest,
                attestation=attestation,
            )


def submit_proposal(*, actor: User, proposal: Proposal, expected_version: int) -> Proposal:
    """Hand the proposal to the panel. Needs both signatures under the current text."""
    with transaction.atomic():
        proposal = _locked(proposal, expected_version)
        _require_owner(actor, proposal)
        _require_draft(proposal)
        _require_complete(proposal)
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
        _tell(proposal, _both(proposal, but=actor), f"“{proposal.title}” was submitted.")
    return proposal


def recall_proposal(*, actor: User, proposal: Proposal, expected_version: int) -> Proposal:
    """Take a submitted proposal back to draft, before anyone decided on it."""
    with transaction.atomic():
        proposal = _locked(proposal, expected_version)
        _require_owner(actor, proposal)
        if proposal.status != Proposal.Status.SUBMITTED:
            raise Conflict("Only a submitted proposal without a decision can be taken back.")
        proposal.status = Proposal.Status.DRAFT
        proposal.version += 1
        proposal.save(update_fields=["status", "version", "updated_at"])
        _void_signatures(actor, proposal)
        record(actor=actor, action="proposal.recall", subject=f"proposal:{proposal.pk}")
        _tell(
            proposal, _both(proposal, but=actor), f"{actor} took “{proposal.title}” back to draft."
        )
    return proposal


def record_outcome(*, actor: User, proposal: Proposal, status: str, text: str) -> None:
    """Set what a decision means for the proposal and tell both owners."""
    proposal.status = status
    proposal.version += 1
    proposal.save(update_fields=["status", "version", "updated_at"])
    _tell(proposal, _both(proposal, but=actor), text)


def _locked(proposal: Proposal, expected_version: int | None = None) -> Proposal:
    # The row lock serialises writers on PostgreSQL; on SQLite the IMMEDIATE transaction does.
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    fresh = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
    if expected_version is not None and fresh.version != expected_version:
        raise StaleVersion("This proposal")
    return fresh


def _require_owner(actor: User, proposal: Proposal) -> None:
    if not (actor.is_superuser or proposal.is_owner(actor.pk)):
        raise PermissionDenied("Only the two owners change a proposal.")


def _require_draft(proposal: Proposal) -> None:
    if not proposal.is_draft:
        raise Conflict("The proposal is submitted. Take it back to draft to change it.")


def _require_complete(proposal: Proposal) -> None:
    missing = missing_for_submission(proposal)
    if missing:
        raise ValidationError(dict(missing))


def _sign(
    *, actor: User, proposal: Proposal, function: str, digest: str, attestation: str = ""
) -> Signature:
    _require_draft(proposal)
    _require_complete(proposal)
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
        defaults={"signer": actor, "attestation": attestation},
    )
    if created:
        record(
            actor=actor,
            action="proposal.attest" if attestation else "proposal.sign",
            subject=f"proposal:{proposal.pk}",
            function=str(function),
            digest=digest,
        )
        if not attestation:
            _tell(proposal, _both(proposal, but=actor), f"{actor} signed “{proposal.title}”.")
    return signature


def _void_signatures(actor: User, proposal: Proposal) -> None:
    live = Signature.objects.filter(revision__proposal=proposal, voided_at=None)
    signers = [signature.signer for signature in live.select_related("signer")]
    if live.update(voided_at=timezone.now()):
        _tell(
            proposal,
            [person for person in signers if person != actor],
            f"{actor} changed “{proposal.title}”. Your signature is void; read it and sign again.",
        )


def _apply(proposal: Proposal, change: Change) -> None:
    unknown = set(change.fields) - EDITABLE_FIELDS
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "This field cannot be changed."))
    for name, value in change.fields.items():
        setattr(proposal, name, value)


def _validate(proposal: Proposal) -> None:
    errors: dict[str, list[str]] = {}
    try:
        proposal.full_clean(validate_unique=False)
    except ValidationError as error:
        errors = {name: list(map(str, texts)) for name, texts in error.message_dict.items()}
    for name, function in (("marketing_owner", Function.MARKETING), ("cx_owner", Function.CX)):
        owner: User | None = getattr(proposal, name, None) if name not in errors else None
        if owner is not None and (owner.function != function or not owner.is_active):
            label = Function(function).label
            errors[name] = [f"Choose an active person from a {label} team."]
    if errors:
        raise ValidationError(errors)


def _replace_lists(proposal: Proposal, change: Change) -> None:
    lists: list[tuple[str, Sequence[models.Model] | None]] = [
        ("money", change.money),
        ("effects", change.effects),
        ("measures", change.measures),
    ]
    errors: dict[str, list[str]] = {}
    for name, rows in lists:
        if rows is None:
            continue
        for position, row in enumerate(rows):
            row.pk = None
            row.proposal = proposal  # type: ignore[attr-defined]
            if hasattr(row, "position"):
                row.position = position
            try:
                row.full_clean(validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                where = row.key if isinstance(row, Measure) else position
                for key, texts in error.message_dict.items():
                    errors[f"{name}.{where}.{key}"] = list(map(str, texts))
        errors.update(_repeated(name, rows))
        if not errors:
            manager = getattr(proposal, name)
            manager.all().delete()
            manager.bulk_create(rows)
    if errors:
        raise ValidationError(errors)


def _repeated(name: str, rows: Sequence[models.Model]) -> dict[str, list[str]]:
    """Rows that say the same thing twice, which the database would refuse without naming them."""
    seen: set[tuple[Any, ...]] = set()
    errors = {}
    for position, row in enumerate(rows):
        key: tuple[Any, ...]
        if isinstance(row, CustomerEffect):
            key, where = (row.stage_id, row.segment_id), "segment"
        elif isinstance(row, Measure):
            key, where = (row.key,), "key"
        else:
            continue
        if key in seen:
            errors[f"{name}.{position}.{where}"] = ["This is already in the list."]
        seen.add(key)
    return errors


def _tell_new_owners(actor: User, proposal: Proposal, before: tuple[User, User]) -> None:
    come = [owner for owner in proposal.owners if owner not in before]
    gone = [owner for owner in before if owner not in proposal.owners]
    _tell(proposal, come, f"{actor} named you as an owner of “{proposal.title}”.")
    # They may no longer open it, so the line leads to the list.
    notify(
        recipients=gone,
        text=f"{actor} named somebody else in your place on “{proposal.title}”.",
        url=reverse("proposals"),
    )


def _both(proposal: Proposal, *, but: User) -> list[User]:
    return [owner for owner in proposal.owners if owner != but]


def _tell(proposal: Proposal, recipients: Sequence[User], text: str) -> None:
    notify(recipients=recipients, text=text, url=reverse("proposal", args=[proposal.pk]))
