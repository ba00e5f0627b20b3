"""Who works here: functions, teams and people."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Function(models.TextChoices):
    MARKETING = "marketing", "Marketing"
    CX = "cx", "CX"
    IT = "it", "IT/Data"
    FINANCE = "finance", "Finance"
    OTHER = "other", "Other"


class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)
    function = models.CharField(max_length=12, choices=Function)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person. What they may do follows from the team, a panel seat and the two flags.

    Panel seats live with the panel; ``is_superuser`` marks the administrator.
    """

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    is_leader = models.BooleanField(
        "leader", default=False, help_text="May record decisions on the backlog."
    )

    class Meta(AbstractUser.Meta):
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def function(self) -> str:
        """The function of the person's team, or an empty string."""
        return self.team.function if self.team else ""
