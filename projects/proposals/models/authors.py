"""Who writes a proposal beside its two owners."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from projects.proposals.models.proposals import Proposal


class CoAuthor(models.Model):
    """Somebody who may read and change the draft, and signs nothing. Kept when it is over.

    Whoever has once changed it (``wrote_at``) never judges it and never decides on it. Being asked
    alone bars nobody: owners could choose their judges by it.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="coauthors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(auto_now_add=True)
    wrote_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"],
                condition=Q(left_at__isnull=True),
                name="one_open_coauthor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} writes {self.proposal.reference}"
