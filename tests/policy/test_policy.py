"""Every route, method, role, relation and state, generated from the URL conf and the table."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction

from projects.models import AuditEntry, Proposal
from tests.contract import refusal_of
from tests.policy.check import cells, problems, undeclared
from tests.policy.making import world_of
from tests.policy.rules import PANEL, ROLES, STRANGERS
from tests.policy.table import TABLE
from tests.policy.world import World

LEAST_CELLS = 3_000
LEAKY = "tests.policy.leaky_urls"
HIDDEN_FROM_OTHERS = 1  # the other team's draft
ALL_PROPOSALS = 10


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are asked for; no line in the log for each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def found(world: World, *names: str) -> list[str]:
    """Every problem of the routes with these names, or of all."""
    client = world.client()
    return [
        text
        for cell in cells(TABLE, world.role)
        if cell.row.route in names or not names
        for text in problems(world, cell, client)
    ]


def test_table_and_url_conf_are_the_same() -> None:
    assert undeclared(TABLE) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_everyone_gets_what_the_table_says(role: str, record_property) -> None:
    wrong = found(world_of(role))
    assert not wrong, "\n".join(wrong)
    record_property("policy cells", len(cells(TABLE, role)))


def test_the_table_is_large_enough() -> None:
    assert sum(len(cells(TABLE, role)) for role in ROLES) >= LEAST_CELLS


def test_a_route_without_a_row_is_found() -> None:
    assert any(
        text.startswith("The route “extra” (extra/) has no row. Add one to tests/policy/table/")
        for text in undeclared(TABLE, LEAKY)
    )


def test_a_second_route_of_the_same_name_is_found() -> None:
    assert (
        "“home” is there 2 times in the URL conf and 1 times in the table. "
        "Give each route its own name and row." in undeclared(TABLE, LEAKY)
    )


def test_a_row_without_a_route_is_found() -> None:
    ghost = replace(TABLE[0], route="ghost")
    assert undeclared([*TABLE, ghost]) == [
        "The row “ghost” has no route. Take it out of tests/policy/table/."
    ]
    rest = [row for row in TABLE if row.route != "run"]
    assert undeclared(rest)[0].startswith("The route “run” (runs/<int:pk>/) has no row.")


def test_a_row_that_is_there_twice_is_found() -> None:
    twice = "“healthz” is there 1 times in the URL conf and 2 times in the table. "
    assert [text[: len(twice)] for text in undeclared([*TABLE, TABLE[0]])] == [twice]


PLANTED = {
    "anonymous": ["GET home (anonymous): 200, but the policy says 302"],
    "marketing": [
        "GET proposal (marketing, other team, draft): 200, but the policy says 404",
        "GET proposal (marketing, other team, draft): shows “veiled-draft”",
        "GET proposals (marketing): shows “veiled-draft”",
        "GET framework (marketing): shows “comment-beside-own-scorecard”",
        "GET notifications (marketing): it wrote something",
    ],
    "panelist": [
        "GET backlog (panelist): shows “Veiled standing”",
        "GET framework (panelist): shows “veiled-comment”",
        "GET framework (panelist): shows “veiled-started-scorecard”",
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", PLANTED)
def test_every_planted_leak_is_found(settings, role: str) -> None:
    world, planted = world_of(role), PLANTED[role]
    settings.ROOT_URLCONF = LEAKY
    problems_found = found(world, *{text.split()[1].strip("():") for text in planted})
    assert set(planted) - set(problems_found) == set()


@pytest.mark.django_db
def test_a_method_without_an_entry_is_found_by_a_role_whose_turn_it_is(settings) -> None:
    settings.ROOT_URLCONF = LEAKY
    told: list[str] = []
    for role in ROLES:
        if role not in STRANGERS:
            with transaction.atomic():  # each company in an empty database
                told += found(world_of(role), "runs")
                transaction.set_rollback(True)
    assert any(f"PUT runs ({role}): 200, but the policy says 405" in told for role in ROLES)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["marketing", "panelist", "admin"])
def test_counts_and_choices_say_nothing_of_what_is_hidden(role: str) -> None:
    """A hidden object answers as one that does not exist, in filters and bodies too."""
    world = world_of(role)
    client = world.client()
    hidden = 0 if role == "admin" else HIDDEN_FROM_OTHERS
    assert Proposal.objects.count() == ALL_PROPOSALS
    assert client.get("/api/v1/proposals/").json()["count"] == ALL_PROPOSALS - hidden
    assert f"{ALL_PROPOSALS - hidden} you can see" in client.get("/proposals/").content.decode()
    if role not in PANEL:
        assert client.get("/api/v1/backlog/").json()["count"] == 7
    if role == "admin":
        return
    draft = world.proposals["other team", "draft"].pk
    for address in ("/api/v1/decisions/", "/api/v1/scorecards/"):
        answers = [client.get(address, {"proposal": pk}) for pk in (draft, 999_999)]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].content == answers[1].content
    sent = {"run": world.runs["done"].pk, "outcome": "hold", "reason": "Not now."}
    made = [
        client.post("/api/v1/decisions/", sent | {"proposal": pk}, content_type="application/json")
        for pk in (draft, 999_999)
    ]
    texts = [refusal_of(answer)["proposal"][0].replace(str(draft), "999999") for answer in made]
    assert [answer.status_code for answer in made] == [400, 400]
    assert texts[0] == texts[1]


@pytest.mark.django_db
def test_the_audit_trail_shows_administrators_no_scores() -> None:
    world = world_of("admin")
    client = world.client()
    entries = {entry.action: entry for entry in AuditEntry.objects.all()}
    pages = {
        action: client.get(f"/admin/projects/auditentry/{entry.pk}/change/").content.decode()
        for action, entry in entries.items()
    }
    assert "&quot;scores&quot;" not in pages["scorecard.submit"]
    assert "&quot;outcome&quot;" in pages["decision.record"]
