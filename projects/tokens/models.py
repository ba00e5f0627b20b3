"""Tokens: how a program acts for a person."""

from django.db import models
from django.utils import timezone

from projects.people.models import User


class Token(models.Model):
    """A program's key to the API, with the rights of its person and no more.

    The key itself is shown once; the row keeps its digest. A token is revoked, never deleted.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"
        CALENDAR = "calendar", "Give deadlines to a calendar, and nothing else"
        FIGURES = "figures", "Give figures to a spreadsheet, and nothing else"

    # What opens the API. The key of any other stands in an address, and opens only what that names.
    OF_PROGRAMS = (Scope.READ, Scope.WRITE)

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=models.Q(revoked_at=None),
                name="one_live_token_of_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and not self.is_expired
