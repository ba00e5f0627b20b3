"""Database triggers that refuse changes to sealed rows.

Code can be wrong or bypassed; these rows are what decisions rest on. The seals are taken off
before migrations change the tables and put on again after them: SQLite rebuilds a table to alter
it, and would lose its triggers silently. Deletion is refused on PostgreSQL only: SQLite, the
embedded default, has no TRUNCATE, so tests could not clean up.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate, pre_migrate

EVENTS = ("update", "insert", "delete")
_SEALED: "dict[str, Sequence[Seal]]" = {}


@dataclass(frozen=True, slots=True)
class Seal:
    """Refuse UPDATE (and DELETE) of rows in ``table`` where the SQL condition ``when`` holds.

    ``when`` may name columns of ``OLD`` and ``NEW``. ``insert_when`` adds the same for INSERT, on
    ``NEW``.
    """

    table: str
    when: str = "1 = 1"
    insert_when: str = ""

    def conditions(self, vendor: str) -> Iterable[tuple[str, str]]:
        yield "update", self.when
        if self.insert_when:
            yield "insert", self.insert_when
        if vendor == "postgresql" and "NEW." not in self.when:
            yield "delete", self.when


def keep_sealed(app: AppConfig, seals: Sequence[Seal]) -> None:
    """Keep the tables of ``app`` sealed through all migrations. Call it from ``ready``."""

    def take_off(using: str, plan: Sequence[Any] = (), **_kwargs: Any) -> None:
        if plan:
            _execute(using, seals, _dropped)

    def put_on(using: str, plan: Sequence[Any] = (), **_kwargs: Any) -> None:
        if plan:
            _execute(using, seals, _dropped)
            _execute(using, seals, _created)

    _SEALED[app.name] = seals
    uid = f"seals of {app.name}"
    pre_migrate.connect(take_off, sender=app, weak=False, dispatch_uid=uid)
    post_migrate.connect(put_on, sender=app, weak=False, dispatch_uid=uid)


@contextmanager
def unsealed(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """No row is sealed inside, for a restore; call it in the transaction that must seal again."""
    seals = [seal for kept in _SEALED.values() for seal in kept]
    _execute(using, seals, _dropped)
    yield
    _execute(using, seals, _created)


def _execute(using: str, seals: Sequence[Seal], statements: Any) -> None:
    connection = connections[using]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for seal in seals:
            for statement in statements(connection.vendor, seal) if seal.table in there else ():
                cursor.execute(statement)


def _dropped(vendor: str, seal: Seal) -> Iterable[str]:
    on = f" ON {seal.table}" if vendor == "postgresql" else ""
    return (f"DROP TRIGGER IF EXISTS {seal.table}_no_{event}{on}" for event in EVENTS)


def _created(vendor: str, seal: Seal) -> Iterable[str]:
    for event, condition in seal.conditions(vendor):
        name = f"{seal.table}_no_{event}"
        message = f"{seal.table} is sealed: {event} refused"
        head = f"CREATE TRIGGER {name} BEFORE {event} ON {seal.table} FOR EACH ROW"
        if vendor == "sqlite":
            yield f"{head} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            continue
        returned = "OLD" if event == "delete" else "NEW"
        refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
        body = f"BEGIN IF {condition} THEN {refusal}; END IF; RETURN {returned}; END"
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${body}$$ LANGUAGE plpgsql"
        yield f"{head} EXECUTE FUNCTION {name}()"
