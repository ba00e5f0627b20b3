"""``manage.py replay_runs``: compute stored runs again and compare every byte."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.ranking.models import RankingRun
from scoring.ranking.services.ranking import replay


class Command(BaseCommand):
    help = "Compute finished runs again from their sealed inputs and compare the digests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", nargs="*", type=int, help="Ids of runs.")
        parser.add_argument("--all", action="store_true", help="Replay every finished run.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = RankingRun.objects.filter(status=RankingRun.Status.DONE).select_related("snapshot")
        if not options["all"]:
            if not options["run"]:
                raise CommandError("Name the runs, or use --all.")
            done = done.filter(pk__in=options["run"])
            unknown = set(options["run"]) - set(done.values_list("pk", flat=True))
            if unknown:
                raise CommandError(f"No finished run {', '.join(map(str, sorted(unknown)))}.")
        same, different = 0, []
        for run in done.order_by("pk").iterator(chunk_size=1):
            try:
                matches = replay(run)
            except ValueError as error:
                self.stderr.write(str(error))
                matches = False
            if matches:
                same += 1
            else:
                different.append(run.pk)
                self.stderr.write(f"Run {run.pk}: the result differs from the stored one.")
        self.stdout.write(f"{same} of {same + len(different)} runs replay.")
        if different:
            raise CommandError(f"Runs {', '.join(map(str, different))} do not replay.")
