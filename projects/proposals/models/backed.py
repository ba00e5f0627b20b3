"""Numbers that rest on evidence: where it comes from and when it was gathered."""

from typing import Any

from django.db import models

from projects.customers.models import Evidence
from projects.insights.models import Insight

# What was gathered from customers or the market has a day; opinions and plans need none.
GATHERED = [kind.value for kind in Evidence if kind not in (Evidence.OPINION, Evidence.PLANS)]
TO_COME = "This day is still to come. Give the day of the evidence."


class Backed(models.Model):
    """A number that may rest on an insight: its evidence and day are then those of the insight."""

    insight = models.ForeignKey(
        Insight, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    evidence_date = models.DateField(
        "evidence from",
        null=True,
        blank=True,
        help_text="When it was gathered. After two years the backlog says that it is old.",
    )

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.insight is not None:
            self.evidence = self.insight.kind
            self.evidence_date = self.insight.gathered_on
        super().full_clean(*args, **kwargs)
