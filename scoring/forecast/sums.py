"""The sums behind the numbers, for one proposal: money, customer impact, and a preview of both.

The same arrays and functions as the ranking, so a page can never show another sum than the run's.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from projects.customers.models import CONFIDENCE, Evidence, JourneyStage
from projects.proposals.models.proposals import MoneyLine, Proposal
from projects.proposals.selectors import content_of
from scoring.analysis import impact, money
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix
from scoring.framework.models import FrameworkVersion

PREVIEW_DRAWS = 10_000
PREVIEW_SEED = 1  # a preview should not flicker between two looks at the same text


@dataclass(frozen=True, slots=True)
class MoneyTerm:
    """One line: expected = (low + 4 likely + high) / 6; present = expected x factor."""

    kind: str
    label: str
    is_cost: bool
    low: float
    likely: float
    high: float
    starts_month: int
    yearly_retention: float | None
    expected: float
    factor: float
    present: float

    @property
    def kind_name(self) -> str:
        return MoneyLine.Kind(self.kind).label


@dataclass(frozen=True, slots=True)
class ImpactTerm:
    """One effect: reach x points / 100 x confidence x stage weight."""

    stage: str
    segment: str
    evidence: str
    evidence_day: date | None
    reach: int
    points: float
    confidence: float
    stage_weight: float
    impact: float

    @property
    def evidence_name(self) -> str:
        return Evidence(self.evidence).label


@dataclass(frozen=True, slots=True)
class Preview:
    """What the numbers of a text say so far. Money in present value; None is not stated."""

    cost: float | None
    benefit: float | None
    roi: float | None
    roi_p10: float | None
    roi_p90: float | None
    p_loss: float | None
    impact: float | None


def money_terms(item: dict[str, Any], *, discount_rate: float) -> list[MoneyTerm]:
    lines = matrix.money_lines([item], discount_rate=discount_rate)
    expected = pert_mean(lines.low, lines.likely, lines.high)
    return [
        MoneyTerm(
            kind=line["kind"],
            label=line["label"],
            is_cost=bool(lines.is_cost[place]),
            low=float(lines.low[place]),
            likely=float(lines.likely[place]),
            high=float(lines.high[place]),
            starts_month=line["starts_month"],
            yearly_retention=(
                None if line["yearly_retention"] is None else float(line["yearly_retention"])
            ),
            expected=float(expected[place]),
            factor=float(lines.factor[place]),
            present=float(expected[place] * lines.factor[place]),
        )
        for place, line in enumerate(item["money"])
    ]


def impact_terms(snapshot: dict[str, Any]) -> list[ImpactTerm]:
    """Terms of the one proposal in ``snapshot`` (see :func:`only`)."""
    felt = matrix.effects(snapshot)
    rows = impact.impact_points(
        felt.reach, felt.effect, felt.confidence, felt.stage_weight, felt.proposal, 1
    ).rows
    return [
        ImpactTerm(
            stage=effect["stage"],
            segment=effect["segment"],
            evidence=effect["evidence"],
            evidence_day=matrix.evidence_day(effect),
            reach=effect["reach"],
            points=float(effect["points"]),
            confidence=float(felt.confidence[place]),
            stage_weight=float(felt.stage_weight[place]),
            impact=float(rows[place]),
        )
        for place, effect in enumerate(snapshot["proposals"][0]["effects"])
    ]


def only(snapshot: dict[str, Any], proposal_id: int) -> dict[str, Any]:
    """The snapshot with this proposal alone."""
    items = [item for item in snapshot["proposals"] if item["id"] == proposal_id]
    return snapshot | {"proposals": items}


def preview(proposal: Proposal, version: FrameworkVersion) -> Preview:
    """ROI and impact of the text as it stands (needs ``with_content``)."""
    item = {"id": proposal.pk, **content_of(proposal)}
    snapshot = {
        "proposals": [item],
        "stages": {stage.name: str(stage.weight) for stage in JourneyStage.objects.all()},
        "confidence": {level: str(share) for level, share in CONFIDENCE.items()},
    }
    rate = float(version.discount_rate)
    terms = money_terms(item, discount_rate=rate)
    effects = impact_terms(snapshot)
    simulated = money.simulate(
        matrix.money_lines([item], discount_rate=rate), draws=PREVIEW_DRAWS, seed=PREVIEW_SEED
    )
    return Preview(
        cost=_total([term.present for term in terms if term.is_cost]),
        benefit=_total([term.present for term in terms if not term.is_cost]),
        roi=_first(simulated.roi_mean),
        roi_p10=_first(simulated.roi_p10),
        roi_p90=_first(simulated.roi_p90),
        p_loss=_first(simulated.p_loss),
        impact=_total([term.impact for term in effects]),
    )


def _total(parts: list[float]) -> float | None:
    return float(np.sum(parts)) if parts else None


def _first(array: Any) -> float | None:
    return None if np.ma.getmaskarray(array)[0] else float(array[0])
