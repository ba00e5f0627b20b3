"""An installation begins with one step per app; one that went by single steps has nothing to do."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OURS = ("jobs", "projects", "scoring")


def first(loader: MigrationLoader) -> dict[str, Any]:
    """What each app of ours begins with."""
    return {app: loader.disk_migrations[loader.graph.root_nodes(app)[0]] for app in OURS}


@pytest.mark.django_db
def test_a_database_that_went_by_the_steps_has_nothing_to_do() -> None:
    for app, migration in first(MigrationLoader(connection)).items():
        MigrationRecorder(connection).record_unapplied(app, migration.name)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("app", OURS)
def test_a_database_that_lacks_one_of_the_steps_is_told_so_and_left_alone(app: str) -> None:
    """The version that still has the steps takes it further."""
    recorder = MigrationRecorder(connection)
    begin = first(MigrationLoader(connection))[app]
    for name in (begin.replaces[-1][1], begin.name):
        recorder.record_unapplied(app, name)
    before = recorder.applied_migrations().keys()
    with pytest.raises(CommandError, match="of a version before 30 November 2026"):
        call_command("migrate", verbosity=0)
    assert recorder.applied_migrations().keys() == before
