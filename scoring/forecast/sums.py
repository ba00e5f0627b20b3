"""The sums behind the numbers, for one proposal: money, customer impact, and a preview of both.

The same arrays and functions as the ranking, so a page can never show another sum than the run's.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone

from projects.customers.models import CONFIDENCE, Evidence, JourneyStage
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.streams import Stream, stream_of
from projects.proposals.selectors import content_of
from scoring.analysis import impact, money
from scoring.analysis.pert import pert_mean
from scoring.forecast import matrix, returns
from scoring.forecast.cautions import Caution, Stated, of_evidence, of_money
from scoring.framework.models import FrameworkVersion
from scoring.framework.selectors import parameters_of

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
    stream: Stream | None  # None of a cost, and of an amount that is stated
    evidence: str
    evidence_day: date | None
    reliability: float | None  # None of a cost, and where returns are taken as they are stated
    is_claimed: bool  # it names evidence that no insight backs

    @property
    def evidence_name(self) -> str:
        return Evidence(self.evidence or Evidence.OPINION).label

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
    believed: float | None
    stated_roi: float | None
    streams: list[MoneyTerm]
    cautions: list[Caution]


def money_terms(snapshot: dict[str, Any]) -> list[MoneyTerm]:
    """Terms of the one proposal in ``snapshot`` (see :func:`only`)."""
    framework, (item,) = snapshot["framework"], snapshot["proposals"]
    believes = returns.believes_evidence(framework)
    lines = returns.money_lines([item], framework["parameters"])
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
            stream=stream_of(line),
            evidence=line.get("evidence", ""),
            evidence_day=matrix.evidence_day(line),
            reliability=(
                returns.reliability(snapshot, line)
                if believes and not lines.is_cost[place]
                else None
            ),
            is_claimed=believes and returns.is_claimed(snapshot, line),
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
    parameters = parameters_of(version)
    snapshot = {
        "date": str(timezone.localdate()),
        "framework": {"parameters": parameters},
        "proposals": [item],
        "stages": {stage.name: str(stage.weight) for stage in JourneyStage.objects.all()},
        "confidence": {level: str(share) for level, share in CONFIDENCE.items()},
    }
    terms, effects = money_terms(snapshot), impact_terms(snapshot)
    lines = returns.money_lines([item], parameters)
    belief = returns.belief_of(snapshot, lines)
    simulated = money.simulate(lines, draws=PREVIEW_DRAWS, seed=PREVIEW_SEED, belief=belief)
    stated = stated_of(snapshot)
    return Preview(
        cost=_total([term.present for term in terms if term.is_cost]),
        benefit=_total([term.present for term in terms if not term.is_cost]),
        roi=_first(simulated.roi_mean),
        roi_p10=_first(simulated.roi_p10),
        roi_p90=_first(simulated.roi_p90),
        p_loss=_first(simulated.p_loss),
        impact=_total([term.impact for term in effects]),
        believed=None if belief is None else float(belief.k[0]),
        stated_roi=_first(simulated.stated_mean),
        streams=[term for term in terms if term.stream],
        cautions=[*of_money(stated)[0], *of_evidence(stated)[0], *_of_promise(proposal)],
    )


def _of_promise(proposal: Proposal) -> list[Caution]:
    promise = proposal.promise
    if promise is None or promise.agreed_at is not None:
        return []
    sentence = f"{promise.deliverer} has not agreed to deliver “{promise}”"
    return [("promise without a deliverer", sentence)]


def stated_of(snapshot: dict[str, Any]) -> Stated:
    """What the one proposal in ``snapshot`` states, for what there is to be careful about."""
    framework, (item,) = snapshot["framework"], snapshot["proposals"]
    terms = money_terms(snapshot)
    cost = _total([term.present for term in terms if term.is_cost])
    benefit = _total([term.present for term in terms if not term.is_cost])
    return Stated(
        proposals=[item],
        lines=returns.money_lines([item], framework["parameters"]),
        benefit=np.array([benefit], dtype=np.float64),
        cost=np.array([cost], dtype=np.float64),
        discount_rate=float(framework["parameters"]["discount_rate"]),
        believes=returns.believes_evidence(framework),
        today=date.fromisoformat(snapshot["date"]),
        moment="today",
    )


def _total(parts: list[float]) -> float | None:
    return float(np.sum(parts)) if parts else None


def _first(array: Any) -> float | None:
    return None if np.ma.getmaskarray(array)[0] else float(array[0])
