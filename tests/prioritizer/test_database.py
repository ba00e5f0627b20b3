"""The database is set up as the reliability of the product needs it."""

import pytest
from django.db import connection


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_writes_ahead_and_waits() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_gives_up_in_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)
