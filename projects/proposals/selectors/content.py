"""The text that owners sign, as plain values."""

import hashlib
import json
from typing import Any

from django.db.models import Prefetch, QuerySet

from projects.customers.models import SegmentFigure
from projects.insights.models import Insight
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect, Measure
from projects.proposals.models.efforts import Effort
from projects.proposals.models.fields import FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.streams import stream_content
from projects.proposals.selectors.reading import with_owners

MONEY_FIELDS = (
    "kind",
    "label",
    "low",
    "likely",
    "high",
    "starts_month",
    "ramp_months",
    "ends_month",
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


EFFORT_FIELDS = ("team", "quarter", "low", "likely", "high")


COMMITMENT_FIELDS = ("kpi", "baseline", "target", "due", "answers")


EFFECT_FIELDS = ("reach", "points", "insight", "evidence", "evidence_date")


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
        "efforts__team",
        "answers__field",
        Prefetch("attachments", Attachment.objects.defer("content").select_related("added_by")),
    )


def content_of(proposal: Proposal) -> dict[str, Any]:
    """The whole text that owners sign, as plain values in a fixed order."""
    committed = [commitment_content(row) for row in proposal.commitments.all()]
    files = {file.name: file.digest for file in proposal.attachments.all()}
    efforts = [effort_content(row, row.team.name) for row in proposal.efforts.all()]
    answers = [answer_content(row) for row in proposal.answers.all()]
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
        **({"efforts": efforts} if efforts else {}),
        **({"answers": answers} if answers else {}),
        **({"files": files} if files else {}),
    }


def estimates_of(proposals: QuerySet[Proposal]) -> dict[int, dict[str, Any]]:
    """Money, effects, measures and efforts as in ``content_of``, without building objects.

    For whole portfolios, by proposal; six queries, whatever their size.
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
    efforts = Effort.objects.filter(**within).order_by("proposal_id", "position", "pk")
    named = ("proposal_id", "team__name", *EFFORT_FIELDS)
    for effort in efforts.values_list(*named, named=True).iterator():
        row = effort_content(effort, effort.team__name)
        found[effort.proposal_id].setdefault("efforts", []).append(row)
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
        **({"ramp_months": line.ramp_months} if line.ramp_months else {}),
        **({} if line.ends_month is None else {"ends_month": line.ends_month}),
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


def effort_content(effort: Any, team: str) -> dict[str, Any]:
    """``effort``: an Effort, or a row with its ``EFFORT_FIELDS``."""
    days = {name: getattr(effort, name) for name in ("low", "likely", "high")}
    return {"team": team, "quarter": effort.quarter, **days}


def answer_content(row: FieldValue) -> dict[str, Any]:
    return {"field": row.field.key, "value": row.value}


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
