"""``manage.py export_backlog``: the whole backlog as a sealed file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from scoring.exports.files import WRITERS
from scoring.exports.services.content import export_of
from scoring.ranking.selectors.runs import current_run


class Command(BaseCommand):
    help = "Write the current run's backlog to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(WRITERS), required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        run = current_run(None)
        if run is None:
            raise CommandError("Nothing is ranked yet. Run `manage.py rank` first.")
        content = export_of(run, QueryDict())
        try:
            with options["output"].open("wb") as file:
                WRITERS[options["format"]](content, file)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}") from error
        self.stdout.write(
            f"{content.seal.rows} proposals of run {run.pk} written to {options['output']}"
        )
