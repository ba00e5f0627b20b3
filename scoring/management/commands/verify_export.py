"""``manage.py verify_export FILE``: is this export as it was written, and what its run says?"""

import contextlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from scoring.backlog.selectors.backlog import results_of
from scoring.exports.files.signing import known_keys
from scoring.exports.files.table import read_rows
from scoring.exports.files.verify import (
    ExportFile,
    UnreadableExport,
    alterations,
    differences,
    read_export,
)
from scoring.ranking.models import RankingRun
from scoring.ranking.services.ranking import replay

SHOWN = 20


class Command(BaseCommand):
    help = "Check an export by its own seal and signature, and against the run it names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--offline", action="store_true", help="Do not look for the run here.")
        parser.add_argument(
            "--key", default="", help="Public key of the installation that wrote the file."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            file = read_export(path)
        except UnreadableExport as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        run = None if options["offline"] else _run_of(file)
        found = alterations(file)
        if run is not None:
            stored = read_rows(results_of(run), run.facts["criteria"])
            found = differences(file, run, stored) + found
            if not replay(run):
                found.append(f"Run {run.pk} itself does not replay from its sealed inputs.")
        self.refuse(path, found)
        signer = self.signer(file, options["key"].strip().lower())
        told = f"valid: {len(file.rows)} rows as sealed"
        if run is not None:
            told = f"valid: {len(file.rows)} rows as in run {run.pk}, which replays"
        self.stdout.write(f"{told}; signed by {signer}.")
        if run is None:
            self.stdout.write(f"The numbers were not compared with run {file.run}: it is not here.")

    def refuse(self, path: Path, found: list[str]) -> None:
        if not found:
            return
        for sentence in found[:SHOWN]:
            self.stderr.write(sentence)
        if len(found) > SHOWN:
            self.stderr.write(f"and {len(found) - SHOWN} more")
        raise CommandError(f"altered: {path} is not what was written.")

    def signer(self, file: ExportFile, expected: str) -> str:
        """Who signed, in words; a key that nobody vouches for is as good as none."""
        key = str(file.document["key"])
        if expected:
            if key != expected:
                raise CommandError(
                    f"altered or foreign: signed with the key {key}, not {expected}."
                )
            return "the given key"
        if key not in known_keys():
            raise CommandError(
                f"not proven: the file is whole, but signed with the key {key}, which is not this "
                "installation's. If you know that key from elsewhere, give it with --key."
            )
        return "this installation"


def _run_of(file: ExportFile) -> RankingRun | None:
    """The run, where there is a database that has it."""
    with contextlib.suppress(DatabaseError):
        return RankingRun.objects.filter(pk=file.run, status=RankingRun.Status.DONE).first()
    return None
