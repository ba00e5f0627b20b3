"""A what-if that is worth a name."""

from django.conf import settings
from django.db import models

from projects.models import Cycle
from scoring.ranking.models import RankingRun


class Override(models.TextChoices):
    """Why the ranking is not followed: in a decision, or where a plan forces a proposal."""

    LEGAL = "legal", "Law or regulation requires it"
    STRATEGY = "strategy", "Strategic commitment outside the framework"
    DEPENDENCY = "dependency", "Another greenlit proposal depends on it"
    CAPACITY = "capacity", "The people needed are not free"
    RISK = "risk", "Risk the framework does not see"
    NEW_FACTS = "new_facts", "New facts since the run"


class Scenario(models.Model):
    """A question put to the backlog, not its answer: it is answered anew on the current run.

    Adopted, it is the plan, and its outcome is kept as it was.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="scenarios")
    run = models.ForeignKey(
        RankingRun, on_delete=models.PROTECT, related_name="+", help_text="On which it was kept."
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Set once, when it becomes the plan of its cycle; the one adopted last is the plan.
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(
        default=dict,
        blank=True,
        help_text="What it funds and brings, and what its exceptions cost, as it was adopted.",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "name"], name="one_scenario_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
