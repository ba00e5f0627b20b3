"""A list on its way in: the file, how it is read, what was mended, and what it made."""

from django.conf import settings
from django.db import models

from jobs.models import Job
from projects.cycles.models import Cycle


class Batch(Job):
    """A list, and the work on it where it is long: checking it, or bringing it in."""

    class Work(models.TextChoices):
        CHECK = "check", "Checking"
        IMPORT = "import", "Importing"

    class State(models.TextChoices):
        OPEN = "open", "Not imported yet"
        IMPORTED = "imported", "Imported"
        UNDONE = "undone", "Undone"

    task = "projects.work_on_list"
    first_stage = "Reading the list"
    gave_up = "The list could not be read to its end. Try again."

    # Nothing is asked of a worker before a list turns out to be long.
    status = models.CharField(max_length=9, choices=Job.Status, default=Job.Status.DONE)
    work = models.CharField(max_length=6, choices=Work, blank=True, help_text="Asked of a worker.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.JSONField(
        default=dict,
        help_text="What the worker found wrong: errors (row, column, message), how many rows.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches"
    )
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
        verbose_name = "list"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "lease_until"], name="batch_due")]

    def __str__(self) -> str:
        return self.file_name
