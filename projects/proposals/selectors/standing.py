"""What a proposal waits for: keys, parts to write, and whose drafts these are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from projects.cycles.models import Cycle
from projects.people.models import Function, User
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Signature
from projects.proposals.selectors.content import content_of, digest_of, with_content
from projects.proposals.selectors.reading import (
    owned_by,
    recently_submitted,
    with_owners,
    writes_along,
)


def live_signatures(proposal: Proposal, digest: str) -> dict[str, Signature]:
    """Function -> signature that holds for exactly the text with this ``digest``."""
    signatures = Signature.objects.filter(
        revision__proposal=proposal, revision__digest=digest, voided_at=None
    ).select_related("signer")
    return {signature.function: signature for signature in signatures}


def owner_function(proposal: Proposal, user: User) -> str:
    """Which of the two keys ``user`` holds, or an empty string."""
    if user.pk == proposal.marketing_owner_id:
        return Function.MARKETING
    if user.pk == proposal.cx_owner_id:
        return Function.CX
    return ""


def missing_for_submission(proposal: Proposal) -> list[tuple[str, str]]:
    """(field, sentence) for everything a proposal must say before it can be signed."""
    labels = {
        "problem": "Say what goes wrong for customers today.",
        "customer_job": "Say what the customer is trying to get done.",
        "marketing_part": "Say what Marketing will do.",
        "cx_part": "Say what CX will do.",
    }
    return [
        (field, labels[field])
        for field in Proposal.TEXT_FIELDS
        if not getattr(proposal, field).strip()
    ]


def gaps(proposal: Proposal) -> list[str]:
    """What is not stated but allowed to be missing; shown wherever the proposal is ranked."""
    kinds = {line.kind for line in proposal.money.all()}
    costs = {str(kind) for kind in proposal.money.model.COSTS}
    found = []
    if not kinds & costs:
        found.append("No cost is stated, so there is no ROI.")
    if not kinds - costs:
        found.append("No benefit is stated, so there is no ROI.")
    if not proposal.effects.all():
        found.append("No effect on customers is stated, so there is no customer impact.")
    return found


def solo_count() -> dict[str, Any] | None:
    """How many of the ``all`` that are handed in to the current ``cycle`` are ``solo``; None where
    it takes no proposals of one function.
    """
    cycle = Cycle.objects.filter(is_current=True, allows_solo=True).first()
    if cycle is None:
        return None
    handed_in = cycle.proposals.exclude(status__in=Proposal.PRIVATE)
    counts = {"all": Count("pk"), "solo": Count("pk", filter=Q(is_joint=False))}
    return {"cycle": cycle} | handed_in.aggregate(**counts)


MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class OwnedDraft:
    """A draft of the person's, or one that they write along, with what it waits for."""

    proposal: Proposal
    signed: frozenset[str]
    needs_my_key: bool
    missing: int
    is_along: bool


def owned_submitted(user: User) -> QuerySet[Proposal]:
    return recently_submitted(with_owners(owned_by(user).exclude(status__in=Proposal.PRIVATE)))


def owned_drafts(user: User) -> list[OwnedDraft]:
    """The newest that the person owns or writes along, what waits for their own signature first.

    Who brought a list in may own thousands; a page that greets people reads ``MOST_DRAFTS``.
    """
    written = owned_by(user) | Proposal.objects.filter(writes_along(user))
    newest = with_content(written.filter(status=Proposal.Status.DRAFT)).order_by(
        "-updated_at", "-id"
    )
    drafts = list(newest[:MOST_DRAFTS])
    signed: dict[tuple[int, str], set[str]] = {}
    for pk, digest, function in Signature.objects.filter(
        revision__proposal__in=drafts, voided_at=None
    ).values_list("revision__proposal_id", "revision__digest", "function"):
        signed.setdefault((pk, digest), set()).add(function)
    found = []
    for proposal in drafts:
        keys = signed.get((proposal.pk, digest_of(content_of(proposal))), set())
        mine = owner_function(proposal, user)
        missing = len(missing_for_submission(proposal))
        found.append(
            OwnedDraft(
                proposal=proposal,
                signed=frozenset(keys),
                needs_my_key=bool(mine) and not missing and mine not in keys,
                missing=missing,
                is_along=not mine,
            )
        )
    return sorted(found, key=lambda draft: not draft.needs_my_key)
