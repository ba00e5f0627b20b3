"""Making webhooks, letting things happen, and a worker that tells of them."""

from typing import Any

from django.utils import timezone

from jobs.models import Message
from jobs.services import outbox
from projects.audit.services import record
from projects.events.services import hand_over_all, make_webhook
from projects.models import Webhook
from tests.company import Company
from tests.receiver import Receiver


def made(company: Company, receiver: Receiver, **values: Any) -> tuple[Webhook, str]:
    hook = Webhook(**{"name": "Tracker", "url": receiver.url} | values)
    return hook, make_webhook(actor=company.admin, webhook=hook)


def happened(number: int, action: str = "run.done", subject: str = "run") -> None:
    record(actor=None, action=action, subject=f"{subject}:{number}")


def delivered() -> None:
    """A worker that takes what is due, as long as anything is, as time goes by."""
    hand_over_all()
    while message := Message.objects.filter(
        kind="webhook", status__in=("queued", "running")
    ).first():
        Message.objects.filter(pk=message.pk).update(lease_until=timezone.now())
        outbox.deliver(message_id=message.pk)
        hand_over_all()
