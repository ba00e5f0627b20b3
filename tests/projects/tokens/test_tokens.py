"""Programs act with the rights of their account, as long as the token lives, and no faster."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from projects.models import AuditEntry, Team, Token, User
from projects.tokens.api import Pace
from projects.tokens.services import MOST, issue_token, revoke_token
from tests.company import Company
from tests.pages import come_in, signed_in, text

PAGE = "/tokens/"
PROPOSALS = "/api/v1/proposals/"


def issue(person: User, actor: User | None = None, **values: Any) -> tuple[Token, str]:
    return issue_token(
        **{
            "actor": actor or person,
            "person": person,
            "name": "Report",
            "scope": "read",
            "days": 30,
            **values,
        }
    )


def program(key: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.fixture
def service(company: Company) -> User:
    robot = User(username="warehouse", is_service=True)
    robot.set_unusable_password()
    robot.save()
    return robot


def test_a_token_does_what_its_person_may(company: Company) -> None:
    secret = company.draft("Only its owners see this")
    reader, others = issue(company.marketing)[1], issue(company.panelist)[1]
    assert program(reader).get(f"{PROPOSALS}{secret.pk}/").status_code == 200
    assert program(others).get(f"{PROPOSALS}{secret.pk}/").status_code == 404


def test_a_token_that_may_read_writes_nothing(company: Company) -> None:
    proposal = company.draft("One")
    body, version = {"problem": "Another."}, {"If-Match": f'"{proposal.version}"'}
    _, reads = issue(company.marketing)
    refused = program(reads).patch(f"{PROPOSALS}{proposal.pk}/", body, "json", headers=version)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "This token may only read. Make one that may write too.",
    )
    _, writes = issue(company.marketing, name="Writer", scope="write")
    done = program(writes).patch(f"{PROPOSALS}{proposal.pk}/", body, "json", headers=version)
    assert done.status_code == 200
    proposal.refresh_from_db()
    assert proposal.problem == "Another."


def test_the_key_is_kept_nowhere(company: Company) -> None:
    token, key = issue(company.marketing)
    assert (key[:5], len(key)) == ("prio_", 48)
    stored = [str(value) for row in Token.objects.values_list() for value in row]
    told = [str(entry.data) for entry in AuditEntry.objects.all()]
    assert not any(key[5:] in value for value in [*stored, *told])
    assert token.digest not in text(signed_in(company.marketing).get(PAGE))


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("unknown", "There is no such token."),
        ("revoked", "This token is revoked."),
        ("expired", "This token has expired. Make a new one."),
        ("switched off", "The account behind this token is switched off."),
    ],
)
def test_what_opens_nothing_says_why(company: Company, ending: str, sentence: str) -> None:
    token, key = issue(company.marketing)
    assert program(key).get(PROPOSALS).status_code == 200
    if ending == "unknown":
        key += "x"
    elif ending == "revoked":
        revoke_token(actor=company.marketing, token=token)
    elif ending == "expired":
        Token.objects.update(expires_at=timezone.now())
    else:
        User.objects.filter(pk=company.marketing.pk).update(is_active=False)
    answer = program(key).get(PROPOSALS)
    assert (answer.status_code, answer.json()["detail"]) == (401, sentence)
    assert answer["WWW-Authenticate"] == 'Bearer realm="Prioritizer"'


@pytest.mark.parametrize("word", ["Token {}", "Bearer", "Bearer a b", "Bearer \xff", "{}"])
def test_other_words_open_nothing(company: Company, word: str) -> None:
    client, (_, key) = APIClient(), issue(company.marketing)
    client.credentials(HTTP_AUTHORIZATION=word.format(key))
    assert client.get(PROPOSALS).status_code == 401
    assert APIClient().get(f"{PROPOSALS}?token={key}").status_code == 401


def test_a_token_opens_the_api_and_no_page(company: Company) -> None:
    client = Client(headers={"Authorization": f"Bearer {issue(company.marketing)[1]}"})
    for address in ("/", PAGE, "/backlog/", "/admin/"):
        assert client.get(address).status_code == 302


def test_use_is_noted_once_a_minute(company: Company) -> None:
    token, key = issue(company.marketing)
    moments = []
    for back in (None, timedelta(seconds=59), timedelta(seconds=61)):
        if back:
            Token.objects.update(last_used_at=timezone.now() - back)
        before = Token.objects.get(pk=token.pk).last_used_at
        program(key).get(PROPOSALS)
        moments.append(Token.objects.get(pk=token.pk).last_used_at != before)
    assert moments == [True, False, True]


def test_a_token_and_its_person_are_read_in_one_query(
    company: Company, django_assert_num_queries: Any
) -> None:
    _, key = issue(company.marketing)
    program(key).get(PROPOSALS)
    with django_assert_num_queries(1):
        program(key).get("/api/v1/")


def test_names_are_unique_among_what_is_in_use(company: Company) -> None:
    token, _ = issue(company.marketing)
    with pytest.raises(ValidationError, match="There is a token of this name already"):
        issue(company.marketing, name=" Report ")
    revoke_token(actor=company.marketing, token=token)
    issue(company.marketing)
    issue(company.cx)
    with pytest.raises(ValidationError, match="name"):
        issue(company.marketing, name="  ")
    with pytest.raises(ValidationError, match="scope"):
        issue(company.marketing, name="Other", scope="all")
    for days in (0, 366):
        with pytest.raises(ValidationError, match="Between 1 and 365 days"):
            issue(company.marketing, name="Other", days=days)


def test_there_is_a_most(company: Company) -> None:
    for number in range(MOST):
        issue(company.marketing, name=f"Token {number}")
    with pytest.raises(ValidationError, match="20 tokens are the most"):
        issue(company.marketing)
    Token.objects.filter(name="Token 3").update(expires_at=timezone.now())
    issue(company.marketing)


def test_nobody_makes_a_token_for_another_person(company: Company, service: User) -> None:
    for actor, person in (
        (company.admin, company.leader),
        (company.leader, service),
        (company.cx, company.marketing),
    ):
        with pytest.raises(PermissionDenied):
            issue(person, actor)
    issue(service, company.admin)
    entry = AuditEntry.objects.get(action="token.issue")
    assert (entry.actor_id, entry.data["person"]) == (company.admin.pk, service.pk)


def test_a_service_reads_and_has_no_rights_of_a_person(company: Company, service: User) -> None:
    company.scored("One")
    company.rank()
    _, key = issue(service, company.admin, scope="write")
    robot = program(key)
    assert robot.get("/api/v1/backlog/").json()["count"] == 1
    assert robot.post("/api/v1/runs/", {}, "json").status_code == 403
    assert robot.post(PROPOSALS, {"title": "Mine"}, "json").status_code == 400
    assert "warehouse" not in str(robot.get("/api/v1/people/").json())
    service.set_password("a long enough secret")
    service.save()
    form = {"username": "warehouse", "password": "a long enough secret"}
    assert Client().post("/sign-in/", form).status_code == 200
    for right in ({"is_leader": True}, {"is_superuser": True}, {"team": Team.objects.first()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=service.pk).update(**right)


def test_the_page_shows_a_key_once(company: Company) -> None:
    client = signed_in(company.marketing)
    assert "No program acts for you." in text(client.get(PAGE))
    form = {"name": "Report", "person": company.marketing.pk, "scope": "read", "days": 90}
    made = client.post(PAGE, form)
    assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
    key = text(made).partition('value="prio_')[2].partition('"')[0]
    assert program(f"prio_{key}").get(PROPOSALS).status_code == 200
    later = text(client.get(PAGE))
    assert key not in later
    assert "Report" in later
    assert Token.objects.get().expires_at - timezone.now() > timedelta(days=89, hours=23)
    again = client.post(PAGE, form)
    assert again.status_code == 422
    assert "There is a token of this name already." in text(again)


def test_the_page_keeps_what_was_typed_and_makes_nothing(company: Company) -> None:
    client = signed_in(company.marketing)
    wrong = client.post(
        PAGE, {"name": "Mine", "person": company.leader.pk, "scope": "read", "days": 7}
    )
    assert wrong.status_code == 422
    assert 'value="Mine"' in text(wrong)
    assert not Token.objects.exists()


def test_the_page_revokes_what_one_may_see(company: Company, service: User) -> None:
    own, _ = issue(company.marketing)
    robots, _ = issue(service, company.admin)
    stranger = signed_in(company.cx)
    assert stranger.post(f"{PAGE}{own.pk}/revoke/").status_code == 404
    assert "warehouse" not in text(stranger.get(PAGE))
    assert signed_in(company.admin).post(f"{PAGE}{own.pk}/revoke/").status_code == 404
    assert "service account warehouse" in text(signed_in(company.admin).get(PAGE))
    signed_in(company.admin).post(f"{PAGE}{robots.pk}/revoke/")
    signed_in(company.marketing).post(f"{PAGE}{own.pk}/revoke/")
    assert not Token.objects.filter(revoked_at=None).exists()
    assert [entry.action for entry in AuditEntry.objects.order_by("-number")[:2]] == [
        "token.revoke",
        "token.revoke",
    ]
    revoke_token(actor=company.admin, token=robots)
    assert AuditEntry.objects.filter(action="token.revoke").count() == 2


def test_who_asks_too_fast_waits(company: Company, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    Pace.cache.clear()
    client, (_, key) = program(issue(company.marketing)[1]), issue(company.marketing, name="Other")
    assert [client.get(PROPOSALS).status_code for _ in range(4)] == [200, 200, 200, 429]
    slow = client.get(PROPOSALS)
    assert 0 < int(slow["Retry-After"]) <= 60
    assert slow.json()["title"] == "Too Many Requests"
    assert program(key).get(PROPOSALS).status_code == 200
    person = APIClient()
    come_in(person, company.marketing)
    assert [person.get(PROPOSALS).status_code for _ in range(4)] == [200, 200, 200, 429]
