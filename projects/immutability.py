"""Database triggers that refuse changes to sealed rows, for use in migrations.

Code can be wrong or bypassed; these rows are what decisions rest on. Deletion is refused on
PostgreSQL only: SQLite, the embedded default, has no TRUNCATE, so tests could not clean up.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython


def seal(table: str, *, when: str = "", insert_when: str = "") -> RunPython:
    """Refuse UPDATE (and DELETE) of rows in ``table`` where the SQL condition ``when`` holds.

    ``when`` may name columns of ``OLD`` and ``NEW``; empty means always. ``insert_when`` adds the
    same for INSERT, on ``NEW``.
    """
    events = [("update", when or "1 = 1")]
    if insert_when:
        events.append(("insert", insert_when))

    def forwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for event, condition in events:
            for statement in _create(editor.connection.vendor, table, event, condition):
                editor.execute(statement)
        if editor.connection.vendor == "postgresql" and "NEW." not in when:
            for statement in _create("postgresql", table, "delete", when or "1 = 1"):
                editor.execute(statement)

    def backwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for event in ("update", "insert", "delete"):
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")

    return RunPython(forwards, backwards)


def _create(vendor: str, table: str, event: str, condition: str) -> list[str]:
    name = f"{table}_no_{event}"
    message = f"{table} is sealed: {event} refused"
    if vendor == "sqlite":
        trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}"
        return [f"{trigger} BEGIN SELECT RAISE(ABORT, '{message}'); END"]
    returned = "OLD" if event == "delete" else "NEW"
    refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"BEGIN IF {condition} THEN {refusal}; END IF; RETURN {returned}; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $${body}$$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
