from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from projects.people.models import Team


class Seat(models.Model):
    """A place on the panel. The chair curates the framework.

    A seat's function is that of the holder's team.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="seat",
        limit_choices_to={"is_service": False},
    )
    is_chair = models.BooleanField("chair", default=False, help_text="May edit the framework.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: past scores stay."
    )

    until = models.DateField(
        "end of term",
        null=True,
        blank=True,
        help_text="The last day of the term. Leave empty for a seat without an end.",
    )

    class Meta:
        ordering = ["user__username"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_held(self) -> bool:
        """Neither given up nor over."""
        over = self.until is not None and self.until < timezone.localdate()
        return self.is_active and not over


class DeclaredConflict(models.Model):
    """That somebody on the panel is tied to a person or a team. It can end, and is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declared_conflicts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    declared_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-declared_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(team__isnull=True),
                name="conflict_with_a_person_or_a_team",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_a_reason"),
            *(
                models.UniqueConstraint(
                    fields=["user", subject],
                    condition=Q(ended_at__isnull=True),
                    name=f"one_open_conflict_with_a_{subject}",
                )
                for subject in ("person", "team")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject}"

    @property
    def subject(self) -> str:
        return str(self.person or self.team)
