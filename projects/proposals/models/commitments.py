"""What a proposal promises to move, and who answers for it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from projects.kpis.models import Kpi, KpiValue
from projects.kpis.selectors import is_better
from projects.people.models import Function
from projects.proposals.models.proposals import Proposal


class Commitment(models.Model):
    """A KPI with where it stands, where it shall stand and when."""

    MOST = 3  # of one proposal: more than three are none

    class Answers(models.TextChoices):
        MARKETING = Function.MARKETING.value, Function.MARKETING.label
        CX = Function.CX.value, Function.CX.label
        BOTH = "both", "Both"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField(default=0)
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, related_name="commitments", verbose_name="KPI"
    )
    baseline = models.DecimalField("stands at", max_digits=14, decimal_places=2)
    target = models.DecimalField("shall be", max_digits=14, decimal_places=2)
    due = models.DateField("by")
    answers = models.CharField("who answers for it", max_length=9, choices=Answers)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "kpi"], name="one_commitment_per_kpi"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.baseline} to {self.target}"

    def clean(self) -> None:
        known: tuple[Any, ...] = (self.baseline, self.target, self.kpi_id)
        if None not in known and not is_better(self.kpi, self.target, self.baseline):
            way = "more" if self.kpi.better == Kpi.Better.HIGHER else "less"
            raise ValidationError({"target": f"Aim for {way} than it stands at."})

    def standing(self, values: Sequence[KpiValue]) -> str:
        """ "reached", "missed" or "open", by the newest value between submitting and the due day.

        ``values`` of the KPI, the first day first; a KPI without a value in that time is open.
        """
        if self.proposal.is_draft:
            return "open"
        started = self.proposal.submitted_at
        since = [value for value in values if started and value.as_of >= started.date()]
        in_time = [value for value in since if value.as_of <= self.due]
        last = in_time[-1] if in_time else None
        if last and not is_better(self.kpi, self.target, last.value):
            return "reached"
        return "missed" if self.due < timezone.localdate() and last else "open"
