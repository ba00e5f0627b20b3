from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models import Proposal
from scoring.framework.models import FrameworkVersion
from scoring.ranking.models import RankingRun
from scoring.what_if.models import Override


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
    conditions = models.TextField(blank=True, max_length=2000)
    override_code = models.CharField(
        "why not the ranking", max_length=12, choices=Override, blank=True
    )
    exception = models.TextField(
        "why it goes ahead all the same",
        blank=True,
        max_length=2000,
        help_text="Of a greenlight that a gate of the framework would have stopped.",
    )
    rank = models.PositiveIntegerField(null=True)
    line = models.CharField(max_length=10)
    budget = models.DecimalField(max_digits=16, decimal_places=2)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    creation_key = models.UUIDField(
        unique=True, help_text="Chosen by the client, so that a repeated request decides once."
    )

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="conditional") | ~Q(conditions=""),
                name="conditional_decision_names_conditions",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.proposal}"
