"""``manage.py verify_export FILE``: is this export what its run says?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.exports.verify import UnreadableExport, differences, read_export
from scoring.models import RankingRun
from scoring.selectors.backlog import results_of
from scoring.services.ranking import replay

SHOWN = 20


class Command(BaseCommand):
    help = "Compare an export with the run it names, and the run with its sealed inputs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = read_export(options["file"])
        except UnreadableExport as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        run = RankingRun.objects.filter(pk=file.run, status=RankingRun.Status.DONE).first()
        if run is None:
            raise CommandError(f"altered or foreign: there is no finished run {file.run} here.")
        found = differences(file, run, list(results_of(run, None)))
        if not replay(run):
            found.append(f"Run {run.pk} itself does not replay from its sealed inputs.")
        if found:
            for sentence in found[:SHOWN]:
                self.stderr.write(sentence)
            if len(found) > SHOWN:
                self.stderr.write(f"and {len(found) - SHOWN} more")
            raise CommandError(f"altered: {options['file']} is not what run {run.pk} says.")
        self.stdout.write(f"valid: {len(file.rows)} rows as in run {run.pk}, which replays.")
