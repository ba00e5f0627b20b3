"""The outbox: what leaves the house is a row written with its cause, and a worker delivers it.

A message is sent from no request and lost with no batch (docs/decisions/0011).
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from jobs.models import Message
from jobs.services import mail
from jobs.services.bell import ring
from jobs.services.leases import Lease, LostLease, claim

logger = logging.getLogger(__name__)

# How a message of each kind is handed over, and what follows once it was; others add to them.
DELIVER: dict[Message.Kind, Callable[[Message], None]] = {Message.Kind.MAIL: mail.deliver}
AFTER: dict[Message.Kind, Callable[[Message], object]] = {}


def mail_to(
    recipient: str, *, key: str, subject: str, template: str, secret: bool = False, **context: Any
) -> Message:
    """A mail, not posted yet. ``template`` is its plain text; the HTML is made from that text."""
    text = render_to_string(template, context).strip() + "\n"
    return Message(
        kind=Message.Kind.MAIL,
        key=key,
        recipient=recipient,
        subject=" ".join(subject.split())[:200],
        payload={"text": text, "html": render_to_string("jobs/mail.html", {"text": text})},
        secret=secret,
    )


def post(messages: Iterable[Message]) -> None:
    """Put messages into the outbox, in the caller's transaction; a known key is left alone."""
    with transaction.atomic():
        rows = list(messages)
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        keys = [row.key for row in rows]
        transaction.on_commit(lambda: _ring(keys))


def deliver(*, message_id: int) -> bool:
    """Deliver one message, if it is due. False when somebody else has it or it did not go out."""
    lease = claim(Message, message_id)
    if lease is None:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        with lease.kept():
            lease.write(stage=Message.first_stage)  # a worker that was frozen learns of it here
            DELIVER[Message.Kind(message.kind)](message)
            _finish(message, lease)
    except LostLease:
        logger.warning("message %s: lease lost, its end is dropped", message_id)
        return False
    except mail.Refused as error:
        lease.refuse(str(error))
        return False
    except OSError as error:  # the network, the mail server's no for now
        lease.give_back(error, said=f"{type(error).__name__}, {error}")
        return False
    except Exception as error:
        lease.give_back(error)
        raise
    if after := AFTER.get(Message.Kind(message.kind)):
        after(message)
    return True


def resend(message: Message) -> bool:
    """Let a message that failed be tried anew; False where it did not fail, or not any more."""
    changed = Message.objects.filter(pk=message.pk, status=Message.Status.FAILED).update(
        status=Message.Status.QUEUED, attempt=0, error="", dispatched_at=None, finished_at=None
    )
    transaction.on_commit(lambda: _ring([message.key]))
    return changed == 1


def _finish(message: Message, lease: Lease) -> None:
    lease.finish(error="", **({"payload": {}} if message.secret else {}))


def _ring(keys: list[str]) -> None:
    """Ring as long as the queue answers; the dispatcher rings for the rest."""
    due = Message.objects.filter(key__in=keys, status=Message.Status.QUEUED, dispatched_at=None)
    for pk in due.order_by("pk").values_list("pk", flat=True):
        if not ring(Message, pk):
            return
