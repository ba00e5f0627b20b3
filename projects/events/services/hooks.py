"""A webhook's life, and which event it is told of next."""

from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from jobs.models import Message
from jobs.services import outbox
from projects.audit.services import record
from projects.events.models import Webhook
from projects.events.selectors import (
    entries_after,
    event_of,
    key_of,
    newest_number,
    sent_to,
    sentence_of,
    unknown_types,
)
from projects.events.services.sending import check_address, secrets_of
from projects.notices.services import notify
from projects.people.models import User

WEBHOOK = Message.Kind.WEBHOOK
TAKEN = "There is a webhook of this name already. Choose another name."


def make_webhook(*, actor: User, webhook: Webhook) -> str:
    """Told of every event from now on. Returns its secret. Errors: the fields by name."""
    _require_administrator(actor)
    check_address(webhook.url)
    if unknown := unknown_types(webhook.types):
        raise ValidationError({"types": f"Unknown: {', '.join(unknown)}."})
    webhook.name = " ".join(webhook.name.split())
    webhook.created_by = actor
    webhook.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            webhook.seen = newest_number()
            webhook.save(force_insert=True)
            _note(actor, webhook, "webhook.make")
    except IntegrityError:
        raise ValidationError({"name": TAKEN}) from None
    return secrets_of(webhook)[0]


def rotate_secret(*, actor: User, webhook: Webhook) -> str:
    """A new secret; for a day both sign."""
    _require_administrator(actor)
    with transaction.atomic():
        hook = Webhook.objects.select_for_update().get(pk=webhook.pk)
        hook.generation, hook.rotated_at = hook.generation + 1, timezone.now()
        hook.save(update_fields=["generation", "rotated_at"])
        _note(actor, hook, "webhook.rotate")
    return secrets_of(hook)[0]


def send_test(*, actor: User, webhook: Webhook) -> None:
    """One event of the type ``test``, tried once."""
    _require_administrator(actor)
    now = timezone.now()
    event = {
        "id": f"evt_test_{token_hex(6)}",
        "type": "test",
        "version": 1,
        "timestamp": now.isoformat(),
        "data": {},
    }
    with transaction.atomic():
        outbox.post([_message(webhook, event, "Prioritizer can reach this channel.", test=True)])
        _note(actor, webhook, "webhook.test")


def end_webhook(*, actor: User, webhook: Webhook) -> None:
    """From now on it is told nothing; what happens meanwhile waits for it."""
    _require_administrator(actor)
    with transaction.atomic():
        if _end(webhook.pk, because=""):
            _note(actor, webhook, "webhook.off")


def resume_webhook(*, actor: User, webhook: Webhook) -> None:
    """It goes on with the event that it stopped at."""
    _require_administrator(actor)
    with transaction.atomic():
        resumed = Webhook.objects.filter(pk=webhook.pk).exclude(ended_at=None)
        if resumed.update(ended_at=None, ended_because=""):
            _note(actor, webhook, "webhook.on")
            for message in sent_to(webhook).filter(status=Message.Status.FAILED):
                outbox.resend(message)


def hand_over_all() -> int:
    """Put what each webhook is to be told next into the outbox; returns for how many."""
    live = Webhook.objects.filter(ended_at=None).values_list("pk", flat=True)
    return sum(hand_over(pk) for pk in live)


def hand_over(pk: int) -> bool:
    """The next event of one webhook, if the one before is delivered; whether there was one.

    One at a time keeps them in order. An event that could not be delivered ends the webhook.
    """
    with transaction.atomic():
        hook = Webhook.objects.select_for_update().filter(pk=pk, ended_at=None).first()
        if hook is None:
            return False
        newest = newest_number()
        last = sent_to(hook).first()
        if last is not None and last.is_active:
            return False
        if last is not None and last.status == Message.Status.FAILED:
            _end(pk, because=last.error)
            _tell(hook, last.error)
            return False
        entry = entries_after(hook.seen, hook.types).first()
        seen = newest if entry is None else entry.number
        if seen != hook.seen:
            Webhook.objects.filter(pk=pk).update(seen=seen)
        if entry is None:
            return False
        event = event_of(entry)
        outbox.post([_message(hook, event, sentence_of(event))])
    return True


def _message(hook: Webhook, event: dict[str, Any], sentence: str, *, test: bool = False) -> Message:
    """A message to the receiver. A test has a key of its own, so that nothing waits for it."""
    chat = {"text": f"{sentence} {settings.SITE_URL}{_page(event)}"}
    return Message(
        kind=WEBHOOK,
        key=f"{'test-' * test}{key_of(hook)}:{event['id']}",
        recipient=hook.url,
        subject=event["type"],
        payload={
            "webhook": hook.pk,
            "id": event["id"],
            "body": chat if hook.style == Webhook.Style.CHAT else event,
            "test": test,
        },
    )


def _page(event: dict[str, Any]) -> str:
    """Where people read about it."""
    proposal = event["data"].get("proposal")
    return reverse("proposal", args=[proposal]) if proposal else "/"


def _end(pk: int, *, because: str) -> bool:
    live = Webhook.objects.filter(pk=pk, ended_at=None)
    return live.update(ended_at=timezone.now(), ended_because=because) == 1


def _tell(hook: Webhook, error: str) -> None:
    """Word to who made it, and to whoever administers the house now."""
    people = User.objects.filter(is_superuser=True, is_active=True)
    notify(
        recipients=[*people, hook.created_by],
        text=f"The webhook “{hook}” is switched off: {error}",
        url=reverse("webhook", args=[hook.pk]),
    )


def _note(actor: User, webhook: Webhook, action: str) -> None:
    record(actor=actor, action=action, subject=f"webhook:{webhook.pk}")


def _require_administrator(actor: User) -> None:
    if not actor.is_superuser:
        raise PermissionDenied("Administrators keep webhooks.")
