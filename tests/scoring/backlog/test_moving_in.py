"""From an empty installation to the first ranking, in the browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from projects.audit.models import AuditEntry
from projects.models import Cycle, JourneyStage, Segment, Team, User
from projects.people.services import become_first_administrator, first_path
from scoring.framework.selectors import draft_version
from scoring.models import Seat
from tests.company import Company
from tests.pages import signed_in, text

WHO = {"email": "Ann@house.example", "first_name": "Ann", "last_name": "Early"}
FORM = WHO | {"password": "entirely different words"}


def steps(client: Client) -> dict[str, str]:
    """What the list on the home page says of each step; empty for who is done."""
    page = text(client.get("/"))
    rows = re.findall(r"<li(?: class=\"done\")?> <b>(.*?)</b>(.*?)</li>", page)
    said = {name: re.search(r'<p class="small">(.*?)</p>', rest) for name, rest in rows}
    return {name: found[1] if found else "" for name, found in said.items()}


@pytest.mark.django_db
def test_whoever_opens_the_address_first_moves_in() -> None:
    path, client = first_path(), Client()
    page = client.get(path, follow=True)
    assert page.redirect_chain == [("/move-in/", 302)], "the address leaves the address"
    weak = client.post("/move-in/", FORM | {"password": "short"})
    assert weak.status_code == 422
    assert "This password is too short." in text(weak)
    assert 'value="Ann@house.example"' in text(weak)
    assert not User.objects.exists()
    landed = client.post("/move-in/", FORM, follow=True)
    assert landed.redirect_chain[-1][0] == "/second-factor/"
    person = User.objects.get()
    assert (person.username, person.is_superuser) == ("ann@house.example", True)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["person.first"]
    assert first_path() == ""
    late = Client()
    assert late.get(path, follow=True).status_code == 404
    assert late.post("/move-in/", FORM | {"email": "b@house.example"}).status_code == 404
    assert User.objects.count() == 1
    with pytest.raises(CommandError, match="Somebody is here already"):
        call_command("first_administrator")


@pytest.mark.django_db
def test_the_address_is_good_for_an_hour_and_cannot_be_made_up(monkeypatch: Any) -> None:
    path = first_path()
    later = timezone.now().timestamp() + 3601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert "does not work any more" in text(Client().get(path, follow=True))
    assert "does not work any more" in text(Client().get("/move-in/made-up/", follow=True))
    sealed = path.split("/")[2]
    assert become_first_administrator(sealed=sealed, password="x", **WHO) is None
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_the_list_says_what_is_missing_until_something_is_ranked() -> None:
    admin = User.objects.create_superuser("admin")
    client = signed_in(admin)
    assert steps(client) == {
        "Teams of Marketing and CX": "There is no team of Marketing and none of CX yet.",
        "People who propose, and a leader": (
            "There is nobody in Marketing, nobody in CX, no leader who decides yet."
        ),
        "A cycle with its budget and dates": "No cycle is current and open for proposals.",
        "The journey of your customers": (
            "Effects are stated by journey stage and segment; one of them is missing."
        ),
        "A framework in force": "There is none yet.",
        "A panel that judges": "0 of at least 2 seats taken.",
        "Proposals, signed by both owners": "None is submitted.",
        "Judgements": "The panel has judged nothing yet.",
        "The first ranking": (
            "It is made by itself a minute after the judgements are in, or under Runs."
        ),
    }
    for function in ("marketing", "cx"):
        team = Team.objects.create(name=function, function=function)
        User.objects.create_user(function, team=team, is_leader=function == "cx")
    today = timezone.localdate()
    Cycle.objects.create(
        name="First",
        intake_opens=today,
        intake_closes=today + timedelta(days=30),
        budget=1,
        is_current=True,
    )
    client.post("/journey/usual/")
    client.post("/admin/framework/ready/joint/")
    Seat.objects.bulk_create(Seat(user=user) for user in User.objects.filter(team__isnull=False))
    said = steps(client)
    assert said["A framework in force"] == "A draft waits to be published."
    assert said["A panel that judges"] == "Nobody chairs it."
    Seat.objects.filter(user__username="cx").update(is_chair=True)
    draft = draft_version()
    assert draft is not None
    client.post("/admin/framework/publish/", {"version": draft.version})
    left = [name for name, missing in steps(client).items() if missing]
    assert left == ["Proposals, signed by both owners", "Judgements", "The first ranking"]


def test_the_list_is_for_administrators_and_ends_with_the_first_ranking(company: Company) -> None:
    assert "Moving in" in text(signed_in(company.admin).get("/"))
    for who in ("marketing", "leader", "curator"):
        assert "Moving in" not in text(signed_in(getattr(company, who)).get("/"))
    company.scored("One")
    assert steps(signed_in(company.admin))["Judgements"] == ""
    company.rank()
    assert "Moving in" not in text(signed_in(company.admin).get("/"))


def test_the_usual_journey_is_taken_once(company: Company) -> None:
    admin = signed_in(company.admin)
    said = text(admin.post("/journey/usual/", follow=True))
    assert "There is a journey already." in said
    JourneyStage.objects.all().delete()
    Segment.objects.all().delete()
    said = text(admin.post("/journey/usual/", follow=True))
    assert "The usual journey is there." in said
    assert JourneyStage.objects.count() == 6
    assert Segment.objects.get().name == "All customers"
    assert signed_in(company.leader).post("/journey/usual/").status_code == 403


def test_a_run_of_incomplete_proposals_is_no_first_ranking(company: Company) -> None:
    company.submitted("Not judged")
    company.rank()
    page = text(signed_in(company.admin).get("/"))
    assert "Moving in" in page
    assert "Nothing is ranked yet: all proposals of" in page
    assert "None." not in page


def test_the_list_names_proposals_that_too_few_may_judge(company: Company) -> None:
    company.submitted("One")
    company.submitted("Two")
    client = signed_in(company.admin)
    judges = Seat.objects.filter(is_active=True)
    assert judges.count() >= 2
    assert steps(client)["A panel that judges"] == ""
    User.objects.filter(pk__in=judges.values("user")).update(team=company.marketing.team)
    assert steps(client)["A panel that judges"] == (
        "2 of the submitted proposals have fewer than 2 panelists, as nobody judges the own "
        "team's. Seat somebody of another team."
    )


@pytest.mark.parametrize(("query", "to"), [("?from-home", "/"), ("", "/admin/projects/team/")])
def test_who_comes_from_the_list_goes_back_to_it(company: Company, query: str, to: str) -> None:
    sent = {"name": "Service", "function": "cx"}
    answer = signed_in(company.admin).post(f"/admin/projects/team/add/{query}", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, to)
