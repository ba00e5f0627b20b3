"""A real mail server on loopback that can be told to misbehave."""

import asyncio
import email
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one mail, whether it keeps it, and how long it takes to say so."""

    reply: str = "250 taken"
    keeps: bool = True
    seconds: float = 0.0


TAKEN = Answer()
NOT_NOW = Answer("451 try again later", keeps=False)
TAKEN_BUT_DENIED = Answer("451 something went wrong after it was taken")
NEVER = Answer("554 this is not welcome here", keeps=False)


@dataclass
class Mailbox:
    """What arrived. ``answers`` are used up one by one; without one left, mail is taken."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return "550 nobody here of that name"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.next_answer()
        await asyncio.sleep(answer.seconds)
        if answer.keeps:
            assert isinstance(envelope.content, bytes)
            mail = email.message_from_bytes(envelope.content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return answer.reply

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if self.answers else TAKEN

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@contextmanager
def mail_server(mailbox: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
