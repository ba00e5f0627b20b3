from django.db import models

from projects.proposals.models.proposals import Proposal


class DraftText(models.Model):
    """What a draft said at a version, so that what two people write at once can be told apart.

    Kept until the proposal is submitted.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="draft_texts")
    version = models.PositiveIntegerField()
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "version"], name="one_text_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.proposal} at version {self.version}"
