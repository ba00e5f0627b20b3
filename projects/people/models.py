"""Who works here: functions, teams and people."""

from datetime import timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone

INVITED_FOR = timedelta(days=7)


class Function(models.TextChoices):
    MARKETING = "marketing", "Marketing"
    CX = "cx", "CX"
    IT = "it", "IT/Data"
    FINANCE = "finance", "Finance"
    OTHER = "other", "Other"


class MailChoice(models.TextChoices):
    AT_ONCE = "at_once", "At once, one mail each"
    DAILY = "daily", "Once a day, at eight in the morning"
    OFF = "off", "Not at all"


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

    INVITED, EXPIRED, NOT_INVITED = "invited", "invitation expired", "not invited"

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    is_leader = models.BooleanField(
        "leader", default=False, help_text="May record decisions on the backlog."
    )

    is_service = models.BooleanField(
        "service account",
        default=False,
        help_text="A program, not a person: it reads with a token, and never signs in.",
    )

    invited_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when an invitation waits to be accepted; empty once it is.",
    )

    mail = models.CharField(
        "notifications by mail", max_length=7, choices=MailChoice, default=MailChoice.AT_ONCE
    )
    time_zone = models.CharField(max_length=40, blank=True)
    formats = models.CharField(
        "numbers and dates", max_length=5, blank=True, help_text="Empty: as the browser proposes."
    )

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_service=False)
                | models.Q(team=None, is_leader=False, is_superuser=False),
                name="a_service_has_no_rights_of_a_person",
                violation_error_message="A service account has no team and no rights of a person.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep which team somebody leaves: a conflict of interest does not end with the move."""
        fields, left = kwargs.get("update_fields"), None
        if self.pk and (fields is None or {"team", "team_id"} & set(fields)):
            before = User.objects.filter(pk=self.pk).exclude(team=self.team_id)
            left = before.values_list("team", flat=True).first()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if left is not None:
                PastTeam.objects.create(user=self, team_id=left)

    @property
    def zone(self) -> tzinfo:
        """Where the person reads clocks; the house's zone until they say."""
        return ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()

    @property
    def state(self) -> str:
        """Whether and how the person gets in, in a word."""
        if not self.is_active:
            return "switched off"
        if self.is_service:
            return "service account"
        if self.invited_at is None:
            known = self.has_usable_password() or self.last_login
            return "active" if known else self.NOT_INVITED
        return self.INVITED if self.invited_at > timezone.now() - INVITED_FOR else self.EXPIRED

    @property
    def function(self) -> str:
        """The function of the person's team, or an empty string."""
        return self.team.function if self.team else ""


class PastTeam(models.Model):
    """A team that somebody has left."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_teams")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="past_members")
    left_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["left_at", "id"]

    def __str__(self) -> str:
        return f"{self.user} left {self.team}"
