"""An assistant asks over the real protocol, with the official client, as its person."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx2
import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from prioritizer.assistant.server import _called
from prioritizer.assistant.tools import TOOLS
from projects.models import AuditEntry, Proposal, Token, User
from projects.tokens.services import issue_token
from scoring.models import RankingRun
from tests.company import Company, make_company

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture
def house() -> Company:
    return make_company()


def key_for(user: User, scope: str = "read") -> str:
    """A token, of somebody with a second factor."""
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    return issue_token(actor=user, person=user, name=f"Mine {scope}", scope=scope, days=1)[1]


def talk(address: str, key: str, say: Callable[[Client], Awaitable[T]]) -> T:
    """One conversation of the official client with the running site."""

    async def spoken() -> T:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http:
            transport = streamable_http_client(f"{address}/api/v1/mcp/", http_client=http)
            async with Client(transport) as client:
                return await say(client)

    return asyncio.run(spoken())


def called(address: str, key: str, tool: str, **said: Any) -> Any:
    """The tool's answer, or its sentence where it is refused."""

    async def say(client: Client) -> Any:
        return await client.call_tool(tool, said)

    result = talk(address, key, say)
    text = result.content[0].text
    return text if result.is_error else json.loads(text)


@pytest.fixture
def ranked(house: Company) -> tuple[Company, RankingRun, list[Proposal]]:
    offer = house.scored("Card offer", money=house.money(benefit=300_000))
    app = house.scored("App first", money=house.money(benefit=120_000))
    return house, house.rank(), [offer, app]


def test_it_explains_a_rank_and_what_another_order_would_cost(
    ranked: tuple[Company, RankingRun, list[Proposal]], live_server: Any
) -> None:
    house, run, (offer, app) = ranked
    key = key_for(house.leader)
    found = called(live_server.url, key, "search_backlog", q="Card")
    (line,) = found["results"]
    stored = run.results.get(proposal=offer)
    assert (line["proposal"], line["rank"], line["value"]) == (offer.pk, 1, stored.value)
    why = called(live_server.url, key, "explain_rank", proposal=offer.pk)
    assert sum(term["contribution"] for term in why["terms"]) == pytest.approx(stored.value)
    plan = called(live_server.url, key, "plan", budget=100_000, put_in=[app.pk])
    (exception,) = plan["exceptions"]
    assert (exception["proposal"], exception["gain"] > 0) == (app.pk, True)
    assert exception["pushes_out"]
    asked = called(live_server.url, key, "what_if", weights={"return": 0, "impact": 50, "fit": 50})
    assert len(asked["lines"]) == 2
    assert called(live_server.url, key, "compare_scenarios") == {"scenarios": []}
    entries = AuditEntry.objects.filter(action="assistant.call", actor=house.leader)
    assert [entry.data["tool"] for entry in entries] == [
        "search_backlog",
        "explain_rank",
        "plan",
        "what_if",
        "compare_scenarios",
    ]


def test_it_sees_what_its_person_sees(
    ranked: tuple[Company, RankingRun, list[Proposal]], live_server: Any
) -> None:
    house, _, (offer, _) = ranked
    secret = house.draft("Still secret")
    stranger = key_for(house.other_cx)
    said = called(live_server.url, stranger, "proposal", proposal=secret.pk)
    assert said.startswith("No ")
    assert called(live_server.url, key_for(house.cx), "proposal", proposal=secret.pk)["id"] == (
        secret.pk
    )
    for tool in ("what_if", "plan", "compare_scenarios"):
        assert "Leaders" in called(live_server.url, stranger, tool)
    # Something new is to be judged: the order is closed to who has not judged it yet.
    late = house.submitted("Late")
    house.score(late, house.curator, 100, 100)
    house.rank()
    judge = key_for(house.panelist)
    closed = called(live_server.url, judge, "explain_rank", proposal=late.pk)
    assert isinstance(closed, str)
    assert called(live_server.url, judge, "explain_rank", proposal=offer.pk)["rank"] == 1


def test_a_token_that_reads_drafts_nothing_and_one_that_writes_only_drafts(
    house: Company, live_server: Any
) -> None:
    said = {
        "title": "One text",
        "problem": "Two offers arrive.",
        "marketing_owner": house.marketing.pk,
        "cx_owner": house.cx.pk,
    }
    read, write = key_for(house.marketing), key_for(house.marketing, "write")
    assert "may only read" in called(live_server.url, read, "draft_proposal", **said)
    made = called(live_server.url, write, "draft_proposal", **said)
    proposal = Proposal.objects.get()
    assert (made["id"], proposal.status, proposal.problem) == (
        proposal.pk,
        "draft",
        "Two offers arrive.",
    )
    finding = {"finding": "They call.", "kind": "user", "source": "Calls", "sample": 12}
    wrong = called(live_server.url, write, "record_insight", **finding, gathered_on="2999-01-01")
    assert "gathered_on" in wrong
    kept = called(live_server.url, write, "record_insight", **finding, gathered_on="2026-01-01")
    assert kept["reference"].startswith("I-")
    assert not {"sign", "submit", "judge", "vote", "decide"} & set(" ".join(TOOLS).split("_"))


def test_the_tools_and_texts_describe_themselves(house: Company, live_server: Any) -> None:
    async def say(client: Client) -> tuple[Any, Any, str, str]:
        tools = (await client.list_tools()).tools
        texts = (await client.list_resources()).resources
        words = await client.read_resource("prioritizer://user/words")
        framework = await client.read_resource("prioritizer://framework")
        return tools, texts, words.contents[0].text, framework.contents[0].text  # type: ignore[union-attr]

    tools, texts, words, framework = talk(live_server.url, key_for(house.cx), say)
    assert {tool.name for tool in tools} == set(TOOLS)
    writing = [tool.name for tool in tools if not tool.annotations.read_only_hint]
    assert writing == ["draft_proposal", "record_insight"]
    assert {"prioritizer://framework", "prioritizer://method/value"} <= {
        str(text.uri) for text in texts
    }
    assert words.startswith("# The words of the product")
    assert json.loads(framework)[0]["number"] == 1


def test_a_text_that_is_not_there_is_refused_in_words(house: Company, live_server: Any) -> None:
    async def say(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.read_resource("prioritizer://user/../../etc/passwd")
        return str(refused.value)

    assert talk(live_server.url, key_for(house.cx), say) == "There is no such text."


@pytest.mark.parametrize(
    ("tool", "said", "sentence"),
    [
        ("decide", {}, "There is no tool decide."),
        ("proposal", {}, "arguments: 'proposal' is a required property."),
        ("proposal", {"proposal": 1, "secret": 2}, "'secret' was unexpected"),
        ("proposal", {"proposal": "../people"}, "proposal: '../people' is not of type 'integer'."),
        ("plan", {"put_in": 7}, "put_in: 7 is not of type 'array'."),
        ("what_if", {"weights": {"impact": -1}}, "weights.impact: -1 is less than"),
        ("search_backlog", {"limit": "x"}, "limit: 'x' is not of type 'integer'."),
        ("search_backlog", {"status": "burning"}, "status: 'burning' is not one of"),
        ("proposal", {"proposal": 0}, "No "),
    ],
)
def test_what_is_wrong_comes_back_as_a_sentence(
    house: Company, live_server: Any, tool: str, said: dict[str, Any], sentence: str
) -> None:
    house.scored("One")
    house.rank()
    answer = called(live_server.url, key_for(house.leader), tool, **said)
    assert isinstance(answer, str)
    assert sentence in answer


def test_without_a_token_there_is_nothing(house: Company, live_server: Any) -> None:
    address = f"{live_server.url}/api/v1/mcp/"
    for headers in ({}, {"Authorization": "Bearer prio_none"}, {"Authorization": "Basic x"}):
        refused = httpx2.post(address, json={}, headers=headers)
        assert (refused.status_code, refused.json()["status"]) == (401, 401)
        assert "Bearer" in refused.headers["www-authenticate"]
    assert httpx2.get(address).status_code == 405
    token = {"Authorization": f"Bearer {key_for(house.cx)}"}
    assert httpx2.post(address, content=b"{", headers=token).status_code in (400, 406)


def test_on_standard_input_and_output_it_wants_a_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for key, sentence in (("", "Set PRIORITIZER_TOKEN"), ("prio_x", "There is no such token.")):
        monkeypatch.setenv("PRIORITIZER_TOKEN", key)
        with pytest.raises(CommandError, match=sentence):
            call_command("mcp")


@pytest.mark.postgres
def test_it_outlives_a_restart_of_the_database(ranked: tuple[Company, RankingRun, Any]) -> None:
    company, _, _ = ranked
    key = key_for(company.leader)
    token = Token.objects.get()
    assert not _called(token, key, "search_backlog", {}).is_error
    connection.connection.close()  # as after a restart: nobody told Django
    assert not _called(token, key, "search_backlog", {}).is_error
