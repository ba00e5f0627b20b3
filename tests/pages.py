"""Reading pages as a person who is signed in."""

from html import unescape
from typing import Any

from django.test import Client

from projects.models import User


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="prioritizer.people.PersonBackend")
    return client


def text(response: Any) -> str:
    return unescape(response.content.decode())
