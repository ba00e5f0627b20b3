"""Webhooks: made, told, tested, switched off and on; and how one message reaches its receiver."""

from projects.events.services.hooks import (
    end_webhook,
    hand_over,
    hand_over_all,
    make_webhook,
    resume_webhook,
    rotate_secret,
    send_test,
)
from projects.events.services.sending import deliver, secrets_of

__all__ = [
    "deliver",
    "end_webhook",
    "hand_over",
    "hand_over_all",
    "make_webhook",
    "resume_webhook",
    "rotate_secret",
    "secrets_of",
    "send_test",
]
