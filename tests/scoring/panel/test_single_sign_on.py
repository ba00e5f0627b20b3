"""Single sign-on, end to end against a real OpenID Connect provider that the tests start."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from prioritizer import sso
from prioritizer.env import SettingError
from projects.audit.models import AuditEntry
from projects.models import User
from projects.people.services import invite_person
from scoring.models import Seat
from scoring.panel.selectors import rights_of
from tests.company import Company
from tests.pages import signed_in, text

# The provider's library warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
GROUPS = {
    "brand": {"team": "Brand"},
    "care": {"team": "Insights"},
    "judges": {"seat": "member"},
    "chair": {"seat": "chair"},
    "directors": {"leader": True},
    "operators": {"administrator": True},
}
DECISION = "/backlog/{}/decide/"


class Provider:
    """The provider as its people use it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def knows(self, sub: str, **claims: Any) -> None:
        person = {"email": f"{sub}@house.example", "email_verified": True, **claims}
        answer = httpx.put(f"{self.address}/users/{sub}", json=person)
        assert answer.is_success, answer.text

    def signs_in(self, sub: str, client: Client | None = None, address: str = "/sso/house/") -> Any:
        """Press the button, sign in there, come back; the page on which one lands."""
        client = client or Client()
        away = client.post(address)
        assert away.status_code == 200, away.content
        there = httpx.post(away.context["address"], data={"sub": sub})
        back = urlsplit(there.headers["Location"])
        return client.get(f"{back.path}?{back.query}", follow=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def house(server: str, company: Company, settings: Any, monkeypatch: Any) -> Provider:
    use(settings, monkeypatch, server, groups=GROUPS)
    return Provider(server)


def use(settings: Any, monkeypatch: Any, server: str, **more: Any) -> None:
    row = {
        "id": "house",
        "name": "House",
        "issuer": server,
        "client_id": "prioritizer",
        "client_secret": "secret",
        **more,
    }
    monkeypatch.setenv("SSO_PROVIDERS", json.dumps([row]))
    settings.SSO_PROVIDERS = sso.providers("SSO_PROVIDERS")
    settings.SOCIALACCOUNT_PROVIDERS = sso.for_library(settings.SSO_PROVIDERS)


def rights(username: str) -> list[str]:
    person = User.objects.select_related("team", "seat").get(username=username)
    return [str(person.team), *rights_of(person)]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["brand"], ["Brand", "proposes"]),
        (["care", "judges"], ["Insights", "proposes", "judges"]),
        (["chair"], ["None", "chairs the panel"]),
        (["brand", "directors", "unknown"], ["Brand", "proposes", "decides"]),
        (["operators"], ["None", "administrates"]),
    ],
)
def test_people_come_in_with_the_rights_of_their_groups(
    house: Provider, company: Company, groups: list[str], expected: list[str]
) -> None:
    house.knows("eve", groups=groups, given_name="Eve", family_name="Early")
    client = Client()
    landed = house.signs_in("eve", client)
    assert landed.status_code == 200
    person = User.objects.get(username="eve@house.example")
    assert (str(person), person.has_usable_password()) == ("Eve Early", False)
    assert rights("eve@house.example") == expected
    assert client.session["_auth_user_id"] == str(person.pk)
    made = AuditEntry.objects.filter(subject=f"person:{person.pk}").order_by("number")
    assert [entry.action for entry in made][:2] == ["person.create", "person.change"]


def test_rights_follow_the_groups_and_end_with_them(house: Provider, company: Company) -> None:
    house.knows("eve", groups=["chair", "directors"])
    client = Client()
    house.signs_in("eve", client)
    assert rights("eve@house.example") == ["None", "chairs the panel", "decides"]
    house.knows("eve", groups=["judges"])
    house.signs_in("eve")
    assert rights("eve@house.example") == ["None", "judges"]
    house.knows("eve", groups=["lunch"])
    refused = house.signs_in("eve")
    assert refused.status_code == 403
    assert "None of your groups at House opens Prioritizer." in text(refused)
    person = User.objects.get(username="eve@house.example")
    assert (person.is_active, person.is_leader, rights_of(person)) == (False, False, [])
    assert not Seat.objects.get(user=person).is_active
    assert client.get("/").status_code == 302, "the other session ends with the next request"
    house.knows("eve", groups=["directors"])
    again = house.signs_in("eve")
    assert "An administrator can switch it on again." in text(again)
    assert not User.objects.get(username="eve@house.example").is_active


def test_what_the_mapping_never_names_stays_with_administrators(
    server: str, company: Company, settings: Any, monkeypatch: Any
) -> None:
    use(settings, monkeypatch, server, groups={"directors": {"leader": True}})
    house = Provider(server)
    house.knows("ann", groups=["directors"])
    User.objects.filter(pk=company.panelist.pk).update(email="ann@house.example")
    house.signs_in("ann")
    assert rights("panelist")[1:] == ["judges", "decides"]


def test_without_a_mapping_everybody_of_the_provider_reads(
    server: str, company: Company, settings: Any, monkeypatch: Any
) -> None:
    use(settings, monkeypatch, server)
    house = Provider(server)
    house.knows("new")
    assert house.signs_in("new").status_code == 200
    assert rights("new@house.example") == ["None"]


@pytest.mark.parametrize("verified", [False, None, "no"])
@pytest.mark.parametrize("whose", ["marketing", "nobody"])
def test_an_address_that_is_not_vouched_for_opens_nothing(
    house: Provider, company: Company, verified: Any, whose: str
) -> None:
    User.objects.filter(pk=company.marketing.pk).update(email="marketing@house.example")
    house.knows(
        "mallory", email=f"{whose}@house.example", email_verified=verified, groups=["brand"]
    )
    before = User.objects.count()
    refused = house.signs_in("mallory")
    assert "House does not vouch for your e-mail address" in text(refused)
    assert refused.status_code == 403
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_provider_may_vouch_for_the_addresses_of_a_domain(
    server: str, company: Company, settings: Any, monkeypatch: Any
) -> None:
    use(settings, monkeypatch, server, addresses_verified=["house.example"])
    house = Provider(server)
    house.knows("ann", email_verified=None)
    assert house.signs_in("ann").status_code == 200
    house.knows("eve", email="eve@elsewhere.example", email_verified=None)
    assert house.signs_in("eve").status_code == 403


def test_a_known_account_is_found_by_its_address_and_then_opens_by_the_provider_alone(
    house: Provider, company: Company
) -> None:
    User.objects.filter(pk=company.marketing.pk).update(email="Ann@House.example")
    house.knows("ann", groups=["brand"])
    client = Client()
    house.signs_in("ann", client)
    assert client.session["_auth_user_id"] == str(company.marketing.pk)
    right = {"username": "marketing", "password": "demo"}
    refused = Client().post("/sign-in/", right)
    assert refused.status_code == 403
    assert "You sign in with House." in text(refused)
    assert client.get("/password/").status_code == 404
    # Somebody else who takes over the address later is somebody else.
    house.knows("heir", email="ann@house.example", groups=["brand"])
    house.knows("ann", email="left@house.example", groups=["brand"])
    house.signs_in("ann", client)
    assert client.session["_auth_user_id"] == str(company.marketing.pk)


def test_an_invited_person_may_come_by_the_provider(house: Provider, company: Company) -> None:
    invite_person(actor=company.admin, email="neo@house.example", first_name="N", last_name="N")
    house.knows("neo", groups=["brand"])
    assert house.signs_in("neo").status_code == 200
    person = User.objects.get(username="neo@house.example")
    assert (person.invited_at, person.state) == (None, "active")


def test_an_account_of_the_house_is_not_ended_by_a_provider_that_it_never_belonged_to(
    house: Provider, company: Company
) -> None:
    User.objects.filter(pk=company.admin.pk).update(email="root@house.example")
    house.knows("root", groups=["lunch"])
    assert "None of your groups at House" in text(house.signs_in("root"))
    administrator = User.objects.get(pk=company.admin.pk)
    assert (administrator.is_active, administrator.is_superuser) == (True, True)
    assert not SocialAccount.objects.exists()


def test_a_service_account_is_no_person(house: Provider, company: Company) -> None:
    User.objects.create_user("warehouse", email="bot@house.example", is_service=True)
    house.knows("bot", groups=["brand"])
    assert house.signs_in("bot").status_code == 403


def test_the_second_factor_is_the_providers_where_it_asks_for_one(
    house: Provider, company: Company, settings: Any, monkeypatch: Any
) -> None:
    house.knows("eve", groups=["directors"])
    client = Client()
    landed = house.signs_in("eve", client)
    assert landed.redirect_chain[-1][0] == "/second-factor/"
    use(settings, monkeypatch, house.address, groups=GROUPS, asks_second_factor=True)
    assert client.get("/backlog/").status_code == 200


def test_a_provider_that_is_away_is_said_and_everything_else_works(
    company: Company, settings: Any, monkeypatch: Any, free_port: int
) -> None:
    use(settings, monkeypatch, f"http://localhost:{free_port}")
    away = Client().post("/sso/house/")
    assert away.status_code == 502
    assert "House does not answer." in text(away)
    right = {"username": "marketing", "password": "demo"}
    assert Client().post("/sign-in/", right).status_code == 302
    assert "Sign in with House" in text(Client().get("/sign-in/"))


def test_an_answer_that_nobody_asked_for_opens_nothing(house: Provider, company: Company) -> None:
    house.knows("eve", groups=["brand"])
    asker, thief = Client(), Client()
    away = asker.post("/sso/house/").context["address"]
    back = urlsplit(httpx.post(away, data={"sub": "eve"}).headers["Location"])
    stolen = thief.get(f"{back.path}?{back.query}")
    assert stolen.status_code >= 400
    assert "_auth_user_id" not in thief.session
    cancelled = asker.get(f"{back.path}?error=access_denied&{back.query.replace('code=', 'x=')}")
    assert "was cancelled at House" in text(cancelled)


def test_a_decision_waits_for_a_fresh_sign_in_at_the_provider(
    house: Provider, company: Company, settings: Any, monkeypatch: Any
) -> None:
    use(settings, monkeypatch, house.address, groups=GROUPS, asks_second_factor=True)
    proposal = company.scored("One")
    run = company.rank()
    house.knows("eve", groups=["directors"], auth_time=time.time())
    client = Client()
    house.signs_in("eve", client)
    grow_old(client)
    form = {
        "outcome": "hold",
        "reason": "Not now.",
        "override_code": "capacity",
        "run": run.pk,
        "creation_key": "5c8b1c5e-0b1e-4d0c-9f43-3e3c86d0a9c7",
    }
    asked = client.post(DECISION.format(proposal.pk), form, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/confirm/with/house/")
    address = asked.context["address"]
    house.knows("eve", groups=["directors"], auth_time=time.time() - 3600)
    stale = house.signs_in("eve", client, address)
    assert "does not say that you signed in just now" in text(stale)
    assert "decision" not in actions()
    house.knows("mallory", groups=["directors"], auth_time=time.time())
    assert "as somebody else" in text(house.signs_in("mallory", client, address))
    house.knows("eve", groups=["directors"], auth_time=time.time())
    done = house.signs_in("eve", client, address)
    assert "Hold recorded for “One”." in text(done)


def actions() -> list[str]:
    return [entry.action.partition(".")[0] for entry in AuditEntry.objects.all()]


def grow_old(client: Client) -> None:
    """The session's last sign-in is twenty minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1200
    session.save()


def test_where_passwords_are_off_only_the_break_glass_account_has_one(
    house: Provider, company: Company, settings: Any
) -> None:
    settings.PASSWORDS, settings.BREAK_GLASS = False, "admin"
    page = text(Client().get("/sign-in/"))
    assert "Sign in with House" in page
    assert 'name="password"' not in page
    assert 'name="password"' in text(Client().get("/sign-in/?password"))
    refused = Client().post("/sign-in/", {"username": "leader", "password": "demo"})
    assert "Name and password do not go together." in text(refused)
    opened = Client().post("/sign-in/", {"username": "admin", "password": "demo"})
    assert opened.status_code == 302
    assert "account.emergency_sign_in" in [entry.action for entry in AuditEntry.objects.all()]
    person = invite_person(
        actor=company.admin, email="n@house.example", first_name="N", last_name="N"
    )
    assert person.invited_at is not None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "is no JSON"),
        ("{}", "is no list of providers"),
        ('[{"id": "a"}]', "lacks name, issuer, client_id, client_secret"),
        (json.dumps([dict.fromkeys(sso.NEEDED, "x") | {"grups": {}}]), "has “grups”"),
        (json.dumps([dict.fromkeys(sso.NEEDED, "x")] * 2), "has one id twice"),
        (
            json.dumps([dict.fromkeys(sso.NEEDED, "x") | {"groups": {"a": {"king": True}}}]),
            "gives “a” what does not exist",
        ),
        (
            json.dumps([dict.fromkeys(sso.NEEDED, "x") | {"groups": {"a": {"seat": "throne"}}}]),
            "a seat that does not exist",
        ),
    ],
)
def test_a_wrong_provider_stops_the_start(value: str, said: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSO_PROVIDERS", value)
    with pytest.raises(SettingError, match=said):
        sso.providers("SSO_PROVIDERS")


def test_an_administrator_of_the_house_is_not_signed_out_by_a_provider(
    house: Provider, company: Company, settings: Any
) -> None:
    """The break-glass account belongs to no provider, whatever the provider says."""
    settings.BREAK_GLASS = "admin"
    User.objects.filter(pk=company.admin.pk).update(email="root@house.example")
    house.knows("root", groups=["lunch"])
    house.signs_in("root")
    assert User.objects.get(pk=company.admin.pk).is_active
    assert signed_in(company.admin).get("/people/").status_code == 200
