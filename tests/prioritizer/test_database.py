"""The database is set up as the product's reliability needs it."""

import threading

import pytest
from django.db import connection, transaction


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_writes_ahead_and_waits_for_locks():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_takes_the_write_lock_when_a_transaction_begins(django_user_model):
    """Read-then-write in two transactions at once: the second waits instead of failing."""
    person = django_user_model.objects.create(username="ann")
    reading = threading.Barrier(2, timeout=10)
    failures = []

    def rename(wait):
        try:
            wait()
            with transaction.atomic():
                found = django_user_model.objects.get(pk=person.pk)
                wait()
                found.first_name += "x"
                found.save(update_fields=["first_name"])
        except Exception as error:  # noqa: BLE001 - handed to the assertion
            failures.append(error)
        finally:
            connection.close()

    # The first holds its transaction open until the second is about to begin.
    first = threading.Thread(target=rename, args=(reading.wait,))
    second = threading.Thread(target=rename, args=(lambda: None,))
    first.start()
    reading.wait()
    second.start()
    reading.wait()
    first.join()
    second.join()
    person.refresh_from_db()
    assert (failures, person.first_name) == ([], "xx")


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgres_gives_up_in_time():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("30s",)
