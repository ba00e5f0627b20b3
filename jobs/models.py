"""What every job row has, whatever it does (docs/decisions/0002), and the outbox (0011)."""

from datetime import timedelta
from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Job(models.Model):
    """Work whose truth is its row: who holds it, until when, how often it was tried.

    Each kind of job names its Celery task (without one, nobody rings for it by itself), what it
    begins with, and what people read when all tries came to nothing.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    task: ClassVar[str] = ""
    first_stage: ClassVar[str] = ""
    gave_up: ClassVar[str] = ""
    tries: ClassVar[int] = 3

    created_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    owner_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def pause_after(cls, attempt: int) -> timedelta:  # noqa: ARG003 - the same for every try
        """How long a failed try waits for the next one."""
        return timedelta()

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def took(self) -> float | None:
        """Seconds from the first claim to the end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Message(Job):
    """Something that leaves the house: written with its cause, delivered once, kept.

    ``key`` names the cause, so that one cause never makes two. What is ``secret``, such as a link
    that signs somebody in, is forgotten once it is delivered.
    """

    class Kind(models.TextChoices):
        MAIL = "mail", "E-mail"
        WEBHOOK = "webhook", "Webhook"

    task = "jobs.deliver"
    first_stage = "Sending"
    gave_up = "The message could not be delivered."
    tries = 18
    FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(max_length=254, help_text="The address it goes to.")
    subject = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    secret = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "lease_until"], name="message_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.recipient}: {self.subject}"

    @classmethod
    def pause_after(cls, attempt: int) -> timedelta:
        """Four times as long after each try: all of them together take three days."""
        return min(cls.FIRST_PAUSE * 4.0 ** (attempt - 1), cls.LONGEST_PAUSE)
