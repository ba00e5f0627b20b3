"""The panel in one room: what it talks about, and what everybody says after talking."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.models import Cycle, Revision
from scoring.framework.models import Criterion, Level


class Meeting(models.Model):
    """One meeting of the panel, with the question that is on the screen."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="meetings")
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(ended_at__isnull=True), name="one_meeting_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(revision__isnull=True, criterion__isnull=True)
                | Q(revision__isnull=False, criterion__isnull=False),
                name="question_is_a_criterion_of_a_text",
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting of {self.began_at:%d %B %Y}"


class Round(models.Model):
    """A question judged again after talk; nobody sees an answer before all are shown."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="rounds")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="1 is the first round on the question.")
    proposed = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField(auto_now_add=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "revision", "criterion", "number"],
                name="one_round_per_number",
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(revealed_at__isnull=True), name="one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(proposed__isnull=True) | ~Q(reason=""),
                name="proposed_level_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}, round {self.number}"


class Vote(models.Model):
    """What one panelist says in a round. It can change until all answers are shown."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="votes")
    panelist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "panelist"], name="one_vote_per_panelist")
        ]

    def __str__(self) -> str:
        return f"{self.panelist}: {self.level}"
