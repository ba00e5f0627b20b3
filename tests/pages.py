"""Reading pages as a person who is signed in."""

import re
from html import unescape
from typing import Any

from django.test import Client

from projects.models import User


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="prioritizer.people.PersonBackend")
    return client


def markup(response: Any) -> str:
    """A page's HTML with every run of white space as one blank, as a browser reads it."""
    return re.sub(r"[ \n]+", " ", response.content.decode()).strip()


def text(response: Any) -> str:
    return unescape(markup(response))
