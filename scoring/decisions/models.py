from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from projects.models import Proposal
from scoring.framework.models import FrameworkVersion
from scoring.ranking.models import RankingRun
from scoring.what_if.models import Override

LONGEST = 500  # letters of why a prepared decision ended without one


class Decision(models.Model):
    """What a leader decided, on which run, under which framework version. Never changed."""

    class Outcome(models.TextChoices):
        GREENLIGHT = "greenlight", "Greenlight"
        CONDITIONAL = "conditional", "Greenlight with conditions"
        HOLD = "hold", "Hold"
        DECLINE = "decline", "Decline"

    YES = (Outcome.GREENLIGHT, Outcome.CONDITIONAL)

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    run = models.ForeignKey(RankingRun, on_delete=models.PROTECT, related_name="decisions")
    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(max_length=2000)
    override_code = models.CharField(
        "why not the ranking", max_length=12, choices=Override, blank=True
    )
    exception = models.TextField(
        "why it goes ahead all the same",
        blank=True,
        max_length=2000,
        help_text="Of a greenlight that a gate of the framework would have stopped.",
    )
    hold_until = models.DateField(
        "until",
        null=True,
        blank=True,
        help_text="Of a hold: the day on which leaders look at it again.",
    )
    rank = models.PositiveIntegerField(null=True)
    line = models.CharField(max_length=10)
    budget = models.DecimalField(max_digits=16, decimal_places=2)
    letter = models.TextField(
        blank=True, help_text="As both owners got it; empty of decisions before there were letters."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The leader of another function who agreed, where the charter asks for two.",
    )
    creation_key = models.UUIDField(
        unique=True, help_text="Chosen by the client, so that a repeated request decides once."
    )

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(
                condition=Q(hold_until=None) | Q(outcome="hold"), name="decision_until_is_of_a_hold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.proposal}"

    @property
    def outcome_in_words(self) -> str:
        until = f" until {self.hold_until:%Y-%m-%d}" if self.hold_until else ""
        return f"{self.get_outcome_display()}{until}"


class PreparedDecision(models.Model):
    """What one leader would decide, until one of another function agrees or somebody ends it.

    ``conditions`` are rows of text, owner (id) and due (ISO date) as the decision will have them.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(RankingRun, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Decision.Outcome)
    reason = models.TextField(max_length=2000)
    override_code = models.CharField(max_length=12, choices=Override, blank=True)
    exception = models.TextField(blank=True, max_length=2000)
    conditions = models.JSONField(default=list, blank=True)
    why = models.TextField("why it takes two")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(auto_now_add=True)
    creation_key = models.UUIDField(unique=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="prepared"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_because = models.CharField(
        max_length=LONGEST, blank=True, help_text="Empty where the second leader agreed."
    )

    class Meta:
        ordering = ["prepared_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(ended_at=None), name="one_prepared_decision"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, decision=None, ended_because="")
                | (Q(ended_at__isnull=False) & (Q(decision=None) ^ Q(ended_because=""))),
                name="prepared_decision_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.proposal}"


class Condition(models.Model):
    """What must be true first, for a greenlight with conditions. It may be met, once."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField("what must be true first", max_length=2000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="who sees to it",
        help_text="Empty only where it was written before conditions had somebody.",
    )
    due = models.DateField("by", null=True)
    how = models.CharField("how it shows", max_length=500, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    met_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["decision", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="condition_says_something"),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, met_by__isnull=True)
                | Q(met_at__isnull=False, met_by__isnull=False),
                name="condition_met_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_over(self) -> bool:
        """Past its day and not met."""
        return self.met_at is None and self.due is not None and self.due < timezone.localdate()
