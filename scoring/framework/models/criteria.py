"""What a version weighs: dimensions, criteria, anchored levels, and weights by profile.

Criteria keep their ``key`` from version to version, and a score counts under a later version as
long as the criterion's scale (``scale_digest``) is the same yardstick.
"""

import hashlib
import json
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from projects.people.models import Function
from scoring.framework.models.frameworks import PERCENT, FrameworkVersion, check_functions

TOP = 100
LARGEST = 1e15  # of a fixed point; beyond it float64 no longer tells whole numbers apart


class WeightProfile(models.Model):
    """One set of dimension weights. A proposal's category picks the profile with that key."""

    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.CASCADE, related_name="profiles"
    )
    key = models.SlugField(max_length=40, blank=True, help_text="Empty for the general profile.")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["framework_version", "key"], name="one_profile_per_key")
        ]

    def __str__(self) -> str:
        return self.name


class Dimension(models.Model):
    """A group of criteria. Its weight (per profile) is divided among them."""

    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.CASCADE, related_name="dimensions"
    )
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework_version", "key"], name="one_dimension_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DimensionWeight(models.Model):
    profile = models.ForeignKey(WeightProfile, on_delete=models.CASCADE, related_name="weights")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="weights")
    weight = models.DecimalField(
        max_digits=6, decimal_places=3, validators=PERCENT, help_text="Per cent of the whole."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "dimension"], name="one_weight_per_profile"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="dimension_weight_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.weight} %"


class Criterion(models.Model):
    class Source(models.TextChoices):
        PANEL = "panel", "Judged by the panel"
        EXPECTED_ROI = "expected_roi", "Computed: expected ROI"
        CUSTOMER_IMPACT = "customer_impact", "Computed: customer impact"
        MEASURE = "measure", "Measured fact"

    # The unit on the x axis of the value function, by source.
    UNITS = {
        Source.PANEL: "points",
        Source.EXPECTED_ROI: "x",
        Source.CUSTOMER_IMPACT: "impact points",
        Source.MEASURE: "",
    }

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    question = models.CharField(
        max_length=300, blank=True, help_text="What the panel asks itself, in one sentence."
    )
    source = models.CharField(max_length=16, choices=Source, default=Source.PANEL)
    position = models.PositiveSmallIntegerField(default=0)
    weight = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        validators=PERCENT,
        help_text="Per cent of its dimension.",
    )
    knots = models.JSONField(
        "value function",
        default=list,
        blank=True,
        help_text="For computed and measured criteria: fixed points [[x, value], ...] from worst "
        "to best, straight lines between, value 0 to 100.",
    )
    judged_by = models.JSONField(
        default=list,
        blank=True,
        help_text="Panelists of these functions score it; none chosen: everybody does.",
    )
    scale_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["dimension__position", "position", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["dimension", "key"], name="one_criterion_per_key"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="criterion_weight_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_judged(self) -> bool:
        return self.source == self.Source.PANEL

    @property
    def unit(self) -> str:
        return self.UNITS[self.Source(self.source)]

    @property
    def judges(self) -> str:
        """The functions that score it, as people read them; empty for everybody."""
        return " and ".join(Function(name).label for name in self.judged_by)

    def clean(self) -> None:
        check_functions("judged_by", self.judged_by)
        if self.is_judged:
            if self.knots:
                raise ValidationError(
                    {"knots": "A judged criterion takes its values from its levels."}
                )
        else:
            check_knots(self.knots)

    def compute_scale_digest(self) -> str:
        """Digest of what a score on this criterion means: its levels, or its value function."""
        scale: list[Any] = (
            [[str(level.value), level.label, level.wording] for level in self.levels.all()]
            if self.is_judged
            else [self.source, self.knots]
        )
        return hashlib.sha256(json.dumps(scale, sort_keys=True).encode()).hexdigest()


def check_knots(knots: object) -> None:
    """Raise ``ValidationError`` unless ``knots`` is a usable piecewise-linear value function."""
    message = (
        "Give at least two points as [[x, value], ...]: x rising, values from 0 to 100, "
        "all rising or all falling."
    )
    if not isinstance(knots, list) or len(knots) < len(("worst", "best")):
        raise ValidationError({"knots": message})
    numbers = all(
        isinstance(knot, list)
        and len(knot) == len(("x", "value"))
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in knot)
        and all(abs(part) <= LARGEST for part in knot)  # false for NaN as well
        for knot in knots
    )
    if not numbers:
        raise ValidationError({"knots": message})
    xs = [knot[0] for knot in knots]
    ys = [knot[1] for knot in knots]
    rising = all(a < b for a, b in pairwise(xs))
    up = all(a <= b for a, b in pairwise(ys))
    down = all(a >= b for a, b in pairwise(ys))
    if not rising or not (up or down) or min(ys) < 0 or max(ys) > TOP:
        raise ValidationError({"knots": message})


class Level(models.Model):
    """One anchored step of a judged criterion, worth ``value`` of 100."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    value = models.DecimalField(max_digits=6, decimal_places=3, validators=PERCENT)
    label = models.CharField(max_length=40)
    wording = models.CharField(
        max_length=300, help_text="What is true of a proposal at this level. Someone can check it."
    )

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "value"], name="one_level_per_value"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=100), name="level_value_within_scale"
            ),
        ]

    def __str__(self) -> str:
        return self.label
