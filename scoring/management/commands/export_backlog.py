"""``manage.py export_backlog``: the whole backlog as a sealed file."""

import os
from pathlib import Path
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils.formats import get_format

from scoring.exports.files import WRITERS
from scoring.exports.services.content import export_of
from scoring.ranking.selectors.runs import current_run


class Command(BaseCommand):
    help = "Write the current run's backlog to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--format",
            choices=sorted(WRITERS),
            required=True,
            help="excel-csv takes the decimal sign of the shell's language (LC_ALL, LANG).",
        )
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        run = current_run(None)
        if run is None:
            raise CommandError("Nothing is ranked yet. Run `manage.py rank` first.")
        content = export_of(run, QueryDict(), reader=None)
        kind = options["format"]
        if kind == "excel-csv" and _comma_in_shell():
            kind = "excel-csv-comma"
        try:
            with options["output"].open("wb") as file:
                WRITERS[kind](content, file)
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}") from error
        self.stdout.write(
            f"{content.seal.rows} proposals of run {run.pk} written to {options['output']}"
        )


def _comma_in_shell() -> bool:
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_NUMERIC", "LANG"))
    language = next(filter(None, names), "").partition("_")[0].lower()
    return language in LANG_INFO and get_format("DECIMAL_SEPARATOR", lang=language) == ","
