"""Who works on a proposal, when, and for how long."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from projects.people.models import Team
from projects.proposals.models.proposals import Proposal


class Effort(models.Model):
    """The days that people of one team work on it in one quarter, all of them together."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="efforts")
    position = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    quarter = models.CharField(
        max_length=7,
        validators=[RegexValidator(r"^20\d\d-Q[1-4]\Z", "Write quarters as 2027-Q1.")],
    )
    low, likely, high = (
        models.PositiveIntegerField(validators=[MaxValueValidator(100_000)]) for _ in range(3)
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "team", "quarter"], name="one_effort_per_team_and_quarter"
            ),
            models.CheckConstraint(
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")),
                name="effort_low_likely_high_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.quarter}: {self.low} / {self.likely} / {self.high} days"

    def clean(self) -> None:
        if None not in (self.low, self.likely, self.high):
            if self.likely < self.low:
                raise ValidationError({"likely": "Likely must not be below low."})
            if self.high < self.likely:
                raise ValidationError({"high": "High must not be below likely."})


def quarters_from(day: date, count: int) -> list[str]:
    """The quarter of ``day`` and those after it, such as 2027-Q1."""
    first = day.year * 4 + (day.month - 1) // 3
    return [f"{number // 4}-Q{number % 4 + 1}" for number in range(first, first + count)]
