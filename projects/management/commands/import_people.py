"""``manage.py import_people FILE``: bring people and teams in or up to date, all rows or none."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.imports.services import import_people, read_table
from projects.imports.services.people import READ
from projects.people.selectors import operator


class Command(BaseCommand):
    help = "Import people and teams from a CSV or XLSX file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", default="", help="Administrator who imports.")
        parser.add_argument("--invite", action="store_true", help="Mail everybody who is new.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything, keep nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                table = read_table(file, options["file"].name, wanted=READ)
            report = import_people(
                actor=operator(options["username"]),
                table=table,
                invite=options["invite"],
                dry_run=options["dry_run"],
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for problem in report.errors:
            self.stderr.write(str(problem))
        if report.errors:
            raise CommandError(f"Nothing was imported: {len(report.errors)} errors.")
        done = "Would be: " if options["dry_run"] else ""
        self.stdout.write(
            f"{done}{len(report.created)} new, {len(report.changed)} changed, "
            f"{report.same} as they were, {len(report.teams)} new teams."
        )
