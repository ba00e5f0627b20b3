"""``manage.py backup DIR``: the whole company at one moment, as files that explain themselves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prioritizer.archive import ArchiveError, write_archive

KEY_FILE = "The secret key is not in it. Keep a copy of {path} apart from it."
KEY_VARIABLE = "The secret key is not in it. Keep what SECRET_KEY is set to apart from it."


class Command(BaseCommand):
    help = "Write everything of the company into a new folder, also while people work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = write_archive(folder)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        self.stdout.write(f"{rows:,} rows of {len(manifest['rows'])} tables are in {folder}.")
        kept = settings.VAR_DIR / "secret-key"
        self.stdout.write(KEY_FILE.format(path=kept) if kept.exists() else KEY_VARIABLE)
