"""``manage.py import_proposals FILE``: bring an existing list in, all rows or none."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from projects.cycles.models import Cycle
from projects.cycles.selectors import open_cycle
from projects.cycles.services import make_current
from projects.imports.services import (
    FIELDS,
    Mapping,
    create_missing,
    import_proposals,
    read_mapping,
    read_table,
)
from projects.people.models import User
from projects.people.selectors import operator

SHOWN_ERRORS = 50


class Command(BaseCommand):
    help = "Import proposals from a CSV or XLSX file, as people keep them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="JSON file: column to field.")
        parser.add_argument("--cycle", help="Name of the cycle; the open one without it.")
        parser.add_argument("--as", dest="username", default="", help="Administrator who imports.")
        parser.add_argument(
            "--attest",
            default="",
            metavar="TEXT",
            help="Where and when both owners agreed: signs and submits every row.",
        )
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="Create the cycle, teams and people of the mapping's setup.",
        )
        parser.add_argument(
            "--current",
            action="store_true",
            help="Make the cycle the current one: what is ranked from now on.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything, keep nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                self._import(options)
                # What the setup created goes as well.
                transaction.set_rollback(options["dry_run"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['mapping']} is not UTF-8 text.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _import(self, options: dict[str, Any]) -> None:
        actor = operator(options["username"])
        mapping = (
            read_mapping(options["mapping"].read_text(encoding="utf-8"))
            if options["mapping"]
            else None
        )
        with options["file"].open("rb") as file:
            table = read_table(
                file,
                options["file"].name,
                sheet=mapping.sheet if mapping else "",
                wanted=mapping.columns() if mapping else FIELDS,
            )
        self.stdout.write(f"Read as: {table.dialect}.")
        for number, reason in table.left_out:
            self.stdout.write(f"Row {number} is left out: {reason}.")
        cycle = self._cycle(actor, mapping, options)
        report = import_proposals(
            actor=actor,
            cycle=cycle,
            table=table,
            mapping=mapping,
            attestation=options["attest"],
            dry_run=options["dry_run"],
        )
        if report.errors:
            for error in report.errors[:SHOWN_ERRORS]:
                self.stderr.write(str(error))
            more = len(report.errors) - SHOWN_ERRORS
            if more > 0:
                self.stderr.write(f"and {more} more")
            raise CommandError(f"Nothing was imported: {len(report.errors)} errors.")
        if options["current"]:
            make_current(actor=actor, cycle=cycle)
        done = "would be imported" if options["dry_run"] else "imported"
        state = "submitted" if options["attest"] else "drafts"
        self.stdout.write(f"{len(report.drafts)} proposals {done} into {cycle} as {state}.")
        if not cycle.is_current:
            self.stdout.write(
                f"{cycle} is not the current cycle, so rank leaves it out. Import with "
                "--current, or change the current cycle in the administration."
            )

    def _cycle(self, actor: User, mapping: Mapping | None, options: dict[str, Any]) -> Cycle:
        made = None
        if options["create_missing"] and mapping is not None:
            made = create_missing(actor=actor, setup=mapping.setup)
        name = options["cycle"]
        found = Cycle.objects.filter(name=name).first() if name else made or open_cycle()
        if found is None:
            raise CommandError(
                f"There is no cycle “{name}”." if name else "No cycle is open. Name one: --cycle."
            )
        return found
