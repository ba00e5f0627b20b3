"""``manage.py import_framework FILE``: a framework from its specification."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from projects.errors import Conflict
from projects.people.selectors import operator
from scoring.framework.services.versions import import_framework, publish_version


class Command(BaseCommand):
    help = "Make a framework draft from a JSON specification, and publish it if asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="Put it in force at once.")
        parser.add_argument("--as", dest="username", default="", help="Administrator who acts.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = operator(options["username"])
            spec = json.loads(options["file"].read_text(encoding="utf-8"))
            with transaction.atomic():
                version = import_framework(actor=actor, spec=spec)
                if options["publish"]:
                    version = publish_version(
                        actor=actor, version=version, expected_version=version.version
                    )
        except json.JSONDecodeError as error:
            raise CommandError(f"{options['file']} is not JSON: {error}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['file']} is not UTF-8 text.") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except (Conflict, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version}: {version.get_status_display().lower()}.")
