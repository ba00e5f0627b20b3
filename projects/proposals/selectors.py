"""Reads of proposals. Everything that lists proposals starts from :func:`visible_to`."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from projects.customers.models import SegmentFigure
from projects.insights.models import Insight
from projects.people.models import Function, User
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision, Signature
from projects.proposals.models.streams import stream_content

MONEY_FIELDS = (
    "kind",
    "label",
    "low",
    "likely",
    "high",
    "starts_month",
    "yearly_retention",
    "figure",
    "reached",
    "share_low",
    "share_likely",
    "share_high",
    "each",
    "because",
    "insight",
    "evidence",
    "evidence_date",
)
COMMITMENT_FIELDS = ("kpi", "baseline", "target", "due", "answers")
EFFECT_FIELDS = ("reach", "points", "insight", "evidence", "evidence_date")


def visible_to(user: User) -> QuerySet[Proposal]:
    """Proposals ``user`` may read: every submitted one, and drafts of their own team.

    A draft belongs to its two owners and their teams until both have signed it.
    """
    proposals = Proposal.objects.all()
    if user.is_superuser:
        return proposals
    return proposals.filter(~Q(status=Proposal.Status.DRAFT) | _reads_drafts(user))


def _reads_drafts(user: User) -> Q:
    mine = Q(marketing_owner=user) | Q(cx_owner=user)
    if user.team_id is not None:
        mine |= Q(marketing_owner__team=user.team_id) | Q(cx_owner__team=user.team_id)
    return mine


def readable_revisions(user: User, proposal: Proposal) -> QuerySet[Revision]:
    """Texts of a proposal, oldest first: those that both functions have signed, and for who may
    read its drafts every one that anybody has."""
    revisions = proposal.revisions.order_by("number")
    if user.is_superuser or Proposal.objects.filter(_reads_drafts(user), pk=proposal.pk).exists():
        return revisions
    for function in Proposal.KEYS:
        revisions = revisions.filter(signatures__function=function)
    return revisions.distinct()


def with_owners(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related("cycle", "marketing_owner__team", "cx_owner__team")


def with_content(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Add all that the content digest covers, in a fixed number of queries."""
    return with_owners(proposals.select_related("promise__deliverer")).prefetch_related(
        "money__figure__segment",
        "money__insight",
        "effects__insight",
        "effects__stage",
        "effects__segment",
        "measures",
        "commitments__kpi",
    )


def content_of(proposal: Proposal) -> dict[str, Any]:
    """The whole text that owners sign, as plain values in a fixed order."""
    committed = [commitment_content(row) for row in proposal.commitments.all()]
    return {
        "marketing_owner": proposal.marketing_owner_id,
        "cx_owner": proposal.cx_owner_id,
        **{name: getattr(proposal, name) for name in Proposal.CONTENT_FIELDS},
        # Left out where there is none, so that texts signed before it could be given stay.
        **({} if proposal.promise_id is None else {"promise": proposal.promise_id}),
        "money": [money_content(line, line.figure) for line in proposal.money.all()],
        "effects": [
            effect_content(effect, effect.stage.name, effect.segment.name)
            for effect in proposal.effects.all()
        ],
        "measures": {measure.key: repr(measure.value) for measure in proposal.measures.all()},
        **({"commitments": committed} if committed else {}),
    }


def links_among(user: User) -> QuerySet[Link]:
    """What ties proposals together, where the person may read both."""
    readable = visible_to(user)
    found = Link.objects.filter(proposal__in=readable, other__in=readable)
    return found.select_related("proposal", "other")


def links_of(proposal: Proposal, user: User) -> list[tuple[str, Proposal, Link]]:
    """What ``proposal`` is tied to, as (words, the other one, the link)."""
    found = links_among(user).filter(Q(proposal=proposal) | Q(other=proposal))
    return [(link.words_for(proposal), link.beside(proposal), link) for link in found]


def estimates_of(proposals: QuerySet[Proposal]) -> dict[int, dict[str, Any]]:
    """Money, effects and measures as in ``content_of``, by proposal, without building objects.

    For whole portfolios; five queries, whatever their size.
    """
    found: dict[int, dict[str, Any]] = {
        pk: {"money": [], "effects": [], "measures": {}}
        for pk in proposals.values_list("pk", flat=True)
    }
    within = {"proposal__in": proposals.order_by().values("pk")}
    lines = MoneyLine.objects.filter(**within).order_by("proposal_id", "position", "pk")
    used = SegmentFigure.objects.filter(pk__in=lines.order_by().values("figure"))
    figures = {figure.pk: figure for figure in used.select_related("segment")}
    for line in lines.values_list("proposal_id", *MONEY_FIELDS, named=True).iterator():
        found[line.proposal_id]["money"].append(money_content(line, figures.get(line.figure)))
    effects = CustomerEffect.objects.filter(**within).order_by("proposal_id", "position", "pk")
    names = ("stage__name", "segment__name")
    for effect in effects.values_list("proposal_id", *names, *EFFECT_FIELDS, named=True).iterator():
        row = effect_content(effect, effect.stage__name, effect.segment__name)
        found[effect.proposal_id]["effects"].append(row)
    measures = Measure.objects.filter(**within).values_list("proposal_id", "key", "value")
    for pk, key, value in measures.order_by("proposal_id", "key").iterator():
        found[pk]["measures"][key] = repr(value)
    return found


def money_content(line: Any, figure: SegmentFigure | None) -> dict[str, Any]:
    """``line``: a MoneyLine, or a row with its ``MONEY_FIELDS``; ``figure``: what it rests on."""
    kept = line.yearly_retention
    return {
        "kind": line.kind,
        "label": line.label,
        "low": f"{line.low:.2f}",
        "likely": f"{line.likely:.2f}",
        "high": f"{line.high:.2f}",
        "starts_month": line.starts_month,
        "yearly_retention": None if kept is None else f"{kept:.4f}",
        **({} if figure is None else {"stream": stream_content(line, figure)}),
        **({"evidence": line.evidence} if line.evidence else {}),
        **_backed(line),
    }


def effect_content(effect: Any, stage: str, segment: str) -> dict[str, Any]:
    """``effect``: a CustomerEffect, or a row with its ``EFFECT_FIELDS``."""
    return {
        "stage": stage,
        "segment": segment,
        "reach": effect.reach,
        "points": f"{effect.points:.2f}",
        "evidence": effect.evidence,
        **_backed(effect),
    }


def commitment_content(row: Commitment) -> dict[str, Any]:
    return {
        "kpi": row.kpi.name,
        "baseline": f"{row.baseline:.2f}",
        "target": f"{row.target:.2f}",
        "due": str(row.due),
        "answers": row.answers,
    }


def _backed(row: Any) -> dict[str, Any]:
    """The day of the evidence and the insight it comes from, an Insight or its id. Left out where
    there is none, so that texts signed before they could be given stay.
    """
    insight = row.insight.pk if isinstance(row.insight, Insight) else row.insight
    return {
        **({} if row.evidence_date is None else {"evidence_date": str(row.evidence_date)}),
        **({} if insight is None else {"insight": insight}),
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of ``content``: one changed character changes it."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


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


def recently_submitted(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.order_by(Coalesce("submitted_at", "created_at").desc(), "-id")


@dataclass(frozen=True, slots=True)
class OwnedDraft:
    """A draft of the person's with what it waits for."""

    proposal: Proposal
    signed: frozenset[str]
    needs_my_key: bool
    missing: int


def owned_by(user: User) -> QuerySet[Proposal]:
    return Proposal.objects.filter(Q(marketing_owner=user) | Q(cx_owner=user))


def owned_submitted(user: User) -> QuerySet[Proposal]:
    return recently_submitted(with_owners(owned_by(user).exclude(status=Proposal.Status.DRAFT)))


def owned_drafts(user: User) -> list[OwnedDraft]:
    """The person's drafts, those that wait for the person's own signature first."""
    drafts = with_content(owned_by(user).filter(status=Proposal.Status.DRAFT)).order_by(
        "-updated_at", "-id"
    )
    signed: dict[tuple[int, str], set[str]] = {}
    for pk, digest, function in Signature.objects.filter(
        revision__proposal__in=drafts, voided_at=None
    ).values_list("revision__proposal_id", "revision__digest", "function"):
        signed.setdefault((pk, digest), set()).add(function)
    found = []
    for proposal in drafts:
        keys = signed.get((proposal.pk, digest_of(content_of(proposal))), set())
        missing = len(missing_for_submission(proposal))
        found.append(
            OwnedDraft(
                proposal=proposal,
                signed=frozenset(keys),
                needs_my_key=not missing and owner_function(proposal, user) not in keys,
                missing=missing,
            )
        )
    return sorted(found, key=lambda draft: not draft.needs_my_key)
