"""Data that many tests begin with: made once per process, then put back row by row."""

import pickle
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from projects.immutability import unsealed
from scoring.models import FrameworkVersion

T = TypeVar("T")
Row = tuple[Any, ...]
Rows = dict[type[Model], list[Row]]

_KEPT: dict[str, "Kept"] = {}


@dataclass(frozen=True)
class Kept:
    """What was made, and the rows that making it added or changed."""

    made: bytes
    rows: Rows


def kept(name: str, make: Callable[[], T]) -> T:
    """What `make` makes; its rows are there afterwards. Each caller gets its own copy.

    Made through the services the first time, in a savepoint that is rolled back, so that the
    first test to ask begins with the same rows as every other. All who ask for one name must ask
    in the same state: in a database as the migrations leave it, or on top of the same kept data.
    """
    with transaction.atomic():
        if name not in _KEPT:
            _KEPT[name] = _keep(make)
        # Referring tables first (keys are checked at the end): what seals a row, such as the
        # framework's publication, is then not there yet.
        several = len(_KEPT[name].rows.get(FrameworkVersion, ())) > 1
        with unsealed() if several else nullcontext():  # only a vote adds one to one in force
            for model, rows in reversed(_KEPT[name].rows.items()):
                _put(model, rows)
    made: T = pickle.loads(_KEPT[name].made)  # noqa: S301 - pickled by the line above
    return made


def _keep(make: Callable[[], Any]) -> Kept:
    before = _everything()
    with transaction.atomic():
        made = make()
        after = _everything()
        transaction.set_rollback(True)
    new = {model: _unlike(rows, before[model]) for model, rows in after.items()}
    return Kept(pickle.dumps(made), {model: rows for model, rows in new.items() if rows})


def _unlike(rows: list[Row], known: list[Row]) -> list[Row]:
    there = set(known)
    return [row for row in rows if row not in there]


def _everything() -> Rows:
    """Every row as the driver gives it, which it also takes back."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f"SELECT {_columns(model)} FROM {_quoted(model._meta.db_table)}")  # noqa: S608
                found[model] = list(cursor.fetchall())
    return found


def _put(model: type[Model], rows: list[Row]) -> None:
    """A row that the migrations made and `make` changed takes its new values."""
    meta = model._meta
    key = meta.pk.column
    others = [field.column for field in meta.local_concrete_fields if field.column != key]
    changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in others)
    values = ", ".join(["%s"] * len(meta.local_concrete_fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_quoted(meta.db_table)} ({_columns(model)}) VALUES ({values}) "  # noqa: S608
            f"ON CONFLICT ({_quoted(key)}) DO UPDATE SET {changes}",
            rows,
        )


def _columns(model: type[Model]) -> str:
    return ", ".join(_quoted(field.column) for field in model._meta.local_concrete_fields)


def _quoted(name: str | None) -> str:
    if name is None:
        raise ValueError("A managed model has a table, and each of its fields a column")
    return connection.ops.quote_name(name)
