"""A fresh installation and one of before end alike, whatever steps they went by."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OURS = ("jobs", "projects", "scoring")


def first(loader: MigrationLoader) -> dict[str, Any]:
    """What each app of ours begins with."""
    return {app: loader.disk_migrations[loader.graph.root_nodes(app)[0]] for app in OURS}


@pytest.mark.django_db
def test_the_single_steps_lead_where_the_first_one_does() -> None:
    whole = MigrationLoader(connection)
    ends = [(app, first(whole)[app].name) for app in OURS]
    steps = MigrationLoader(connection, replace_migrations=False)
    replaced = [first(whole)[app].replaces[-1] for app in OURS]
    old, new = steps.graph.make_state(replaced), whole.graph.make_state(ends)
    changes = MigrationAutodetector(old, new).changes(steps.graph)
    assert {app: changes.get(app, []) for app in OURS} == {app: [] for app in OURS}


@pytest.mark.django_db
def test_a_database_that_went_by_the_steps_has_nothing_to_do() -> None:
    for app, migration in first(MigrationLoader(connection)).items():
        MigrationRecorder(connection).record_unapplied(app, migration.name)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db
def test_a_database_on_its_way_goes_on_by_the_steps() -> None:
    """Such as one that lacks the two last steps of scoring."""
    recorder, loader = MigrationRecorder(connection), MigrationLoader(connection)
    begin, after = (
        first(loader)["scoring"],
        [key for key in loader.graph.nodes if key[0] == "scoring" and key[1] > "0028"],
    )
    missing = [*begin.replaces[-2:], *sorted(after)]
    for app, name in [*missing, ("scoring", begin.name)]:
        recorder.record_unapplied(app, name)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert [(migration.app_label, migration.name) for migration, _ in plan] == missing
