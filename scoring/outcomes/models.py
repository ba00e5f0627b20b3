"""What has become of a greenlit proposal, as people report it."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, URLValidator
from django.db import models

from projects.customers.models import is_to_come
from projects.models import Proposal


class Report(models.Model):
    """How a greenlit proposal stood on one day. Kept; of one day what was entered last counts."""

    class State(models.TextChoices):
        UNDER_WAY = "under_way", "Under way"
        DELAYED = "delayed", "Delayed"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField("day", help_text="The day that this describes.")
    state = models.CharField(max_length=9, choices=State)
    spent = models.DecimalField(
        "spent so far",
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="All of it since the greenlight. Leave it empty if nobody knows.",
    )
    brought = models.DecimalField(
        "brought so far",
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Margin won and cost saved since the greenlight, as measured. Leave it empty if "
        "nobody has measured it: empty is not nothing.",
    )
    finish = models.DateField(
        "finished on",
        null=True,
        blank=True,
        help_text="The day it reached customers, or the day it is expected to.",
    )
    note = models.CharField(
        max_length=500, blank=True, help_text="What a reader should know, such as what is late."
    )
    link = models.URLField(
        "where the work is kept",
        max_length=500,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text="The address of its issue in your tracker. The last one given stands.",
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["proposal", "-as_of", "-pk"]
        indexes = [models.Index(fields=["proposal", "-as_of", "-id"], name="newest_reports")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_state_display()}"

    def clean(self) -> None:
        if is_to_come(self.as_of):
            raise ValidationError({"as_of": "This day is still to come."})
        if self.state == self.State.DONE:
            if self.finish is None:
                raise ValidationError({"finish": "Give the day on which it was finished."})
            if self.finish > self.as_of:
                message = "What is done was finished on the day of the report at the latest."
                raise ValidationError({"finish": message})
