"""The calendar of one's deadlines: what is in it, for whom, and who may open it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from projects.models import Comment, Proposal, Token, User
from projects.tokens.services import issue_token, revoke_token
from scoring.deadlines.selectors import deadlines_of
from scoring.decisions.services import meet_condition
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.framework.services.votes import open_vote
from tests.company import Company, a_condition, recorded
from tests.pages import signed_in, text

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=5)


def feed_of(user: User) -> tuple[Token, str]:
    token, key = issue_token(actor=user, person=user, name="Phone", scope="calendar", days=90)
    return token, f"/calendar/{key}.ics"


def events(address: str) -> dict[str, date]:
    """Summary -> day, as a calendar reads the feed."""
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    read: Any = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event["dtstart"].dt for event in read.walk("VEVENT")}


@pytest.fixture
def asked(company: Company) -> Proposal:
    """A question and a condition for CX's owner, on a proposal greenlit with conditions."""
    proposal = company.scored("One")
    run = company.rank()
    recorded(
        actor=company.leader,
        proposal=proposal,
        run=run,
        outcome="conditional",
        reason="It pays.",
        conditions=[a_condition(company.cx, "Legal agrees.")],
        creation_key=uuid4(),
    )
    Comment.objects.create(
        proposal=proposal,
        author=company.leader,
        text="Who counted?",
        to=company.cx,
        due=SOON,
        in_draft=False,
    )
    return proposal


def test_what_is_asked_of_one_by_when(company: Company, asked: Proposal) -> None:
    _, address = feed_of(company.cx)
    found = events(address)
    intake = f"Intake of {company.cycle} closes"
    due = a_condition(company.cx).due
    assert found == {
        intake: company.cycle.intake_closes,
        f"Condition of {asked.reference}: Legal agrees.": due,
        f"{company.leader} asks about {asked.reference}: Who counted?": SOON,
    }
    decision = asked.decisions.get()
    meet_condition(actor=company.cx, condition=decision.conditions.get(), how="By mail.")
    Comment.objects.update(resolved_at=timezone.now(), resolved_by=company.cx)
    assert list(events(address)) == [intake]


@pytest.mark.usefixtures("asked")
def test_it_is_one_s_own(company: Company) -> None:
    for user in (company.marketing, company.other_cx, company.leader):
        assert [one.key.partition("-")[0] for one in deadlines_of(user)] == ["intake"]


def test_a_vote_is_due_until_one_has_voted(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Other words."}
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    open_vote(actor=company.curator, version=draft, expected_version=draft.version, days=3)
    _, address = feed_of(company.panelist)
    assert f"Vote on {draft}" in events(address)
    draft.ballots.create(member=company.panelist, text=draft.version - 1, choice="yes")
    assert f"Vote on {draft}" in events(address)  # that was a vote on another text
    draft.ballots.create(member=company.panelist, text=draft.version, choice="yes")
    assert f"Vote on {draft}" not in events(address)
    assert f"Vote on {draft}" not in events(feed_of(company.cx)[1])


def test_the_address_opens_a_calendar_and_nothing_else(company: Company) -> None:
    token, address = feed_of(company.cx)
    key = address.removeprefix("/calendar/").removesuffix(".ics")
    bearer = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/proposals/", headers=bearer).status_code == 401
    assert Client().post("/api/v1/mcp/", headers=bearer).status_code == 401
    _, other = issue_token(actor=company.cx, person=company.cx, name="Read", scope="read", days=90)
    assert Client().get(f"/calendar/{other}.ics").status_code == 404
    assert Client().get("/calendar/prio_none.ics").status_code == 404
    assert "no-store" in Client().get(address)["Cache-Control"]
    revoke_token(actor=company.cx, token=token)
    assert Client().get(address).status_code == 404


def test_it_ends_with_the_account_and_the_days(company: Company) -> None:
    _, address = feed_of(company.cx)
    User.objects.filter(pk=company.cx.pk).update(is_active=False)
    assert Client().get(address).status_code == 404
    User.objects.filter(pk=company.cx.pk).update(is_active=True)
    assert Client().get(address).status_code == 200
    Token.objects.update(expires_at=timezone.now())
    assert Client().get(address).status_code == 404


def test_the_page_of_tokens_gives_the_address_once(company: Company) -> None:
    client = signed_in(company.cx)
    form = {"name": "Phone", "person": company.cx.pk, "scope": "calendar", "days": 90}
    page = client.post("/tokens/", form)
    assert "Copy the address now" in text(page)
    address = page.context["feed"]
    assert f'value="{address}"' in page.content.decode()
    assert Client().get(address).status_code == 200
    assert address not in client.get("/tokens/").content.decode()
