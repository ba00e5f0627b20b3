"""``manage.py seed_demo``: a bank with people, proposals, scores, a backlog and decisions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.errors import Conflict
from projects.proposals.models.proposals import Proposal
from scoring.demo.company import PASSWORD, SIGN_INS
from scoring.demo.seed import seed


class Command(BaseCommand):
    help = "Fill an empty database with the demo company. Changes nothing the second time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = seed()
        except Conflict as refusal:
            raise CommandError(
                f"{refusal} Use an empty database for the demo, or start with “up --no-demo”."
            ) from refusal
        if not made:
            self.stdout.write("The demo company is here already.")
            return
        self.stdout.write(
            f"The demo company is ready: {Proposal.objects.count()} proposals. "
            f"Sign in as {', '.join(SIGN_INS)} (password: {PASSWORD})."
        )
