"""``manage.py verify_audit``: walk the audit chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.audit.services import broken_entries, head_digest


class Command(BaseCommand):
    help = "Check that every audit entry follows from the one before it."

    def handle(self, *args: Any, **options: Any) -> None:
        count, broken = broken_entries()
        if broken:
            places = ", ".join(map(str, broken[:20]))
            raise CommandError(f"{count} entries read; altered or missing at: {places}")
        self.stdout.write(f"{count} entries read; the chain is whole. Its head is {head_digest()}.")
