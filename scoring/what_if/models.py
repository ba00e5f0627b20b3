"""A what-if that is worth a name."""

from django.conf import settings
from django.db import models

from projects.models import Cycle
from scoring.ranking.models import RankingRun


class Scenario(models.Model):
    """A question put to the backlog, not its answer: it is answered anew on the current run."""

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

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "name"], name="one_scenario_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
