"""What is known of customers, and how: one finding each."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.urls import reverse

from projects.customers.models import Evidence, JourneyStage, Persona, Segment, is_to_come


class Insight(models.Model):
    """A finding with its kind, source and day. It is kept: a better one takes its place.

    ``kind`` is the step of the evidence ladder that a number may claim by it.
    """

    finding = models.CharField(
        max_length=300, help_text="What was found, in a sentence: the figure or the quote itself."
    )
    kind = models.CharField("how we know", max_length=12, choices=Evidence)
    source = models.CharField(
        max_length=200, help_text="Who was asked or what was measured, such as “exit survey, May”."
    )
    sample = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="How many people or cases it rests on.",
    )
    gathered_on = models.DateField("gathered on", help_text="Evidence fades with the years.")
    stage = models.ForeignKey(
        JourneyStage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="insights",
        verbose_name="journey stage",
    )
    segment = models.ForeignKey(
        Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="insights"
    )
    persona = models.ForeignKey(
        Persona,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="insights",
        help_text="Whose story it is, where one persona tells it.",
    )
    link = models.URLField(
        max_length=500,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text="Where the whole of it is kept.",
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-gathered_on", "-pk"]
        indexes = [models.Index(fields=["-gathered_on", "-id"], name="newest_insights")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.finding}"

    def get_absolute_url(self) -> str:
        return reverse("insight", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"I-{self.pk}"

    def clean(self) -> None:
        if is_to_come(self.gathered_on):
            raise ValidationError({"gathered_on": "This day is still to come."})


class ResearchRequest(models.Model):
    """What somebody wants to know of customers, so that they are asked once.

    How far it is follows from what is filled in: who asks customers and when, and the insight that
    answers it.
    """

    question = models.CharField(max_length=300, help_text="What do you want to know?")
    why = models.CharField("what hangs on it", max_length=300)
    stage = models.ForeignKey(
        JourneyStage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="journey stage",
    )
    segment = models.ForeignKey(
        Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="who asks them",
    )
    planned_for = models.DateField("from when on", null=True, blank=True)
    answered_by = models.ForeignKey(
        Insight, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(run_by__isnull=True, planned_for__isnull=True)
                | models.Q(run_by__isnull=False, planned_for__isnull=False),
                name="planned_research_has_who_and_when",
            )
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("research-request", args=[self.pk])

    @property
    def state(self) -> str:
        """Done, Under way, Planned or Asked."""
        if self.answered_by_id is not None:
            return "Done"
        if self.planned_for is None:
            return "Asked"
        return "Planned" if is_to_come(self.planned_for) else "Under way"
