"""For the administrator who lost phone, passkey and recovery codes, and has no colleague."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projects.people.models import User
from projects.people.services import remove_second_factor


class Command(BaseCommand):
    help = "Remove a second factor, so that the password alone opens until a new one is set up."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_: Any) -> None:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no account “{username}”.")
        try:
            remove_second_factor(actor=None, person=person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{person} has no second factor any more.")
