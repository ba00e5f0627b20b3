"""Webhooks to a receiver that fails, hangs and takes events that it denies."""

import atexit
import json
import random
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from itertools import count

from django.utils import timezone

from chaos.site import until
from jobs.models import Message
from projects.audit.services import record
from projects.events.selectors import key_of, newest_number, sent_to
from projects.events.services.sending import TIMEOUT
from projects.models import AuditEntry, User, Webhook
from tests.receiver import Receiver, receiving

SECONDS = 2.0  # that the receiver thinks about an event: long enough to be hit in the middle
MOODS = ((500, SECONDS), (200, TIMEOUT + 2))  # the last one hangs, and has taken it all the same
MOODY = 0.2  # how often it is not as it should be

runs, hooks = count(1), count(1)


class Moody(Receiver):
    """Answers slowly, and now and then wrongly."""

    def next_answer(self) -> tuple[int, float]:
        return random.choice(MOODS) if random.random() < MOODY else (200, SECONDS)


@cache
def receiver() -> Moody:
    """One for all workers, as long as this process lives."""
    found, until_the_end = Moody(), ExitStack()
    until_the_end.enter_context(receiving(found))
    atexit.register(until_the_end.close)
    return found


def new_hook() -> Webhook:
    """A webhook of this receiver, told of what happens from now on."""
    return Webhook.objects.create(
        name=f"Chaos {next(hooks)}",
        url=receiver().url,
        created_by=User.objects.order_by("pk")[0],
        seen=newest_number(),
    )


def ask_for_event(hook: Webhook) -> int:
    """Let something happen; returns the number of the message that tells it."""
    entry = record(actor=None, action="run.done", subject=f"run:{next(runs)}")
    key = f"{key_of(hook)}:evt_{entry.number}"
    until(lambda: Message.objects.filter(key=key).exists(), 120, "the scheduler")
    return Message.objects.get(key=key).pk


def end(hook: Webhook) -> None:
    """Workers at other work may call nothing inside the network, so it ends with its work."""
    Webhook.objects.filter(pk=hook.pk).update(ended_at=timezone.now())


def not_told_in_order(hook: Webhook, numbers: Iterable[int]) -> list[str]:
    """Events that never arrived, arrived before an earlier one, or have no cause."""
    arrived = [json.loads(body)["id"] for _, body in receiver().got]
    first = list(dict.fromkeys(arrived))
    told = [row.payload["id"] for row in Message.objects.filter(pk__in=list(numbers))]
    wrong = [f"{name} never arrived" for name in told if name not in first]
    caused = [f"evt_{number}" for number in AuditEntry.objects.values_list("number", flat=True)]
    wrong += [f"{name} has no cause" for name in set(first) - set(caused)]
    if first != sorted(first, key=lambda name: int(name.removeprefix("evt_"))):
        wrong.append("events arrived out of order")
    if sent_to(hook).filter(status=Message.Status.FAILED).exists():
        wrong.append("an event was given up")
    return wrong
