"""A second factor, who must have one, and confirming that it is still the same person."""

import time
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client

from jobs.models import Message
from projects.audit.models import AuditEntry
from projects.models import Token, User
from projects.tokens.services import issue_token
from scoring.models import Decision, FrameworkVersion
from tests.company import Company
from tests.pages import signed_in, text

PASSWORD = "demo"
WRONG = "000000"


def by_password(client: Client, person: User, password: str = PASSWORD) -> Any:
    form = {"username": person.username, "password": password}
    return client.post("/sign-in/", form, follow=True)


def code(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def with_app(client: Client) -> str:
    """Set up an app as its page says; the app's key."""
    client.get("/second-factor/app/")
    secret = str(client.session["mfa.totp.secret"])
    done = client.post("/second-factor/app/", {"code": code(secret)}, follow=True)
    assert done.redirect_chain[-1][0] == "/second-factor/recovery-codes/"
    return secret


def grow_old(client: Client, minutes: float = 20) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 60 * minutes
    session.save()


@pytest.mark.parametrize("who", ["leader", "curator", "admin"])
def test_who_decides_chairs_or_administrates_gets_nowhere_without_one(
    company: Company, who: str
) -> None:
    person, client = getattr(company, who), Client()
    landed = by_password(client, person)
    assert landed.redirect_chain[-1][0] == "/second-factor/"
    assert "What you may do here needs a second factor." in text(landed)
    for address in (
        "/",
        "/backlog/",
        "/people/",
        "/admin/",
        "/tokens/",
        "/preferences/",
    ):
        answer = client.get(address)
        assert answer.headers.get("Location") == "/second-factor/", address
    refused = client.get("/api/v1/proposals/")
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Set up a second factor first")
    assert client.get("/api/v1/schema/").status_code == 403
    with_app(client)
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/proposals/").status_code == 200
    assert client.post("/sign-out/").status_code == 302


@pytest.mark.parametrize("who", ["marketing", "cx", "panelist"])
def test_the_others_choose_until_the_house_asks_everybody(
    company: Company, who: str, settings: Any
) -> None:
    person, client = getattr(company, who), Client()
    assert by_password(client, person).redirect_chain == [("/", 302)]
    settings.SECOND_FACTOR = "everybody"
    assert client.get("/").headers["Location"] == "/second-factor/"


def test_a_program_of_somebody_without_one_is_refused(company: Company) -> None:
    _, key = issue_token(
        actor=company.leader, person=company.leader, name="P", scope=Token.Scope.READ, days=1
    )
    program = Client(headers={"Authorization": f"Bearer {key}"})
    assert program.get("/api/v1/backlog/").status_code == 403
    Authenticator.objects.create(user=company.leader, type="totp", data={})
    company.scored("One")
    company.rank()
    assert program.get("/api/v1/backlog/").status_code == 200


def test_signing_in_with_an_app_and_with_a_recovery_code(company: Company) -> None:
    first = Client()
    by_password(first, company.leader)
    secret = with_app(first)
    kept = text(first.get("/second-factor/recovery-codes/"))
    spare = kept.partition('<pre class="panel codes">')[2].split()[0]

    client = Client()
    asked = by_password(client, company.leader)
    assert asked.redirect_chain[-1][0] == "/sign-in/second-factor/"
    assert client.get("/").status_code == 302, "the password alone opens nothing"
    wrong = client.post("/sign-in/second-factor/", {"code": WRONG})
    assert "Incorrect code." in text(wrong)
    late = {"code": code(secret, 1)}
    done = client.post("/sign-in/second-factor/", late)
    assert done.headers["Location"] == "/"
    assert client.get("/").status_code == 200

    for opens in (True, False):
        other = Client()
        by_password(other, company.leader)
        other.post("/sign-in/second-factor/", {"code": spare})
        assert (other.get("/").status_code == 200) is opens, "a recovery code opens once"
    again = Client()
    by_password(again, company.leader)
    again.post("/sign-in/second-factor/", late)
    assert again.get("/").status_code == 302, "and so does a code of the app"


def test_codes_cannot_be_guessed_and_nobody_is_shut_out_by_a_stranger(company: Company) -> None:
    owner = Client()
    by_password(owner, company.leader)
    secret = with_app(owner)
    thief = Client(REMOTE_ADDR="10.6.6.6")
    by_password(thief, company.leader)
    for _ in range(5):
        assert "Incorrect code." in text(thief.post("/sign-in/second-factor/", {"code": WRONG}))
    right = thief.post("/sign-in/second-factor/", {"code": code(secret, 1)})
    assert "Too many failed login attempts" in text(right)
    assert owner.get("/").status_code == 200
    for _ in range(12):
        stranger = Client(REMOTE_ADDR="10.7.7.7")
        by_password(stranger, company.leader, "guessed")
    assert by_password(Client(), company.leader).redirect_chain[-1][0] == "/sign-in/second-factor/"


def test_secrets_of_apps_are_kept_encrypted_and_outlive_a_change_of_the_key(
    company: Company, settings: Any
) -> None:
    client = Client()
    by_password(client, company.leader)
    secret = with_app(client)
    stored = str([row.data for row in Authenticator.objects.all()])
    assert secret not in stored
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "k" * 60
    again = Client()
    by_password(again, company.leader)
    assert again.post("/sign-in/second-factor/", {"code": code(secret, 1)}).status_code == 302
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "o" * 60
    lost = Client()
    by_password(lost, company.leader)
    assert "Incorrect code." in text(
        lost.post("/sign-in/second-factor/", {"code": code(secret, -1)})
    ), "a key that is gone opens nothing"
    call_command("second_factor_off", "leader")
    assert by_password(Client(), company.leader).redirect_chain[-1][0] == "/second-factor/"
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("second_factor_off", "leader")
    with pytest.raises(CommandError, match="no account “nobody”"):
        call_command("second_factor_off", "nobody")


def test_each_change_is_audited_and_told_by_mail(
    company: Company, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=company.leader.pk).update(email="lea@house.example")
    client = Client()
    by_password(client, company.leader)
    with django_capture_on_commit_callbacks(execute=True):
        with_app(client)
    client.post("/second-factor/app/remove/")
    actions = [entry.action for entry in AuditEntry.objects.order_by("number")]
    assert actions[-2:] == ["account.totp_activated", "account.totp_deactivated"]
    told = [message.payload["text"] for message in Message.objects.order_by("pk")]
    assert len(told) == 2
    assert "The authenticator app was removed." in told[-1]
    assert client.get("/").headers["Location"] == "/second-factor/", "and is asked for again"


def test_an_administrator_helps_somebody_who_lost_it(company: Company) -> None:
    lost = Client()
    by_password(lost, company.leader)
    with_app(lost)
    address = f"/people/{company.leader.pk}/second-factor/remove/"
    assert signed_in(company.curator).post(address).status_code == 403
    admin = signed_in(company.admin)
    done = admin.post(address, follow=True)
    assert "has no second factor any more" in text(done)
    assert not Authenticator.objects.filter(user=company.leader).exists()
    assert AuditEntry.objects.latest("number").action == "account.second_factor_off"
    assert "has no second factor." in text(admin.post(address, follow=True))


def decision_form(company: Company) -> tuple[str, dict[str, Any]]:
    proposal = company.scored("One")
    run = company.rank()
    form = {"outcome": "hold", "reason": "Not now.", "override_code": "capacity"}
    return f"/backlog/{proposal.pk}/decide/", form | {"run": run.pk, "creation_key": str(uuid4())}


@pytest.mark.parametrize("way", ["password", "code"])
def test_a_decision_asks_again_and_goes_on_with_what_was_sent(company: Company, way: str) -> None:
    address, form = decision_form(company)
    client = Client()
    by_password(client, company.leader)
    secret = with_app(client)
    grow_old(client)
    asked = client.post(address, form)
    assert asked.headers["Location"] == f"/confirm/?next={address.replace('/', '%2F')}"
    assert not Decision.objects.exists()
    page = text(client.get(asked.headers["Location"]))
    assert "What you sent is kept, and goes on by itself." in page
    assert "/confirm/code/" in page
    wrong = client.post("/confirm/", {"password": "guessed", "next": address})
    assert wrong.status_code == 200
    assert not Decision.objects.exists()
    if way == "password":
        done = client.post("/confirm/", {"password": PASSWORD, "next": address}, follow=True)
    else:
        said = {"code": code(secret, 1), "next": address}
        done = client.post("/confirm/code/", said, follow=True)
    assert "Hold recorded for “One”." in text(done)
    assert Decision.objects.get().reason == "Not now."


def test_a_confirmation_does_for_somebody_else_nothing(company: Company) -> None:
    """What one person sent is never done by the next who signs in at the same browser."""
    address, form = decision_form(company)
    client = Client()
    by_password(client, company.leader)
    with_app(client)
    grow_old(client)
    client.post(address, form)
    other = User.objects.create_user("second", password=PASSWORD, is_leader=True)
    by_password(client, other)
    client.post("/sign-out/")
    by_password(client, other)
    with_app(client)
    client.post("/confirm/", {"password": PASSWORD, "next": address})
    assert not Decision.objects.exists()


def test_a_minute_short_of_the_limit_nobody_is_asked(company: Company) -> None:
    address, form = decision_form(company)
    client = signed_in(company.leader)
    grow_old(client, 14.9)
    assert not client.post(address, form).headers["Location"].startswith("/confirm/")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("curator", "/admin/framework/publish/"),
        ("admin", "/people/invite/"),
        ("admin", "/people/import/"),
        ("admin", "/people/{person}/off/"),
        ("admin", "/people/{person}/second-factor/remove/"),
        ("admin", "/admin/projects/user/{person}/change/"),
        ("admin", "/admin/projects/user/{person}/password/"),
        ("admin", "/admin/projects/user/add/"),
        ("admin", "/admin/scoring/seat/add/"),
        ("admin", "/admin/scoring/seat/{seat}/change/"),
        ("marketing", "/tokens/"),
        ("marketing", "/second-factor/app/"),
        ("marketing", "/second-factor/passkeys/new/"),
        ("marketing", "/second-factor/recovery-codes/new/"),
    ],
)
def test_what_weighs_asks_again(company: Company, who: str, address: str) -> None:
    if "publish" in address:
        signed_in(company.curator).post("/admin/framework/start/")
    named = {"person": company.cx.pk, "seat": company.panelist.seat.pk}
    form = {
        "successor": "",
        "name": "N",
        "person": company.marketing.pk,
        "scope": "read",
        "days": 30,
        "version": 1,
    }
    form |= {"email": "n@house.example", "first_name": "N", "last_name": "N"}
    client = signed_in(getattr(company, who))
    grow_old(client)
    before = AuditEntry.objects.count()
    answer = client.post(address.format(**named), form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/confirm/")
    assert AuditEntry.objects.count() == before


def test_the_api_refuses_an_old_session_and_takes_a_token(company: Company) -> None:
    proposal = company.scored("One")
    run = company.rank()
    client = signed_in(company.leader)
    grow_old(client)
    body = {"proposal": proposal.pk, "run": run.pk, "outcome": "hold", "reason": "Not now."}
    body |= {"override_code": "capacity"}
    refused = client.post("/api/v1/decisions/", body, "application/json")
    assert refused.status_code == 403
    assert "Sign in again: this needs a sign-in of the last 15 minutes" in refused.json()["detail"]
    chair = signed_in(company.curator)
    chair.post("/admin/framework/start/")
    draft = FrameworkVersion.objects.get(status="draft")
    grow_old(chair)
    version = {"If-Match": f'"{draft.version}"'}
    address = f"/api/v1/framework-versions/{draft.pk}/publish/"
    assert chair.post(address, headers=version).status_code == 403
    _, key = issue_token(
        actor=company.leader, person=company.leader, name="P", scope="write", days=1
    )
    program = Client(headers={"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())})
    assert program.post("/api/v1/decisions/", body, "application/json").status_code == 201


def test_own_sessions_are_listed_and_ended_there(company: Company) -> None:
    here, there, stranger = (
        Client(headers={"User-Agent": f"Mozilla/5.0 (X11; Linux x86_64) {name}"})
        for name in ("Gecko/2 Firefox/140.0", "Chrome/141.0.0.0", "Opera/9.0")
    )
    by_password(here, company.marketing)
    by_password(there, company.marketing)
    by_password(stranger, company.cx)
    page = text(here.get("/sessions/"))
    names = ("Firefox on Linux", "Chrome on Linux", "Opera")
    assert [name in page for name in names] == [True, True, False]
    assert page.count("Sign out there") == 1
    address = page.partition('action="/sessions/')[2].partition('"')[0]
    assert stranger.post(f"/sessions/{address}").status_code == 404
    assert "That session is signed out." in text(here.post(f"/sessions/{address}", follow=True))
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert "Chrome on Linux" not in text(here.get("/sessions/"))


def test_people_sign_in_by_address_in_any_case_and_are_throttled_by_it(company: Company) -> None:
    User.objects.filter(pk=company.marketing.pk).update(email="ann@house.example")
    for name in ("Ann@House.example", "MARKETING"):
        client = Client()
        form = {"username": name, "password": PASSWORD}
        assert client.post("/sign-in/", form).headers["Location"] == "/"
    for name in ["ANN@house.example", "ann@house.example"] * 5:
        Client().post("/sign-in/", {"username": name, "password": "guessed"})
    right = {"username": "ann@house.example", "password": PASSWORD}
    assert Client().post("/sign-in/", right).status_code == 429
