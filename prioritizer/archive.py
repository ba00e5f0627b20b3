"""The whole company as one folder: every table as CSV, what the columns mean, files, checksums.

The same folder is a backup and what somebody takes along who leaves. It comes back into an
installation of the same version, on SQLite or PostgreSQL, whichever it was made on.

A cell that is ``\\N`` is empty (NULL); a text that begins with a backslash has one more before it.
Dates are ISO 8601, bytes Base64, structures JSON.
"""

import base64
import csv
import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from projects.immutability import unsealed
from projects.models import User

FORMAT = 1
MANIFEST, SCHEMA, TABLES, FILES = "manifest.json", "schema.json", "tables", "files"
AT_ONCE = 500
NULL, ESCAPE = "\\N", "\\"
Model = type[models.Model]


class ArchiveError(Exception):
    """The sentence says what to mend."""


def write_archive(folder: Path) -> dict[str, Any]:
    """Write everything as it is at one moment; returns the manifest."""
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveError(f"{folder} is not empty. Name a folder that is, or a new one.")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ArchiveError("The database is of an earlier version: run manage.py migrate first.")
    (folder / TABLES).mkdir(mode=0o700, parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with _one_moment():
        taken_at = timezone.now()
        for model in _models():
            rows[model._meta.db_table] = _write_table(model, folder / TABLES)
        migrations = _migrations()
    _write_json(folder / SCHEMA, {model._meta.db_table: _columns(model) for model in _models()})
    if settings.MEDIA_ROOT.exists():
        shutil.copytree(settings.MEDIA_ROOT, folder / FILES)
    manifest = {
        "format": FORMAT,
        "taken_at": taken_at.isoformat(),
        "database": connection.vendor,
        "secret_key": _key_fingerprint(),
        "migrations": migrations,
        "rows": rows,
        "sha256": _checksums(folder),
    }
    _write_json(folder / MANIFEST, manifest)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, once every file is as it was written and fits this installation."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArchiveError(f"{folder} has no {MANIFEST}, so it is no backup.") from None
    except ValueError as error:
        raise ArchiveError(f"{MANIFEST} cannot be read: {error}.") from None
    if manifest.get("format") != FORMAT:
        raise ArchiveError("This backup is of another version. Restore it with the one it names.")
    found = _checksums(folder)
    for name, digest in manifest["sha256"].items():
        if found.get(name) != digest:
            raise ArchiveError(f"{name} is missing or was changed. Take another backup.")
    unknown = sorted(set(manifest["migrations"]) ^ set(_migrations()))
    if unknown:
        raise ArchiveError(
            f"This backup is of another version ({unknown[0]}). Install that version, restore, "
            "and upgrade then."
        )
    return manifest


def is_same_key(manifest: dict[str, Any]) -> bool:
    return bool(manifest["secret_key"] == _key_fingerprint())


def read_archive(folder: Path) -> dict[str, int]:
    """Bring a backup into an empty installation, all or nothing; returns rows by table."""
    manifest = read_manifest(folder)
    if User.objects.exists():
        raise ArchiveError("Somebody is here already. Restore into an empty installation.")
    tables = _models()
    with transaction.atomic(), unsealed(), connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)}")  # noqa: S608
        for model in tables:
            _read_table(model, folder / TABLES, cursor)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    if (folder / FILES).exists():
        shutil.copytree(folder / FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)
    rows: dict[str, int] = manifest["rows"]
    return rows


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything that is read inside is as it was when it began; nobody waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        # Django's own begin takes the lock of a writer.
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _models() -> list[Model]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _write_table(model: Model, folder: Path) -> int:
    fields, count = model._meta.local_concrete_fields, 0
    with (folder / f"{model._meta.db_table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(field.column for field in fields)
        rows = model._default_manager.order_by("pk").values_list(*(f.attname for f in fields))
        for row in rows.iterator(chunk_size=AT_ONCE):
            writer.writerow([_cell(*pair) for pair in zip(fields, row, strict=True)])
            count += 1
    return count


def _read_table(model: Model, folder: Path, cursor: Any) -> None:
    fields = model._meta.local_concrete_fields
    csv.field_size_limit(sys.maxsize)
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = _quoted(model._meta.db_table)
    insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    with (folder / f"{model._meta.db_table}.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        batch = []
        for row in reader:
            batch.append([_value(*pair) for pair in zip(fields, row, strict=True)])
            if len(batch) == AT_ONCE:
                cursor.executemany(insert, batch)
                batch = []
        if batch:
            cursor.executemany(insert, batch)


def _cell(field: Any, value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(field, models.JSONField):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    elif isinstance(value, bytes | memoryview):
        text = base64.b64encode(value).decode()
    elif isinstance(value, datetime | date):
        text = value.isoformat()
    else:
        text = str(value)
    return ESCAPE + text if text.startswith(ESCAPE) else text


def _value(field: Any, text: str) -> Any:
    """As the driver takes it."""
    if text == NULL:
        return None
    text = text.removeprefix(ESCAPE)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    value: Any
    if isinstance(field, models.JSONField):
        value = json.loads(text)
    elif isinstance(field, models.BinaryField):
        value = base64.b64decode(text)
    else:
        value = field.to_python(text)
    return field.get_db_prep_save(value, connection)


def _columns(model: Model) -> list[dict[str, Any]]:
    """What somebody who reads the files must know of each column."""
    return [
        {
            "column": field.column,
            "type": field.get_internal_type(),
            "empty": field.null,
            "refers_to": field.related_model._meta.db_table if field.related_model else None,
            "meaning": str(field.help_text or field.verbose_name),
        }
        for field in model._meta.local_concrete_fields
    ]


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _key_fingerprint() -> str:
    return salted_hmac("prioritizer.archive", "secret key").hexdigest()


def _checksums(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(str(name)))
