"""Handing one mail to the mail server."""

import smtplib
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from jobs.models import Message

FOR_GOOD = 500  # codes from here on say that another try will be refused too


class Refused(Exception):
    """The mail server will never take this message."""


def deliver(message: Message) -> None:
    """Hand the mail over, or raise: ``Refused`` when it will never go, anything else when later.

    Whether a server took a mail whose answer was lost cannot be known, so each try carries the same
    Message-ID: mail systems show it once.
    """
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.payload["text"],
        to=[message.recipient],
        headers={
            "Message-ID": message_id(message),
            "Date": format_datetime(message.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(message.payload["html"], "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _judged(code, answer, error) from error
    except smtplib.SMTPResponseException as error:
        raise _judged(error.smtp_code, error.smtp_error, error) from error


def message_id(message: Message) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.created_at:%Y%m%d%H%M%S%f}.{message.pk}@{domain}>"


def _judged(code: int, answer: bytes | str, error: Exception) -> Exception:
    """The server's own words for what it refuses for good; the error itself for what may pass.

    A refused sign-in is not the message's fault: it passes once the setting is mended.
    """
    if code < FOR_GOOD or isinstance(error, smtplib.SMTPAuthenticationError):
        return error
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return Refused(f"the mail server answered {code} {said}")
