"""Costs and benefits, stated or worked out from the figures of a segment."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from projects.customers.models import Evidence, SegmentFigure, is_to_come
from projects.proposals.models.backed import GATHERED, TO_COME, Backed
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.streams import EACH_STATED, OWN_RETENTION, Stream

SHARES = ("share_low", "share_likely", "share_high")
STREAM = ("reached", *SHARES)  # what a benefit on a segment's figures cannot do without


class MoneyLine(Backed):
    """One line of cost or benefit as low, likely and high, in the cycle's currency.

    One-off cost falls now. Every other kind is an amount per year, spread evenly over the months
    after ``starts_month``, growing evenly over the first ``ramp_months`` of them, until
    ``ends_month``: then nothing more is paid, or nobody new comes. Benefits are contribution
    margin, not revenue. A benefit with a ``figure`` is worked out from it (``Stream``); without one
    its amounts are stated.
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
    low, likely, high = (
        models.DecimalField(
            max_digits=14, decimal_places=2, error_messages={"null": "Give the amount."}
        )
        for _ in range(3)
    )
    starts_month = models.PositiveSmallIntegerField(
        "starts after (months)", default=0, validators=[MaxValueValidator(119)]
    )
    ramp_months = models.PositiveSmallIntegerField(
        "grows over (months)",
        default=0,
        validators=[MaxValueValidator(120)],
        help_text="From its start until it is in full.",
    )
    ends_month = models.PositiveSmallIntegerField(
        "ends after (months)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Counted from the decision; open: it goes on.",
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
    figure = models.ForeignKey(
        SegmentFigure, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    reached = models.PositiveIntegerField(
        "customers reached",
        null=True,
        blank=True,
        help_text="Different people reached in a year.",
    )
    share_low, share_likely, share_high = (
        models.DecimalField(
            max_digits=5,
            decimal_places=4,
            null=True,
            blank=True,
            validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
        )
        for _ in SHARES
    )
    each = models.DecimalField(
        "worth of each",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="More margin, or less cost, of one customer who changes, in a year.",
    )
    because = models.CharField(
        "why",
        max_length=300,
        blank=True,
        help_text="Why this share, in a sentence. Needed where those reached stay otherwise than "
        "their segment does.",
    )
    evidence = models.CharField(
        max_length=12,
        choices=Evidence,
        blank=True,
        help_text="The strongest evidence behind this benefit. Left open, it is an opinion; "
        "without an insight it counts as a plan at most.",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__lte=F("likely")) & Q(likely__lte=F("high")),
                name="money_low_likely_high_in_order",
                violation_error_message="Low, likely and high must not decrease.",
            ),
            models.CheckConstraint(
                condition=Q(ends_month__isnull=True) | Q(ends_month__gt=F("starts_month")),
                name="money_ends_after_it_starts",
                violation_error_message="It must end after it starts.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="one_off_cost") | Q(ramp_months=0, ends_month__isnull=True),
                name="money_now_neither_grows_nor_ends",
                violation_error_message="A one-off cost falls now: it neither grows nor ends.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["one_off_cost", "running_cost"]) | Q(low__gte=0),
                name="money_cost_not_negative",
                violation_error_message="A cost cannot be negative. Enter a saving as a benefit.",
            ),
            models.CheckConstraint(
                condition=Q(kind="acquisition", yearly_retention__isnull=False)
                | Q(kind__in=["retention", "enrichment"], figure__isnull=False)
                | (~Q(kind="acquisition") & Q(yearly_retention__isnull=True)),
                name="money_retention_where_customers_come",
                violation_error_message="Only an acquisition line says how many customers stay.",
            ),
            models.CheckConstraint(
                condition=Q(
                    figure__isnull=True,
                    reached__isnull=True,
                    share_low__isnull=True,
                    share_likely__isnull=True,
                    share_high__isnull=True,
                    each__isnull=True,
                    because="",
                )
                | Q(
                    ~Q(kind__in=["one_off_cost", "running_cost"]),
                    figure__isnull=False,
                    reached__isnull=False,
                    share_low__gte=0,
                    share_low__lte=F("share_likely"),
                    share_likely__lte=F("share_high"),
                    share_high__lte=1,
                ),
                name="money_stated_or_worked_out",
                violation_error_message="An amount is stated, or worked out from a segment.",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["one_off_cost", "running_cost"])
                | Q(evidence="", evidence_date__isnull=True, insight__isnull=True),
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
    def when(self) -> str:
        """From when to when, in words."""
        if self.kind == self.Kind.ONE_OFF_COST:
            return "now"
        told = [f"from month {self.starts_month + 1}"]
        if self.ramp_months > 1:
            told.append(f"in full from {self.starts_month + self.ramp_months}")
        if self.ends_month is not None:
            told.append(f"until {self.ends_month}")
        return ", ".join(told)

    @property
    def is_cost(self) -> bool:
        return self.kind in self.COSTS

    @property
    def stream(self) -> Stream | None:
        """The sum behind a benefit that is worked out; None where a part of it is missing."""
        if self.figure is None or None in (getattr(self, name) for name in STREAM):
            return None
        low, likely, high = (Decimal(getattr(self, name)) for name in SHARES)
        own = self.yearly_retention if self.kind in OWN_RETENTION else None
        return Stream(
            kind=self.kind,
            segment=self.figure.segment.name,
            as_of=self.figure.as_of,
            margin=self.figure.margin,
            retention=self.figure.retention if own is None else own,
            reached=self.reached or 0,
            shares=(low, likely, high),
            each=self.each,
            because=self.because,
        )

    @property
    def has_own_retention(self) -> bool:
        """Whether those reached stay otherwise than the figures of their segment say."""
        return (
            self.figure is not None
            and self.kind in OWN_RETENTION
            and self.yearly_retention not in (None, self.figure.retention)
        )

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Works the amounts out first: whoever writes the row gives the parts of the sum alone."""
        if self.figure is not None and not self.is_cost:
            stream = self.stream
            self.low, self.likely, self.high = stream.amounts if stream else 3 * (Decimal(0),)
            if stream and self.kind != self.Kind.COST_TO_SERVE:
                self.yearly_retention = stream.retention
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        errors = self._wrong_stream()
        if self.ends_month is not None and self.ends_month <= (self.starts_month or 0):
            errors["ends_month"] = "It must end after it starts."
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
        if (
            self.kind != self.Kind.ACQUISITION
            and self.yearly_retention is not None
            and self.figure is None
        ):
            errors["yearly_retention"] = "Only an acquisition line says how many customers stay."
        if errors := errors | self._wrong_evidence():
            raise ValidationError(errors)

    def _wrong_stream(self) -> dict[str, str]:
        """What is wrong with the parts of a benefit that is worked out."""
        if self.figure is None:
            given = [
                name
                for name in (*STREAM, "each", "because")
                if getattr(self, name) not in (None, "")
            ]
            return dict.fromkeys(given, "Choose the segment that this is worked out from.")
        if self.is_cost:
            return {"figure": "A cost is stated. Only a benefit is worked out from a segment."}
        errors = {
            name: "Say how many are reached." if name == "reached" else "Say which share changes."
            for name in STREAM
            if getattr(self, name) is None
        }
        shares = [Decimal(getattr(self, name) or 0) for name in SHARES]
        if not errors and shares != sorted(shares):
            errors["share_likely"] = "Low, likely and high must not decrease."
        if (self.each is None) == (self.kind in EACH_STATED):
            errors["each"] = (
                "Say what one customer who changes is worth in a year."
                if self.each is None
                else "A customer who is won or kept is worth what its segment says."
            )
        return errors | self._against_figure(self.figure)

    def _against_figure(self, figure: SegmentFigure) -> dict[str, str]:
        errors = {}
        if self.kind != self.Kind.ACQUISITION and (self.reached or 0) > figure.customers:
            errors["reached"] = f"{figure.segment} has {figure.customers:,} customers. Reach fewer."
        if self.has_own_retention and not self.because.strip():
            errors["because"] = f"Say why they do not stay as {figure.segment} do."
        # A form looks at the row before it belongs to a proposal.
        currency = self.proposal.cycle.currency if hasattr(self, "proposal") else figure.currency
        if figure.currency != currency:
            errors["figure"] = (
                f"Its figures are in {figure.currency}; this cycle counts in {currency}."
            )
        return errors

    def _wrong_evidence(self) -> dict[str, str]:
        if self.is_cost and (self.insight or self.evidence or self.evidence_date):
            return {"evidence": "Only a benefit rests on evidence."}
        if self.evidence in GATHERED and self.evidence_date is None:
            return {"evidence_date": "Say when it was gathered: evidence fades with the years."}
        if self.evidence_date and not self.evidence:
            return {"evidence": "Say what was gathered on this day."}
        return {"evidence_date": TO_COME} if is_to_come(self.evidence_date) else {}
