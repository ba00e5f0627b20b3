"""``manage.py dispatch``: the scheduler.

Asks for runs when they are due, rings for jobs of every kind, picks up what a lost worker left, and
deletes exports whose day is over and draws that no run wants any more. Once a minute it looks for
deadlines to remind of and for the day's mail.

Several may run at once: asking and claiming are safe against repetition.
"""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from jobs.services.bell import dispatch
from prioritizer.processes import StopSignal
from projects.events.services import hand_over_all
from projects.notices.services import send_digests
from projects.proposals.services import remind_of_answers
from projects.proposals.services.reminders import remind_of_intake
from scoring.decisions.services import remind_of_conditions, remind_of_holds
from scoring.exports.services.requests import clear_exports
from scoring.framework.services.votes import begin_ratified, remind_of_votes, settle_votes
from scoring.outcomes.services import remind_of_reports
from scoring.ranking.services.chunks import clear_chunks
from scoring.ranking.services.runs import schedule_runs

logger = logging.getLogger(__name__)

LOOKS_EVERY = 60.0  # seconds, for what depends on the day


class Command(BaseCommand):
    help = "Ring for due jobs; ask for the nightly run and the run after changes."

    looked_at = float("-inf")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then stop.")
        parser.add_argument("--every", type=float, default=2.0, help="Seconds between rounds.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.round()
            return
        stop = StopSignal()
        while not stop.asked:
            self.round()
            stop.wait(options["every"])

    def round(self) -> None:
        close_old_connections()
        try:
            begin_ratified()
            schedule_runs()
            hand_over_all()
            dispatch()
            clear_exports()
            clear_chunks()
            if time.monotonic() - self.looked_at >= LOOKS_EVERY:
                remind_of_intake()
                remind_of_answers()
                settle_votes()
                remind_of_votes()
                remind_of_conditions()
                remind_of_holds()
                remind_of_reports()
                send_digests()
                self.looked_at = time.monotonic()
        except Exception:
            logger.exception("This round failed; the next one tries again.")
