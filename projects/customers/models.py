"""Where and for whom something changes, and how well we know it."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone


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


def is_to_come(day: date | None) -> bool:
    return day is not None and day > timezone.localdate(timezone=timezone.get_default_timezone())


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
            models.CheckConstraint(condition=Q(weight__gte=0), name="stage_weight_not_negative")
        ]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SegmentFigure(models.Model):
    """What a segment was worth on one day: kept for good, so that a signed text names its own.

    Of a segment's figures the newest day counts, and of one day what was entered last.
    """

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="figures")
    as_of = models.DateField("of", help_text="The day that the numbers describe.")
    customers = models.PositiveIntegerField(help_text="How many customers the segment has.")
    margin = models.DecimalField(
        "margin a year",
        max_digits=12,
        decimal_places=2,
        help_text="Contribution margin of one customer in a year, not revenue.",
    )
    retention = models.DecimalField(
        "kept per year",
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text="Share of the customers of today still there a year later, such as 0.8.",
    )
    acquisition_cost = models.DecimalField(
        "cost to win one",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="All that is spent on winning a customer.",
    )
    currency = models.CharField(max_length=3)
    source = models.CharField(
        max_length=200, help_text="Where the numbers come from, such as “customer ledger, May”."
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["segment__name", "-as_of", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retention__gte=0, retention__lte=1), name="figure_retention_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment}, {self.as_of}"

    def clean(self) -> None:
        if is_to_come(self.as_of):
            raise ValidationError({"as_of": "This day is still to come."})


class Promise(models.Model):
    """What the brand says to customers, and who makes it true. Only the deliverer changes."""

    words = models.CharField(
        max_length=200, unique=True, help_text="The promise as customers hear it."
    )
    where = models.CharField(
        "said where", max_length=200, help_text="Campaign, page, contract: where customers meet it."
    )
    deliverer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="promises",
        help_text="Who sees to it that it is kept. They are asked to agree.",
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words
