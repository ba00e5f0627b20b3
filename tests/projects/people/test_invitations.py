"""Invitations, and what administrators change of a person."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from jobs.models import Message
from projects.audit.models import AuditEntry
from projects.models import User
from projects.people.services import invitation_path, invite_again, invite_person, invited_by
from tests.company import Company
from tests.pages import signed_in, text

NEW = "entirely different words"
PASSWORDS = {"new_password1": NEW, "new_password2": NEW}
FORM = {"email": "Neo@House.example", "first_name": "Neo", "last_name": "New"}


def invited(company: Company, **fields: Any) -> User:
    return invite_person(
        actor=company.admin,
        **{"email": "neo@house.example", "first_name": "Neo", "last_name": "New", **fields},
    )


def link(settings: Any) -> str:
    said = Message.objects.latest("pk").payload["text"]
    found = re.search(re.escape(settings.SITE_URL) + r"(/join/\S+)", said)
    assert found
    return str(found[1])


def test_from_mail_to_first_page(company: Company, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.house.example"
    admin = signed_in(company.admin)
    team = company.marketing.team
    assert team is not None
    answer = admin.post("/people/invite/", FORM | {"team": team.pk}, follow=True)
    assert "The mail to Neo@house.example is on its way." in text(answer)
    message, person = Message.objects.get(), User.objects.get(email="Neo@house.example")
    assert (message.recipient, message.secret) == ("Neo@house.example", True)
    assert (person.username, person.team, person.has_usable_password()) == (
        "neo@house.example",
        company.marketing.team,
        False,
    )
    visitor = Client()
    page = visitor.get(link(settings), follow=True)
    assert page.redirect_chain == [("/join/", 302)], "the link leaves the address"
    assert "Welcome, Neo" in text(page)
    assert "neo@house.example" in text(page)
    home = visitor.post("/join/", PASSWORDS, follow=True)
    assert home.redirect_chain == [("/", 302)], "signed in"
    assert "Welcome. What waits for you stands on this page." in text(home)
    form = {"username": "neo@house.example", "password": NEW}
    assert Client().post("/sign-in/", form).status_code == 302
    assert [entry.action for entry in AuditEntry.objects.order_by("number")][-2:] == [
        "person.invite",
        "person.join",
    ]


def test_without_a_mail_server_there_is_a_link_to_hand_over(company: Company) -> None:
    answer = text(signed_in(company.admin).post("/people/invite/", FORM, follow=True))
    assert "No mail server is set, so hand over this link: http://testserver/join/" in answer


@pytest.mark.parametrize(
    "ending", ["used", "replaced", "expired", "switched off", "altered", "of another kind"]
)
def test_an_invitation_ends(company: Company, ending: str, monkeypatch: Any) -> None:
    person = invited(company)
    address = invitation_path(person)
    assert "Welcome, Neo" in text(Client().get(address, follow=True))
    if ending == "used":
        first = Client()
        first.get(address)
        first.post("/join/", PASSWORDS)
    elif ending == "replaced":
        invite_again(actor=company.admin, person=person)
    elif ending == "expired":
        later = timezone.now() + timedelta(days=7, seconds=1)
        monkeypatch.setattr("projects.people.models.timezone.now", lambda: later)
    elif ending == "switched off":
        User.objects.filter(pk=person.pk).update(is_active=False)
    elif ending == "altered":
        address = address[:-2] + ("a" if address[-2] != "a" else "b") + "/"
    else:
        address = "/join/nothing/"
    visitor = Client()
    assert "This invitation does not work any more" in text(visitor.get(address, follow=True))
    assert "This invitation does not work any more" in text(visitor.post("/join/", PASSWORDS))
    assert visitor.get("/").status_code == 302


def test_a_weak_password_is_refused_and_the_link_stays(company: Company) -> None:
    visitor = Client()
    visitor.get(invitation_path(invited(company)))
    weak = visitor.post("/join/", {"new_password1": "neo", "new_password2": "neo"})
    assert weak.status_code == 422
    assert "This password is too short." in text(weak)
    assert visitor.post("/join/", PASSWORDS).status_code == 302


@pytest.mark.parametrize("address", ["NEO@house.example", "marketing"])
def test_an_address_is_invited_once(company: Company, address: str) -> None:
    invited(company)
    with pytest.raises(ValidationError, match=r"is here already|valid email"):
        invited(company, email=address)
    again = signed_in(company.admin).post("/people/invite/", FORM)
    assert again.status_code == 422
    assert "Somebody with this e-mail address is here already." in text(again)
    assert 'value="Neo@House.example"' in text(again)
    assert User.objects.filter(email__iexact="neo@house.example").count() == 1


def test_only_administrators_invite_and_only_who_needs_it(company: Company) -> None:
    with pytest.raises(PermissionDenied):
        invite_person(actor=company.leader, email="a@house.example")
    person = invited(company)
    with pytest.raises(PermissionDenied):
        invite_again(actor=company.leader, person=person)
    company.cx.email = "cx@house.example"
    company.cx.set_password(NEW)
    with pytest.raises(ValidationError, match="has a password already"):
        invite_again(actor=company.admin, person=company.cx)
    person.is_active = False
    with pytest.raises(ValidationError, match="not switched off"):
        invite_again(actor=company.admin, person=person)
    assert invited_by("") is None


def test_rights_that_an_administrator_grants_are_in_the_audit(company: Company) -> None:
    admin = signed_in(company.admin)
    person = company.cx
    form = {"username": "cx", "first_name": "Carla", "is_active": "on", "is_leader": "on"}
    answer = admin.post(
        f"/admin/projects/user/{person.pk}/change/", form | {"team": str(person.team_id)}
    )
    assert answer.status_code == 302
    entry = AuditEntry.objects.latest("number")
    assert (entry.actor, entry.action, entry.subject) == (
        company.admin,
        "person.change",
        f"person:{person.pk}",
    )
    assert entry.data == {"fields": ["first_name", "is_leader"], "is_leader": True}
