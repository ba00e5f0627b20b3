"""Reading pages as a person who is signed in."""

import re
import time
from html import unescape
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils.html import strip_tags

from projects.models import User
from projects.people.selectors import has_second_factor
from scoring.panel.selectors import must_have_second_factor


def give_second_factor(person: User) -> None:
    """An authenticator app, to whom needs one; it opens nothing here."""
    if must_have_second_factor(person) and not has_second_factor(person):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


def come_in(client: Client, person: User) -> None:
    """Sign somebody in as the sign-in page would: just now, and with a second factor if needed."""
    give_second_factor(person)
    client.force_login(person, backend="prioritizer.people.PersonBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def signed_in(person: User) -> Client:
    client = Client()
    come_in(client, person)
    return client


def markup(response: Any) -> str:
    """A page's HTML with every run of white space as one blank, as a browser reads it."""
    return re.sub(r"[ \n]+", " ", response.content.decode()).strip()


def text(response: Any) -> str:
    return unescape(markup(response))


def words(response: Any) -> str:
    """What is read of a page, without its tags and with plain blanks."""
    return " ".join(strip_tags(text(response).replace("<", " <")).split())


def summary(response: Any) -> list[str]:
    """The lines of the error summary."""
    found = re.search(r'class="error-summary".*?</div>', text(response), re.DOTALL)
    assert found is not None
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>.*?</li>", found[0])]
