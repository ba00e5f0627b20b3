"""``manage.py restore DIR``: a backup into an empty installation, then proof that it is whole."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prioritizer.archive import ArchiveError, is_same_key, read_archive, read_manifest

OTHER_KEY = (
    "The secret key is another one: everybody signs in anew, invitations are sent anew, "
    "authenticator apps are set up anew, and files exported before are checked with the public "
    "key that was noted. Put the old key into place to avoid that."
)


class Command(BaseCommand):
    help = "Bring a backup into an empty installation, and check it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        try:
            manifest = read_manifest(folder)
            rows = read_archive(folder)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sum(rows.values()):,} rows of {manifest['taken_at']} are restored.")
        if not is_same_key(manifest):
            self.stdout.write(OTHER_KEY)
        call_command("verify_audit", stdout=self.stdout)
        call_command("replay_runs", "--all", stdout=self.stdout)
