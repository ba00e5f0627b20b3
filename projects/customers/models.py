"""Where and for whom something changes, and how well we know it."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models


class Evidence(models.TextChoices):
    """The evidence ladder, weakest first. Each step has a confidence in ``CONFIDENCE``."""

    OPINION = "opinion", "Opinion"
    PLANS = "plans", "Estimates and plans"
    ANECDOTAL = "anecdotal", "Anecdotes"
    MARKET = "market", "Market data"
    USER = "user", "User evidence"
    TEST = "test", "A/B test"
    LAUNCH = "launch", "Launch data"


# Our defaults (docs/method/customer-impact.md); a company refits them from its own outcomes.
CONFIDENCE: dict[str, Decimal] = {
    Evidence.OPINION: Decimal("0.10"),
    Evidence.PLANS: Decimal("0.20"),
    Evidence.ANECDOTAL: Decimal("0.30"),
    Evidence.MARKET: Decimal("0.45"),
    Evidence.USER: Decimal("0.60"),
    Evidence.TEST: Decimal("0.80"),
    Evidence.LAUNCH: Decimal("0.90"),
}


class JourneyStage(models.Model):
    """A step of the customer journey, across channels and departments."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    weight = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal(0))],
        help_text="How much one impact point counts at this stage. 1 is the rule.",
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gte=0), name="stage_weight_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
