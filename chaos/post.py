"""Mail to a server that fails, hangs and takes mail that it denies."""

import random
from collections import Counter
from collections.abc import Iterable
from email.message import EmailMessage
from functools import cache
from uuid import uuid4

from aiosmtpd.controller import Controller

from chaos.site import free_port
from jobs.models import Message
from jobs.services import outbox
from jobs.services.mail import message_id
from tests.mailbox import NOT_NOW, TAKEN_BUT_DENIED, Answer, Mailbox

SECONDS = 2.0  # that the server thinks about a mail: long enough to be hit in the middle
TIMEOUT = 10  # of the product
MOODS = (NOT_NOW, TAKEN_BUT_DENIED, Answer(seconds=TIMEOUT + 2))  # the last one hangs
MOODY = 0.2  # how often it is not as it should be


class Moody(Mailbox):
    """Answers slowly, and now and then wrongly."""

    def next_answer(self) -> Answer:
        return random.choice(MOODS) if random.random() < MOODY else Answer(seconds=SECONDS)


@cache
def server() -> tuple[Moody, int]:
    """One for all workers, as long as this process lives."""
    mailbox, port = Moody(), free_port()
    Controller(mailbox, hostname="127.0.0.1", port=port).start()
    return mailbox, port


def ask_for_mail() -> int:
    """Write one mail into the outbox; returns its number."""
    key = f"chaos:{uuid4()}"
    message = Message(
        kind=Message.Kind.MAIL,
        key=key,
        recipient="somebody@house.example",
        subject=key,
        payload={"text": key, "html": f"<p>{key}</p>"},
    )
    outbox.post([message])
    return Message.objects.get(key=key).pk


def not_delivered_exactly_once(numbers: Iterable[int], mailbox: Mailbox) -> list[str]:
    """Messages that a mail system would not show exactly once, and mail without a message.

    Whether a killed worker's mail was taken can't be known, so it is handed over again, under the
    same Message-ID: the mails that carry it are one.
    """
    wrong, known = [], dict(Message.objects.values_list("subject", "pk"))
    shown = Counter(str(mail["Subject"]) for mail in _as_shown(mailbox))
    for message in Message.objects.filter(pk__in=list(numbers)):
        if message.status != Message.Status.DONE:
            wrong.append(f"message {message.pk} is {message.status}")
        elif shown[message.subject] != 1:
            wrong.append(f"message {message.pk} is shown {shown[message.subject]} times")
        elif message_id(message) not in mailbox.ids:
            wrong.append(f"message {message.pk} arrived under another name")
    return wrong + [f"mail {subject} has no cause" for subject in shown if subject not in known]


def _as_shown(mailbox: Mailbox) -> Iterable[EmailMessage]:
    return {str(mail["Message-ID"]): mail for mail in mailbox.mails}.values()
