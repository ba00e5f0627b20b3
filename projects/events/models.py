"""Webhooks: where events are sent as they happen."""

from typing import ClassVar

from django.db import models

from projects.people.models import User


class Webhook(models.Model):
    """An address outside that is told of events, one after the other.

    ``seen`` is the number of the last audit entry that was handed over to the outbox, or passed.
    Secrets are no rows: they follow from the secret key and ``generation``.
    """

    class Style(models.TextChoices):
        EVENTS = "events", "Events, signed (Standard Webhooks)"
        CHAT = "chat", "A sentence for a channel of Slack or Teams"

    LONGEST: ClassVar[int] = 254  # letters of an address, as a message keeps it

    name = models.CharField(max_length=60)
    url = models.CharField("address", max_length=LONGEST)
    style = models.CharField("sends", max_length=6, choices=Style, default=Style.EVENTS)
    types = models.JSONField("only these events", default=list, blank=True)
    seen = models.PositiveBigIntegerField(default=0)
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField("off since", null=True, blank=True)
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="one_webhook_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
