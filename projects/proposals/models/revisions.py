"""Revisions (the exact text) and the signatures put under them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from projects.people.models import Function
from projects.proposals.models.proposals import Proposal

MOST_ATTESTED = 200  # characters


class Revision(models.Model):
    """An immutable snapshot of a proposal, known by the digest of its content."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_revision_per_number"),
            models.UniqueConstraint(fields=["proposal", "digest"], name="one_revision_per_text"),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of proposal {self.proposal_id}"


class Signature(models.Model):
    """An owner's consent to one revision. Any edit voids it; it is never deleted."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="signatures")
    function = models.CharField(
        max_length=12,
        choices=[(Function.MARKETING, "Marketing"), (Function.CX, "CX")],
    )
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures"
    )
    signed_at = models.DateTimeField(auto_now_add=True)
    attestation = models.CharField(
        max_length=MOST_ATTESTED,
        blank=True,
        help_text="Set when an administrator vouched at import for consent given elsewhere.",
    )
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "function"],
                condition=Q(voided_at__isnull=True),
                name="one_live_signature_per_function",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()} on {self.revision}"
