"""Ready scoring templates: each is data, evaluated by one function.

Sources: RICE, McBride (Intercom); ICE, Ellis, Gilad; WSJF, Reinertsen, SAFe; SMART SCALE, Virginia
CTB technical guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from scoring.analysis.arrays import TOLERANCE, Bools, Floats, MaskedFloats, finite, floats, masked

Aggregation: TypeAlias = Literal["sum", "product"]
Quadrant: TypeAlias = Literal["quick win", "big bet", "fill in", "drop"]


@dataclass(frozen=True, slots=True)
class TemplateCriterion:
    """A criterion: its ``levels`` if anchored (best first), else ``low``..``high`` (None = open).

    ``weight`` counts in sums only.
    """

    name: str
    low: float | None = None
    high: float | None = None
    levels: tuple[float, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Template:
    """``criteria`` put together by ``aggregation``, divided by ``divisor`` if there is one."""

    name: str
    criteria: tuple[TemplateCriterion, ...]
    aggregation: Aggregation
    divisor: TemplateCriterion | None = None


_FIBONACCI = (20.0, 13.0, 8.0, 5.0, 3.0, 2.0, 1.0)

TEMPLATES = MappingProxyType(
    {
        template.name: template
        for template in (
            Template(
                "rice",
                (
                    TemplateCriterion("reach", low=0.0),
                    TemplateCriterion("impact", levels=(3.0, 2.0, 1.0, 0.5, 0.25)),
                    TemplateCriterion("confidence", levels=(1.0, 0.8, 0.5)),
                ),
                "product",
                TemplateCriterion("effort", low=0.5),
            ),
            Template(
                "ice",
                (
                    TemplateCriterion("impact", low=1.0, high=10.0),
                    TemplateCriterion("confidence", low=0.01, high=10.0),
                    TemplateCriterion("ease", low=1.0, high=10.0),
                ),
                "product",
            ),
            Template(
                "wsjf",
                (
                    TemplateCriterion("user and business value", levels=_FIBONACCI),
                    TemplateCriterion("time criticality", levels=_FIBONACCI),
                    TemplateCriterion("risk reduction and opportunity", levels=_FIBONACCI),
                ),
                "sum",
                TemplateCriterion("job size", levels=_FIBONACCI),
            ),
            Template(
                "value_effort",
                (TemplateCriterion("value", low=0.0),),
                "sum",
                TemplateCriterion("effort", low=0.0),
            ),
            Template(
                "smart_scale",
                (
                    TemplateCriterion("congestion", 0.0, 100.0, weight=0.45),
                    TemplateCriterion("economic development", 0.0, 100.0, weight=0.05),
                    TemplateCriterion("accessibility", 0.0, 100.0, weight=0.15),
                    TemplateCriterion("safety", 0.0, 100.0, weight=0.05),
                    TemplateCriterion("environment", 0.0, 100.0, weight=0.10),
                    TemplateCriterion("land use", 0.0, 100.0, weight=0.20),
                ),
                "sum",
                TemplateCriterion("request in 10 million", low=0.0),
            ),
            Template(
                "joint",
                (
                    TemplateCriterion("customer impact", 0.0, 100.0, weight=0.30),
                    TemplateCriterion("business impact", 0.0, 100.0, weight=0.15),
                    TemplateCriterion("feasibility", 0.0, 100.0, weight=0.15),
                    TemplateCriterion("risk (less is better)", 0.0, 100.0, weight=0.10),
                    TemplateCriterion("return on investment", 0.0, 100.0, weight=0.30),
                ),
                "sum",
            ),
        )
    }
)


def template_score(
    template: Template, scores: ArrayLike, divisor: ArrayLike | None = None
) -> MaskedFloats:
    """Score (n,) of ``scores`` (n, criteria), NaN = missing, and ``divisor`` (n,).

    Masked where a factor is missing or the divisor is 0: incomplete, never infinite. In a product
    a 0 wipes the proposal out, so it must have been meant. The scales of the template describe
    the form and are not enforced here (see ``off_scale``). Errors: ``scores``, ``divisor``.
    """
    table = floats("scores", scores, ndim=2)
    if table.shape[1] != len(template.criteria):
        raise ValueError(f"scores: {len(template.criteria)} criteria expected")
    missing = np.isnan(table).any(axis=1)
    filled = np.nan_to_num(table)
    if template.aggregation == "product":
        total = filled.prod(axis=1)
    else:
        total = filled @ np.array([criterion.weight for criterion in template.criteria])
    if (template.divisor is None) != (divisor is None):
        raise ValueError("divisor: must be given exactly when the template has one")
    if divisor is None:
        return masked(total, missing)
    below = floats("divisor", divisor, ndim=1)
    if len(below) != len(table):
        raise ValueError(f"divisor: {len(table)} entries expected, got {len(below)}")
    if (below < 0).any():
        raise ValueError("divisor: must not be negative")
    missing |= np.isnan(below) | (below == 0)
    return masked(total / np.where(missing, 1.0, below), missing)


def off_scale(criterion: TemplateCriterion, scores: ArrayLike) -> Bools:
    """Which scores (any shape) the scale of the criterion does not know; NaN is no score."""
    given = floats("scores", scores)
    known = ~np.isnan(given)
    if criterion.levels:
        near = np.abs(given[..., None] - np.array(criterion.levels)) <= TOLERANCE
        unknown: Bools = known & ~near.any(axis=-1)
        return unknown
    low = -np.inf if criterion.low is None else criterion.low
    high = np.inf if criterion.high is None else criterion.high
    outside: Bools = known & ((np.nan_to_num(given) < low) | (np.nan_to_num(given) > high))
    return outside


def quadrants(value: ArrayLike, effort: ArrayLike) -> tuple[tuple[Quadrant, ...], Floats]:
    """Value / effort quadrant of each proposal and the two cut lines (value, effort).

    The cuts are the medians of the batch, so they move with it and must be shown. At least the
    median value counts as high, at most the median effort as low.
    """
    worth, work = finite("value", value, ndim=1), finite("effort", effort, ndim=1)
    if worth.shape != work.shape:
        raise ValueError(f"effort: {len(worth)} entries expected, got {len(work)}")
    if len(worth) == 0:
        return (), np.zeros(2)
    cut = np.array([np.median(worth), np.median(work)])
    names: dict[tuple[bool, bool], Quadrant] = {
        (True, True): "quick win",
        (True, False): "big bet",
        (False, True): "fill in",
        (False, False): "drop",
    }
    high, low = (worth >= cut[0]).tolist(), (work <= cut[1]).tolist()
    return tuple(names[pair] for pair in zip(high, low, strict=True)), cut
