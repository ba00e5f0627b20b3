"""An export that a worker writes: the job, and the file that comes of it."""

from django.conf import settings
from django.db import models

from jobs.models import Job
from scoring.ranking.models import RankingRun


class ExportJob(Job):
    """A list on its way into a file. The file belongs to ``owner`` and is kept for a day."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "Spreadsheet"
        PDF = "pdf", "Board paper"
        PPTX = "pptx", "Slides"
        EXCEL_CSV = "excel-csv", "CSV for Excel"
        EXCEL_CSV_COMMA = "excel-csv-comma", "CSV for Excel, decimal comma"
        CSV = "csv", "CSV for programs"
        JSON = "json", "Data"

    task = "scoring.write_export"
    first_stage = "Reading the backlog"
    gave_up = "The export stopped three times before it was done. Ask for it again."

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    run = models.ForeignKey(RankingRun, on_delete=models.PROTECT, related_name="exports")
    format = models.CharField(max_length=16, choices=Format)
    query = models.CharField(max_length=500, blank=True, help_text="The filter, as an address.")
    creation_key = models.UUIDField(
        unique=True, help_text="Chosen by the client, so that a repeated request asks once."
    )

    # Written once, when the file is there. The name is random: nobody finds it by guessing.
    file_name = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    rows = models.PositiveIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "export"
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "lease_until"], name="export_due")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="done")
                | (~models.Q(file_name="") & models.Q(expires_at__isnull=False)),
                name="done_export_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"

    @property
    def suffix(self) -> str:
        return "csv" if "csv" in self.format else self.format

    @property
    def shown_name(self) -> str:
        """What the file is called where it is saved."""
        return f"backlog-run-{self.run_id}-{self.created_at:%Y-%m-%d}.{self.suffix}"
