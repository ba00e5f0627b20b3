"""``manage.py first_administrator``: the address by which the first administrator moves in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.people.services import first_path


class Command(BaseCommand):
    help = "Print the address by which an empty installation gets its administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        path = first_path()
        if not path:
            raise CommandError("Somebody is here already. Administrators invite the others.")
        self.stdout.write(
            f"Open this within the hour to move in; it works once:\n{settings.SITE_URL}{path}"
        )
