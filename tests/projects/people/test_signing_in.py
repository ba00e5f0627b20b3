"""Coming in and going out, and who is out at once."""

import pytest
from django.test import Client

from projects.models import Proposal, User
from tests.company import Company
from tests.pages import come_in, signed_in, text


@pytest.fixture
def client(company: Company) -> Client:
    return signed_in(company.marketing)


def test_signing_in_leads_to_where_one_wanted_to_go(company: Company) -> None:
    visitor = Client()
    asked = visitor.get("/proposals/")
    assert asked.headers["Location"] == "/sign-in/?next=/proposals/"
    wrong = visitor.post("/sign-in/", {"username": "marketing", "password": "guess"})
    assert wrong.status_code == 200
    assert "Name and password do not go together." in text(wrong)
    assert 'value="marketing"' in text(wrong)
    right = {"username": "marketing", "password": "demo", "next": "/proposals/"}
    assert visitor.post("/sign-in/", right).headers["Location"] == "/proposals/"
    assert visitor.get("/sign-in/").headers["Location"] == "/"


def test_signing_in_never_leads_elsewhere(company: Company) -> None:
    right = {"username": "marketing", "password": "demo", "next": "https://evil.example/"}
    assert Client().post("/sign-in/", right).headers["Location"] == "/"


def test_signing_out_ends_the_session(company: Company, client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_a_switched_off_person_is_out_at_once(company: Company, client: Client) -> None:
    User.objects.filter(pk=company.marketing.pk).update(is_active=False)
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"
    right = {"username": "marketing", "password": "demo"}
    told = Client().post("/sign-in/", right, follow=True)
    assert "This account is switched off" in text(told)
    wrong = {"username": "marketing", "password": "guess"}
    assert "switched off" not in text(Client().post("/sign-in/", wrong)), "only to the person"


def test_forms_need_the_csrf_token(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    come_in(client, company.marketing)
    assert client.post("/notifications/read/").status_code == 403
    assert client.post("/api/v1/proposals/", {}, content_type="application/json").status_code == 403
    assert Proposal.objects.count() == 0
