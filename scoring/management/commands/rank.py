"""``manage.py rank``: ask for a ranking run and, by default, carry it out here and now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.errors import Conflict
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import runs
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run


class Command(BaseCommand):
    help = "Rank the current cycle's proposals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queue", action="store_true", help="Only ask; leave the work to a worker."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = request_run(actor=None, trigger=RankingRun.Trigger.COMMAND)
        except Conflict as error:
            raise CommandError(str(error)) from error
        if options["queue"]:
            self.stdout.write(f"Run {run.pk} is waiting for a worker.")
            return
        mine = rank_run(run_id=run.pk)
        run = runs().get(pk=run.pk)
        if run.status == RankingRun.Status.FAILED:
            raise CommandError(run.error)
        if not mine and run.status != RankingRun.Status.DONE:
            self.stdout.write(f"Run {run.pk} is being carried out by a worker.")
            return
        self.stdout.write(
            f"Run {run.pk}: {run.facts['ranked']} ranked, {run.facts['incomplete']} incomplete, "
            f"{run.framework_version}, result {run.result_digest[:12]}"
        )
