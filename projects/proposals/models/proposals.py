"""A proposal: one joint idea of Marketing and CX, with its money and its customer effects."""

import math
import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from projects.customers.models import Evidence, JourneyStage, Segment
from projects.cycles.models import Cycle
from projects.people.models import Function, User

# What was gathered from customers or the market has a day; opinions and plans need none.
GATHERED = [kind.value for kind in Evidence if kind not in (Evidence.OPINION, Evidence.PLANS)]
TO_COME = "This day is still to come. Give the day of the evidence."


def is_to_come(day: date | None) -> bool:
    return day is not None and day > timezone.localdate(timezone=timezone.get_default_timezone())


class Proposal(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        GREENLIT = "greenlit", "Greenlit"
        CONDITIONAL = "conditional", "Greenlit with conditions"
        ON_HOLD = "on_hold", "On hold"
        DECLINED = "declined", "Declined"

    # Everything but a draft has been seen by the panel; a declined one is out of the backlog.
    IN_BACKLOG = (Status.SUBMITTED, Status.GREENLIT, Status.CONDITIONAL, Status.ON_HOLD)

    creation_key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Chosen by the client, so that a repeated request makes one proposal.",
    )
    reference = models.CharField(
        max_length=40, unique=True, help_text="Short id that people quote, such as P-12."
    )
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)

    title = models.CharField(max_length=120)
    category = models.CharField(
        max_length=40,
        blank=True,
        help_text="Type of proposal, where the framework weighs types differently.",
    )
    marketing_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marketing_proposals"
    )
    cx_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cx_proposals",
        verbose_name="CX owner",
    )
    problem = models.TextField(
        blank=True, max_length=4000, help_text="What goes wrong for customers today, and how often?"
    )
    customer_job = models.TextField(
        blank=True, max_length=2000, help_text="What is the customer trying to get done?"
    )
    marketing_part = models.TextField(
        blank=True, max_length=4000, help_text="What will Marketing do or stop doing?"
    )
    cx_part = models.TextField(
        "CX part", blank=True, max_length=4000, help_text="What will CX do or stop doing?"
    )
    horizon_months = models.PositiveSmallIntegerField(
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Over how many months costs and benefits are counted.",
    )

    copied_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        help_text="The proposal whose text this one began with, perhaps of an earlier cycle.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_revision = models.ForeignKey(
        "projects.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    # The two functions whose owners must sign.
    KEYS = (Function.MARKETING, Function.CX)
    # What the signatures cover, and what a reader must find before a proposal can be submitted.
    TEXT_FIELDS = ("problem", "customer_job", "marketing_part", "cx_part")
    CONTENT_FIELDS = ("title", "category", *TEXT_FIELDS, "horizon_months")

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["cycle", "status"], name="proposal_cycle_status"),
            # Both lists of proposals show the newest of very many.
            models.Index(fields=["-updated_at", "-id"], name="proposal_last_changed"),
            models.Index(
                Coalesce("submitted_at", "created_at").desc(),
                F("id").desc(),
                name="proposal_last_submitted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_revision__isnull=False),
                name="submitted_proposal_has_revision",
            ),
            models.CheckConstraint(
                condition=~Q(marketing_owner=F("cx_owner")), name="two_different_owners"
            ),
            models.CheckConstraint(
                condition=Q(horizon_months__gte=1, horizon_months__lte=120),
                name="horizon_between_1_and_120_months",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def owners(self) -> tuple[User, User]:
        return (self.marketing_owner, self.cx_owner)

    def is_owner(self, user_id: int | None) -> bool:
        return user_id is not None and user_id in (self.marketing_owner_id, self.cx_owner_id)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class MoneyLine(models.Model):
    """One line of cost or benefit as low, likely and high, in the cycle's currency.

    One-off cost falls now. Every other kind is an amount per year, spread evenly over the months
    after ``starts_month``. Benefits are contribution margin, not revenue.
    """

    class Kind(models.TextChoices):
        ONE_OFF_COST = "one_off_cost", "One-off cost"
        RUNNING_COST = "running_cost", "Running cost per year"
        ACQUISITION = "acquisition", "Acquisition: margin from new customers per year"
        RETENTION = "retention", "Retention: margin from customers kept per year"
        ENRICHMENT = "enrichment", "Enrichment: more margin per customer, per year"
        COST_TO_SERVE = "cost_to_serve", "Cost to serve saved per year"

    COSTS = (Kind.ONE_OFF_COST, Kind.RUNNING_COST)

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="money")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=Kind)
    label = models.CharField(max_length=120, blank=True)
    low = models.DecimalField(max_digits=14, decimal_places=2)
    likely = models.DecimalField(max_digits=14, decimal_places=2)
    high = models.DecimalField(max_digits=14, decimal_places=2)
    starts_month = models.PositiveSmallIntegerField(
        "starts after (months)", default=0, validators=[MaxValueValidator(119)]
    )
    yearly_retention = models.DecimalField(
        "kept per year",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        help_text="Share of newly won customers still there a year later, such as 0.8.",
    )
    evidence = models.CharField(
        max_length=12,
        choices=Evidence,
        blank=True,
        help_text="The strongest evidence behind this benefit. Left open, it counts as an opinion.",
    )
    evidence_date = models.DateField("evidence from", null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")),
                name="money_low_likely_high_in_order",
                violation_error_message="Low, likely and high must not decrease.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["one_off_cost", "running_cost"]) | Q(low__gte=0),
                name="money_cost_not_negative",
                violation_error_message="A cost cannot be negative. Enter a saving as a benefit.",
            ),
            models.CheckConstraint(
                condition=Q(kind="acquisition", yearly_retention__isnull=False)
                | (~Q(kind="acquisition") & Q(yearly_retention__isnull=True)),
                name="money_retention_for_acquisition_only",
                violation_error_message="Only an acquisition line says how many customers stay.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["one_off_cost", "running_cost"])
                | Q(evidence="", evidence_date__isnull=True),
                name="money_evidence_for_benefits_only",
                violation_error_message="Only a benefit rests on evidence.",
            ),
            models.CheckConstraint(
                condition=~Q(evidence__in=GATHERED) | Q(evidence_date__isnull=False),
                name="money_evidence_has_a_day",
                violation_error_message="Say when this evidence was gathered.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.low} / {self.likely} / {self.high}"

    @property
    def is_cost(self) -> bool:
        return self.kind in self.COSTS

    def clean(self) -> None:
        errors: dict[str, str] = {}
        if None not in (self.low, self.likely, self.high):
            if self.likely < self.low:
                errors["likely"] = "Likely must not be below low."
            if self.high < self.likely:
                errors["high"] = "High must not be below likely."
            if self.is_cost and self.low < 0:
                errors["low"] = "A cost cannot be negative. Enter money saved as a benefit."
        if self.kind == self.Kind.ACQUISITION and self.yearly_retention is None:
            errors["yearly_retention"] = (
                "Say which share of these new customers is still there after a year, such as 0.8."
            )
        if self.kind != self.Kind.ACQUISITION and self.yearly_retention is not None:
            errors["yearly_retention"] = "Only an acquisition line says how many customers stay."
        if errors := errors | self._wrong_evidence():
            raise ValidationError(errors)

    def _wrong_evidence(self) -> dict[str, str]:
        if self.is_cost and (self.evidence or self.evidence_date):
            return {"evidence": "Only a benefit rests on evidence."}
        if self.evidence in GATHERED and self.evidence_date is None:
            return {"evidence_date": "Say when it was gathered: evidence fades with the years."}
        if self.evidence_date and not self.evidence:
            return {"evidence": "Say what was gathered on this day."}
        return {"evidence_date": TO_COME} if is_to_come(self.evidence_date) else {}


class CustomerEffect(models.Model):
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
    evidence_date = models.DateField(
        "evidence from",
        null=True,
        blank=True,
        help_text="When it was gathered. After two years the backlog says that it is old.",
    )

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
