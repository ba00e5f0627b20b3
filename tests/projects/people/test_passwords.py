"""Everybody changes the own password, and resets a forgotten one by a link that works once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from django.test import Client
from django.utils.http import int_to_base36

from jobs.models import Message
from projects.audit.models import AuditEntry
from projects.models import User

OLD, NEW = "a password of before", "entirely different words"
SAID = "If somebody here has this address, a link is on its way."


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ann", password=OLD, email="ann@house.example")


def sign_in(client: Client, password: str) -> bool:
    answer = client.post("/sign-in/", {"username": "ann", "password": password})
    return answer.status_code == 302


def ask(client: Client, address: str) -> str:
    return client.post("/password/forgotten/", {"email": address}, follow=True).content.decode()


def link(settings: Any) -> str:
    text = Message.objects.latest("pk").payload["text"]
    found = re.search(re.escape(settings.SITE_URL) + r"(/password/\S+)", text)
    assert found
    return str(found[1])


def test_a_person_without_a_seat_changes_the_password(client: Client, person: User) -> None:
    other = Client()
    assert sign_in(client, OLD)
    assert sign_in(other, OLD)
    assert 'href="/password/"' in client.get("/preferences/").content.decode()
    typed = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    wrong = client.post("/password/", typed | {"oldpassword": "guessed"})
    assert "This is not your password of now." in wrong.content.decode()
    assert client.post("/password/", typed).status_code == 302
    assert client.get("/").status_code == 200, "this session goes on"
    assert other.get("/").status_code == 302, "every other ends"
    assert sign_in(Client(), NEW)
    assert not sign_in(Client(), OLD)
    assert AuditEntry.objects.get(action="password.change").actor == person
    told = Message.objects.get()
    assert (told.recipient, told.secret) == ("ann@house.example", False)
    assert "Your password was changed. If it was not you" in " ".join(told.payload["text"].split())


def test_a_forgotten_password_is_set_by_a_link_that_works_once(
    client: Client, person: User, settings: Any
) -> None:
    settings.SITE_URL = "https://house.example"
    assert SAID in ask(client, "ann@house.example")
    message = Message.objects.get()
    assert (message.recipient, message.secret) == ("ann@house.example", True)
    page = client.get(link(settings), follow=True)
    form_address = page.redirect_chain[-1][0]
    used = link(settings)
    assert form_address != used
    assert form_address.endswith("-set-password/"), "the token leaves the address"
    done = client.post(form_address, {"password1": NEW, "password2": NEW}, follow=True)
    assert done.redirect_chain[-1][0] == "/sign-in/"
    assert "Your password is changed." in done.content.decode()
    assert sign_in(Client(), NEW)
    assert "by a link sent to this address" in Message.objects.latest("pk").payload["text"]
    again = Client().get(used, follow=True).content.decode()
    assert "This link does not work any more" in again


def test_a_link_is_over_after_an_hour(client: Client, person: User, monkeypatch: Any) -> None:
    made = default_token_generator._now()
    monkeypatch.setattr(default_token_generator, "_now", lambda: made - timedelta(minutes=61))
    token = default_token_generator.make_token(person)
    monkeypatch.undo()
    page = client.get(
        f"/password/{int_to_base36(person.pk)}-{token}/", follow=True
    ).content.decode()
    assert "This link does not work any more" in page


@pytest.mark.parametrize("address", ["nobody@house.example", "gone@house.example"])
def test_nobody_learns_who_is_here(client: Client, person: User, address: str) -> None:
    User.objects.create_user("gone", password=OLD, email="gone@house.example", is_active=False)
    known = ask(client, "ann@house.example")
    Message.objects.all().delete()
    unknown = ask(Client(), address)
    assert re.sub(r"csrf\S+ value=\S+", "", known) == re.sub(r"csrf\S+ value=\S+", "", unknown)
    assert Message.objects.count() == 0


def test_asking_again_and_again_sends_one_mail(client: Client, person: User) -> None:
    for _ in range(3):
        ask(client, "ann@house.example")
    assert Message.objects.count() in (1, 2)  # two when the five minutes turn just now


def test_the_mail_names_the_house_and_not_the_host_that_was_asked(
    client: Client, person: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        "/password/forgotten/", {"email": "ann@house.example"}, headers={"host": "evil.example"}
    )
    assert "evil.example" not in str(Message.objects.get().payload)


def test_who_is_locked_out_reads_why_and_for_how_long(client: Client, person: User) -> None:
    for _ in range(9):
        assert not sign_in(client, "guessed")
    answer = client.post("/sign-in/", {"username": "ann", "password": "guessed"})
    assert answer.status_code == 429
    page = " ".join(answer.content.decode().split())
    assert "Signing in failed 10 times from here" in page
    assert "for a quarter of an hour" in page
    assert 'href="/password/forgotten/"' in page


def test_a_house_without_the_demo_company_offers_no_demo_sign_in(
    client: Client, person: User
) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "Sign in" in page
    assert "Demo company" not in page
