"""What two proposals have to do with each other when money is given."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from projects.proposals.models.proposals import Proposal


class Link(models.Model):
    """One bond between two proposals. It is no part of the text that the owners sign.

    ``needs`` runs from ``proposal`` to ``other``; the other two kinds read the same both ways.
    """

    class Kind(models.TextChoices):
        NEEDS = "needs", "Needs"
        TOGETHER = "together", "Only together with"
        EXCLUDES = "excludes", "Not together with"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField("how they belong together", max_length=8, choices=Kind)
    other = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="linked_from")
    because = models.CharField("why", max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposal=F("other")), name="link_of_two"),
            models.UniqueConstraint(
                Least("proposal", "other"), Greatest("proposal", "other"), name="one_link_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.reference} {self.get_kind_display().lower()} {self.other.reference}"

    def words_for(self, proposal: Proposal) -> str:
        """The kind as it reads on the page of ``proposal``, before the name of the other."""
        turned = self.kind == self.Kind.NEEDS and proposal.pk == self.other_id
        return "Is needed by" if turned else self.get_kind_display()

    def beside(self, proposal: Proposal) -> Proposal:
        """The one of the two that is not ``proposal``."""
        return self.proposal if proposal.pk == self.other_id else self.other
