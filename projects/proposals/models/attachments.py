"""Files that belong to a proposal."""

from django.conf import settings
from django.db import models

from projects.proposals.models.proposals import Proposal


class Attachment(models.Model):
    """A file beside the text, by its digest a part of what the owners sign.

    It is kept in the database: in no folder that a server could serve, and in every backup.
    """

    MOST = 10  # of one proposal
    MOST_BYTES = 5 * 2**20

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "picture"
        JPEG = "jpg", "photo"
        XLSX = "xlsx", "spreadsheet"
        DOCX = "docx", "document"
        PPTX = "pptx", "slides"
        CSV = "csv", "CSV"
        TEXT = "txt", "text"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind)
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256.")
    content = models.BinaryField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "name"], name="one_file_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
