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
    pain = models.CharField(
        max_length=300, blank=True, help_text="What hurts customers most here, in their words."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who answers for the whole stage, whichever team customers meet there.",
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


class Persona(models.Model):
    """Who customers are, beyond who buys: a portrait that is kept; a newer one takes its place."""

    # What is told of a customer, apart from what is told of a buyer.
    TOLD = ("jobs", "needs", "expectations", "pains", "problems")

    name = models.CharField(max_length=80, help_text="Such as “Mara, moves out of home”.")
    segments = models.ManyToManyField(Segment, blank=True, related_name="personas")
    jobs = models.TextField("jobs to be done", max_length=1000)
    needs = models.TextField(max_length=1000, blank=True)
    expectations = models.TextField(max_length=1000, blank=True)
    pains = models.TextField("pain points", max_length=1000, blank=True)
    problems = models.TextField(max_length=1000, blank=True)
    buyer_facts = models.TextField(
        "as a buyer",
        max_length=1000,
        blank=True,
        help_text="Age, income, channels, what is bought: what advertising aims at.",
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def told(self) -> list[tuple[str, str]]:
        """What is said of the customer, as (name, text), without what is left open."""
        fields = [self._meta.get_field(name) for name in self.TOLD]
        said = [(str(field.verbose_name), getattr(self, field.name)) for field in fields]  # type: ignore[union-attr]
        return [(name.capitalize(), text) for name, text in said if text]


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
