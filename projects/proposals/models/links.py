"""What two proposals have to do with each other when money is given."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from projects.people.models import User
from projects.proposals.models.proposals import Proposal


class Link(models.Model):
    """One bond between two proposals. It is no part of the text that the owners sign.

    ``needs`` and ``part`` run from ``proposal`` to ``other``; the rest reads the same both ways.
    ``part`` is a merge: it is asked for until the owners of both have agreed, and done then.
    """

    class Kind(models.TextChoices):
        NEEDS = "needs", "Needs"
        TOGETHER = "together", "Only together with"
        EXCLUDES = "excludes", "Not together with"
        PART = "part", "Becomes part of"

    # What a plan obeys.
    BINDING = (Kind.NEEDS, Kind.TOGETHER, Kind.EXCLUDES)

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField("how they belong together", max_length=8, choices=Kind)
    other = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="linked_from")
    because = models.CharField("why", max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    merged_at = models.DateTimeField(null=True, blank=True, help_text="Of a merge that is done.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(proposal=F("other")), name="link_of_two"),
            models.UniqueConstraint(
                Least("proposal", "other"), Greatest("proposal", "other"), name="one_link_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(merged_at__isnull=True) | Q(kind="part"), name="only_a_merge_is_merged"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.reference} {self.get_kind_display().lower()} {self.other.reference}"

    def words_for(self, proposal: Proposal) -> str:
        """The kind as it reads on the page of ``proposal``, before the name of the other."""
        turned = proposal.pk == self.other_id
        if self.kind == self.Kind.PART:
            words = ("Became part of", "Took in")
            asked = ("Asked to become part of", "Asked to take in")
            return (asked if self.is_asked else words)[turned]
        if turned and self.kind == self.Kind.NEEDS:
            return "Is needed by"
        return self.get_kind_display()

    def beside(self, proposal: Proposal) -> Proposal:
        """The one of the two that is not ``proposal``."""
        return self.proposal if proposal.pk == self.other_id else self.other

    @property
    def is_asked(self) -> bool:
        """Whether it is a merge that its owners have not all agreed to."""
        return self.kind == self.Kind.PART and self.merged_at is None

    @property
    def awaited(self) -> list[User]:
        """Whose word a merge still waits for, each once."""
        if not self.is_asked:
            return []
        said = {agreement.person_id for agreement in self.agreements.all()}
        owners = {owner.pk: owner for end in (self.proposal, self.other) for owner in end.owners}
        return [owner for key, owner in owners.items() if key not in said]


class Agreement(models.Model):
    """An owner's yes to a merge."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="agreements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["link", "person"], name="one_agreement_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.link}"
