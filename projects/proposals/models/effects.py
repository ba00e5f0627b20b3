"""What a proposal changes for customers, and its measured facts."""

import math
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from projects.customers.models import Evidence, JourneyStage, Segment, is_to_come
from projects.proposals.models.backed import TO_COME, Backed
from projects.proposals.models.proposals import Proposal


class CustomerEffect(Backed):
    """What changes for which customers: one journey stage and one segment."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="effects")
    position = models.PositiveSmallIntegerField(default=0)
    stage = models.ForeignKey(JourneyStage, on_delete=models.PROTECT, related_name="+")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="+")
    reach = models.PositiveIntegerField(
        "customers per year", help_text="Different customers touched at this stage in a year."
    )
    points = models.DecimalField(
        "change in points of 100",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(-100)), MaxValueValidator(Decimal(100))],
        help_text="How far the experience moves on a scale of 0 to 100. A loss is negative.",
    )
    evidence = models.CharField(max_length=12, choices=Evidence)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "stage", "segment"],
                name="one_effect_per_stage_and_segment",
                violation_error_message="This stage and segment are already in the list.",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=-100, points__lte=100), name="effect_points_within_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} / {self.segment}: {self.points}"

    def clean(self) -> None:
        if is_to_come(self.evidence_date):
            raise ValidationError({"evidence_date": TO_COME})


class Measure(models.Model):
    """A measured fact about a proposal that a framework's criterion may read by its key."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="measures")
    key = models.SlugField(max_length=40)
    value = models.FloatField(help_text="As measured; any unit, the criterion knows its scale.")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key"], name="one_value_per_measure")
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    def clean(self) -> None:
        if not math.isfinite(self.value or 0.0):
            raise ValidationError({"value": "A measured value is a finite number."})
