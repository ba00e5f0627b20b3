"""The seals survive migrations that rebuild their tables."""

import pytest
from django.core.management import call_command
from django.db import connection

from prioritizer.apps import SEALS_OF_JOBS as OF_JOBS
from projects.apps import SEALS as OF_PROJECTS
from scoring.seals import SEALS as OF_SCORING

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def found() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_seals_survive_a_migration_back_and_forth() -> None:
    declared = {
        f"{seal.table}_no_{event}"
        for seal in [*OF_JOBS, *OF_PROJECTS, *OF_SCORING]
        for event, _ in seal.conditions(connection.vendor)
    }
    assert found() == declared
    call_command("migrate", "scoring", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    assert found() == declared
