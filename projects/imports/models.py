"""A list on its way in: the file, how it is read, what was mended, and what it made."""

from django.conf import settings
from django.db import models

from projects.cycles.models import Cycle


class Batch(models.Model):
    class State(models.TextChoices):
        OPEN = "open", "Not imported yet"
        IMPORTED = "imported", "Imported"
        UNDONE = "undone", "Undone"

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="batches")
    reading = models.JSONField(default=dict, help_text="What somebody said of how it is read.")
    columns = models.JSONField(default=list, help_text="The names of the columns, in their order.")
    choices = models.JSONField(
        default=dict, help_text="What was chosen: a target for each column, and what holds for all."
    )
    mended = models.JSONField(default=dict, help_text="Cells typed anew: row -> column -> text.")
    left_out = models.JSONField(default=list, help_text="Numbers of the rows that stay outside.")
    made = models.JSONField(default=list, help_text="Of each proposal made: its id and version.")
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
