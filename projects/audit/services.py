"""The audit trail: append a row in the caller's transaction, verify the chain."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from projects.audit.models import AuditEntry, AuditHead

Row = tuple[str, dict[str, Any]]  # what an entry is about, and its data


def record(*, actor: AbstractBaseUser | None, action: str, subject: str, **data: Any) -> AuditEntry:
    """Append one entry to the chain. Must run inside the transaction of what it records."""
    return record_each(actor=actor, action=action, rows=[(subject, data)])[0]


def record_each(
    *, actor: AbstractBaseUser | None, action: str, rows: Iterable[Row]
) -> list[AuditEntry]:
    """Append one entry for each (subject, data), as ``record`` does for one."""
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        # Writers queue on this one row, so numbers have no gaps and digests chain.
        head = AuditHead.objects.select_for_update().get(pk=1)
        entries = []
        for subject, data in rows:
            entry = AuditEntry(
                number=head.number + 1,
                at=timezone.now(),
                actor_id=None if actor is None else actor.pk,
                action=action,
                subject=subject,
                data=data,
            )
            entry.digest = _digest(head.digest, entry)
            head.number, head.digest = entry.number, entry.digest
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries)
        head.save(update_fields=["number", "digest"])
    return entries


def head_digest() -> str:
    """What the newest entry ends in; "nothing" where there is none.

    Kept elsewhere, it shows a trail that was written anew as a whole.
    """
    head = AuditHead.objects.filter(pk=1).first()
    return head.digest if head else "nothing"


def broken_entries() -> tuple[int, list[int]]:
    """(entries read, numbers of entries that do not follow from the one before)."""
    previous, count, broken = "0" * 64, 0, []
    for entry in AuditEntry.objects.order_by("number").iterator():
        count += 1
        if entry.number != count or entry.digest != _digest(previous, entry):
            broken.append(entry.number)
        previous = entry.digest
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.number, head.digest) != (count, previous):
        broken.append(head.number)
    return count, broken


def _digest(previous: str, entry: AuditEntry) -> str:
    body = {
        "previous": previous,
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "data": json.loads(json.dumps(entry.data, cls=DjangoJSONEncoder)),
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
