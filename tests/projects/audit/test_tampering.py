"""A thousand ways to touch the trail in the database, each of which is found."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.db import transaction
from django.db.models import F

from projects.audit.services import broken_entries, record
from projects.models import AuditEntry, AuditHead, User
from tests.company import Company, without_seal

ENTRIES, TIMES = 40, 1_000
Tamper = Callable[[Random, list[AuditEntry], list[User]], object]


def update(entry: AuditEntry, **values: object) -> int:
    return AuditEntry.objects.filter(pk=entry.pk).update(**values)


def another_actor(dice: Random, entry: AuditEntry, people: list[User]) -> None:
    others = [person.pk for person in people if person.pk != entry.actor_id]
    update(entry, actor=dice.choice([*others, None] if entry.actor_id else others))


def another_digest(dice: Random, entry: AuditEntry) -> None:
    place = dice.randrange(64)
    sign = dice.choice([one for one in "0123456789abcdef" if one != entry.digest[place]])
    update(entry, digest=entry.digest[:place] + sign + entry.digest[place + 1 :])


def swapped(dice: Random, entries: list[AuditEntry]) -> None:
    """Two entries change places, digests left where they belong."""
    one, other = dice.sample(entries, 2)
    update(one, number=0)
    update(other, number=one.number)
    update(one, number=other.number)


def once_more(entry: AuditEntry) -> None:
    """A copy of an entry slips in behind it, and all after it move up."""
    later = AuditEntry.objects.filter(number__gt=entry.number)
    later.update(number=F("number") + 1_000_000)
    AuditEntry.objects.create(
        number=entry.number + 1,
        at=entry.at,
        actor_id=entry.actor_id,
        action=entry.action,
        subject=entry.subject,
        data=entry.data,
        digest=entry.digest,
    )
    AuditEntry.objects.filter(number__gt=1_000_000).update(number=F("number") - 1_000_000 + 1)


def gone(entry: AuditEntry) -> None:
    AuditEntry.objects.filter(pk=entry.pk).delete()


def cut_off(entry: AuditEntry) -> None:
    """This and all later ones are gone, as if they had never been."""
    AuditEntry.objects.filter(number__gte=entry.number).delete()


def moved_in_time(dice: Random, entry: AuditEntry) -> None:
    by = timedelta(microseconds=dice.randint(1, 10**12))
    update(entry, at=entry.at + dice.choice([-by, by]))


def head_of_before(dice: Random, entries: list[AuditEntry]) -> None:
    earlier = dice.choice(entries[:-1])
    AuditHead.objects.update(number=earlier.number, digest=earlier.digest)


TAMPERINGS: dict[str, Tamper] = {
    "at": lambda dice, entries, _: moved_in_time(dice, dice.choice(entries)),
    "actor": lambda dice, entries, people: another_actor(dice, dice.choice(entries), people),
    "action": lambda dice, entries, _: update(dice.choice(entries), action=f"x{dice.random()}"),
    "subject": lambda dice, entries, _: update(dice.choice(entries), subject=f"x{dice.random()}"),
    "data": lambda dice, entries, _: update(dice.choice(entries), data={"n": dice.random()}),
    "no data": lambda dice, entries, _: update(dice.choice(entries), data={}),
    "digest": lambda dice, entries, _: another_digest(dice, dice.choice(entries)),
    "number": lambda dice, entries, _: update(dice.choice(entries), number=dice.randint(41, 10**6)),
    "gone": lambda dice, entries, _: gone(dice.choice(entries)),
    "cut off": lambda dice, entries, _: cut_off(dice.choice(entries)),
    "swapped": lambda dice, entries, _: swapped(dice, entries),
    "once more": lambda dice, entries, _: once_more(dice.choice(entries)),
    "head": lambda dice, entries, _: head_of_before(dice, entries),
}


def test_a_thousand_tamperings_are_found(
    company: Company, record_property: Callable[[str, object], None]
) -> None:
    people = [company.marketing, company.cx, company.leader]
    for number in range(ENTRIES):
        actor = (*people, None)[number % 4]
        record(actor=actor, action="test", subject=f"proposal:{number}", n=number, text="as it was")
    count, broken = broken_entries()
    assert broken == []
    without_seal("projects_auditentry")
    entries, tried = list(AuditEntry.objects.order_by("number")), Counter[str]()
    dice = Random(1)  # noqa: S311 - no secret
    for _ in range(TIMES):
        name = dice.choice(list(TAMPERINGS))
        with transaction.atomic():
            TAMPERINGS[name](dice, entries, people)
            assert broken_entries()[1], name
            transaction.set_rollback(True)
        tried[name] += 1
    assert broken_entries() == (count, [])
    assert set(tried) == set(TAMPERINGS)
    record_property("tamperings of the audit trail found", sum(tried.values()))
