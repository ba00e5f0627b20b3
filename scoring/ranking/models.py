"""Ranking runs: the job row, its sealed inputs and its results."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from jobs.models import Job
from projects.models import Cycle, Proposal
from scoring.framework.models import FrameworkVersion


class RankingRun(Job):
    """A job whose truth is this row; the queue only rings (docs/decisions/0002)."""

    class Trigger(models.TextChoices):
        BUTTON = "button", "Asked for on the page"
        COMMAND = "command", "Asked for on the command line"
        API = "api", "Asked for through the API"
        NIGHTLY = "nightly", "Nightly"
        CHANGE = "change", "After changes"

    task = "scoring.rank_run"
    first_stage = "Reading the portfolio"
    gave_up = (
        "The ranking stopped three times before it was done. The previous run is still the "
        "backlog. Ask for a new run; if that fails too, tell your administrator."
    )

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs")
    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="runs"
    )
    trigger = models.CharField(max_length=8, choices=Trigger)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nightly_date = models.DateField(null=True, blank=True)
    seed = models.PositiveBigIntegerField()
    draws = models.PositiveIntegerField()

    # The seal, written once when the run is done.
    engine_version = models.CharField(max_length=20, blank=True)
    input_digest = models.CharField(max_length=64, blank=True)
    result_digest = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "lease_until"], name="run_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(status="queued"), name="one_waiting_run_per_cycle"
            ),
            models.UniqueConstraint(
                fields=["cycle", "nightly_date"],
                condition=Q(nightly_date__isnull=False),
                name="one_nightly_run_per_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | ~Q(result_digest=""), name="done_run_is_sealed"
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"


class RunSnapshot(models.Model):
    """The inputs of a run as canonical JSON (zlib), apart from the row that lists read."""

    run = models.OneToOneField(RankingRun, on_delete=models.CASCADE, related_name="snapshot")
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"inputs of {self.run}"


class RunChunk(Job):
    """Some of the draws of a large run, for whichever worker is free; gone when the run is done.

    ``payload`` holds the order of the proposals in each draw (``analysis.robustness.Ordered``) as
    little-endian 16-bit numbers.
    """

    first_stage = "Drawing"
    gave_up = "These draws were tried three times."

    run = models.ForeignKey(RankingRun, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    payload = models.BinaryField(null=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_chunk_per_number")
        ]

    def __str__(self) -> str:
        return f"draws {self.number} of {self.run}"


class RankedProposal(models.Model):
    """One line of a run's result. Immutable; what a page or an export shows is stored here."""

    class Line(models.TextChoices):
        INSIDE = "inside", "Inside the budget"
        OUTSIDE = "outside", "Outside the budget"
        INCOMPLETE = "incomplete", "Incomplete"

    run = models.ForeignKey(RankingRun, on_delete=models.CASCADE, related_name="results")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="results")
    position = models.PositiveIntegerField(help_text="Place in the list, without ties.")
    rank = models.PositiveIntegerField(null=True, help_text="Competition rank: 1, 2, 2, 4.")
    rank_low = models.PositiveIntegerField(null=True, help_text="P10 of the rank.")
    rank_high = models.PositiveIntegerField(null=True, help_text="P90 of the rank.")
    p_top = models.FloatField(null=True, help_text="P(among the best k); k is a fact of the run.")
    p_funded = models.FloatField(null=True)
    tied_from = models.PositiveIntegerField(
        null=True, help_text="First position of those that cannot be told apart; null: alone."
    )
    tied_to = models.PositiveIntegerField(null=True)
    line = models.CharField(max_length=10, choices=Line)

    score = models.FloatField(null=True, help_text="What the rank follows.")
    value = models.FloatField(null=True, help_text="Additive value, 0 to 100.")
    coverage = models.FloatField(help_text="Share of the weight that is scored, 0 to 1.")
    roi = models.FloatField(null=True, help_text="Believed, where the framework says so.")
    roi_p10 = models.FloatField(null=True)
    roi_p50 = models.FloatField(null=True)
    roi_p90 = models.FloatField(null=True)
    p_loss = models.FloatField(null=True)
    believed = models.FloatField(
        null=True, help_text="Share of the stated return that its evidence supports, 0 to 1."
    )
    stated_roi = models.FloatField(null=True, help_text="Null where the run believes it all.")
    stated_roi_p10 = models.FloatField(null=True)
    stated_roi_p90 = models.FloatField(null=True)
    benefit = models.FloatField(null=True, help_text="Expected present value of the benefits.")
    cost = models.FloatField(null=True, help_text="Expected present value of the costs.")
    impact = models.FloatField(null=True, help_text="Customer impact in impact points.")
    roi_rank = models.PositiveIntegerField(null=True, help_text="Rank by expected ROI alone.")
    impact_rank = models.PositiveIntegerField(null=True, help_text="Rank by impact alone.")
    undominated = models.BooleanField(
        default=False, help_text="No ranked proposal is better in ROI and in impact."
    )
    contributions = models.JSONField(help_text="Per criterion: weight, input, value, contribution.")
    missing = models.JSONField(default=list, help_text="What is missing, in words.")
    flags = models.JSONField(default=list, help_text="What to be careful about: (words, sentence).")

    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    marketing_team = models.CharField(max_length=80)
    cx_team = models.CharField(max_length=80)

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "proposal"], name="one_result_per_proposal"),
            models.UniqueConstraint(fields=["run", "position"], name="one_result_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"
