"""Scorecards: what one panelist says of one revision under one framework version; who is asked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from projects.models import Proposal, Revision
from scoring.framework.models import Criterion, FrameworkVersion, Level


class Assignment(models.Model):
    """That somebody is asked to judge a proposal. Without any, everybody on the panel is."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="assignments")
    panelist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["proposal", "panelist"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "panelist"], name="one_assignment_per_panelist"
            )
        ]

    def __str__(self) -> str:
        return f"{self.panelist}: {self.proposal}"


class Scorecard(models.Model):
    """One entry of a panelist's judgement. Once it is submitted or recused, it stays for ever.

    A change of mind is a further entry with its reason; the latest one counts in a run, the first
    one was given without knowing what the others think.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Started"
        SUBMITTED = "submitted", "Submitted"
        RECUSED = "recused", "Recused"

    panelist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scorecards"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="scorecards")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="scorecards")
    framework_version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="scorecards"
    )
    entry = models.PositiveSmallIntegerField(
        default=1, help_text="1 is the first judgement of this text, given blind."
    )
    change_reason = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    comment = models.TextField(blank=True, max_length=2000)
    recusal_reason = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who brought it in from a list. Empty: the panelist gave it here.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["panelist", "revision", "entry"], name="one_scorecard_per_entry"
            ),
            models.UniqueConstraint(
                fields=["panelist", "revision", "framework_version"],
                condition=Q(status="draft"),
                name="one_started_scorecard",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
                name="submitted_scorecard_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="recused") | ~Q(recusal_reason=""),
                name="recusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | ~Q(entered_by=F("panelist")),
                name="scorecard_entered_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panelist} on {self.proposal}"


class Score(models.Model):
    """A level, or an abstention with its reason. Never both, never neither."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    abstention_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["criterion"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion"], name="one_score_per_criterion"
            ),
            models.CheckConstraint(
                condition=(Q(level__isnull=False) & Q(abstention_reason=""))
                | (Q(level__isnull=True) & ~Q(abstention_reason="")),
                name="level_or_abstention",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level or 'abstained'}"


class Question(models.Model):
    """What one judge asks another about a score. Kept with its answer."""

    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="questions")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answer_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker}: {self.text[:60]}"
