"""Django's ``migrate``, which first looks whether the way to here is still there."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a database that lacks some of the single steps that a first migration replaces:
        those are gone, and what follows would meet other tables.
        """
        loader = MigrationLoader(connections[options["database"]])
        for migration in loader.replacements.values():
            there = [step in loader.applied_migrations for step in migration.replaces]
            if any(there) and not all(there):
                raise CommandError(
                    "This database is of a version before 30 November 2026. Install the version "
                    "of that day, migrate, and upgrade then. Nothing was changed."
                )
        super().handle(*args, **options)
