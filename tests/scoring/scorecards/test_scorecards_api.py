"""Scorecards through the API."""

from typing import Any

import pytest

from projects.models import User
from scoring.models import FrameworkVersion, Scorecard, Seat
from tests.company import Company, framework_spec
from tests.contract import Api, refusal_of

ANSWERS = [{"criterion": "pain", "level": "50"}, {"criterion": "strategic-fit", "level": "25"}]
IN = {"answers": ANSWERS, "submit": True}


def test_a_scorecard_needs_its_version(company: Company) -> None:
    path, api = f"/queue/{company.submitted().pk}/scorecard/", Api(company.panelist)
    assert api.send("PUT", path, IN).status_code == 428
    assert api.send("PUT", path, IN, version=1).status_code == 412
    started = api.send("PUT", path, {"answers": ANSWERS[:1]}, version=0)
    assert (started.json()["status"], started.headers["ETag"]) == ("draft", '"1"')
    assert api.send("PUT", path, IN, version=0).status_code == 412
    assert api.send("PUT", path, IN, version=1).json()["version"] == 2


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], {"pain", "strategic-fit"}),
        (ANSWERS[:1], {"strategic-fit"}),
        ([*ANSWERS, {"criterion": "expected-roi", "level": "1"}], {"answers.2.criterion"}),
        ([{"criterion": "pain", "level": "51"}, ANSWERS[1]], {"answers.0.level"}),
        ([ANSWERS[0] | {"abstention_reason": "Both?"}, ANSWERS[1]], {"pain"}),
        ([{"criterion": "pain", "level": "NaN"}], {"answers.0.level"}),
    ],
)
def test_a_wrong_scorecard_is_named_by_criterion(
    company: Company, answers: list[dict[str, Any]], expected: set[str]
) -> None:
    path = f"/queue/{company.submitted().pk}/scorecard/"
    body = {"answers": answers, "submit": True}
    answer = Api(company.panelist).send("PUT", path, body, version=0)
    assert (answer.status_code, set(refusal_of(answer))) == (400, expected)
    assert not Scorecard.objects.exists()


def test_scorecards_of_others_come_with_ones_own(company: Company) -> None:
    proposal, api = company.submitted(), Api(company.panelist)
    theirs = company.score(proposal, company.curator, 100, -1)
    assert api.read("/scorecards/")["count"] == 0
    assert api.send("GET", f"/scorecards/{theirs.pk}/").status_code == 404
    api.send("PUT", f"/queue/{proposal.pk}/scorecard/", IN, version=0)
    assert api.read(f"/scorecards/?proposal={proposal.pk}")["count"] == 2
    assert api.read(f"/scorecards/{theirs.pk}/")["answers"] == [
        {"criterion": "pain", "level": "100.000", "abstention_reason": ""},
        {"criterion": "strategic-fit", "level": None, "abstention_reason": "Cannot judge this."},
    ]
    assert Api(company.leader).read("/scorecards/")["count"] == 0


def test_a_recusal_is_final(company: Company) -> None:
    """Who is recused sees the standing; a score after that would not be blind."""
    proposal, api = company.submitted(), Api(company.panelist)
    company.score(proposal, company.curator, 100, 100)
    company.rank()
    closed = api.get("/api/v1/backlog/")
    assert closed.status_code == 403
    assert "Rankings open to you when your judgement is in." in closed.content.decode()
    path = f"/queue/{proposal.pk}/"
    assert api.send("POST", f"{path}recuse/", {"reason": " "}, version=0).status_code == 400
    assert api.send("POST", f"{path}recuse/", {"reason": "A friend's."}, version=0).json()
    assert api.read("/backlog/")["count"] == 1
    again = api.send("PUT", f"{path}scorecard/", IN, version=1)
    assert (again.status_code, refusal_of(again)) == (
        409,
        {"detail": "You recused yourself from this proposal, so you no longer score it."},
    )


def test_a_recusal_outlives_an_amendment(company: Company) -> None:
    proposal, api = company.submitted(), Api(company.panelist)
    api.send("POST", f"/queue/{proposal.pk}/recuse/", {"reason": "A friend's."}, version=0)
    curator = Api(company.curator)
    spec = framework_spec() | {"summary": "Other weights."}
    draft = curator.send("POST", "/framework-versions/", {"spec": spec}).json()
    company.ratified(FrameworkVersion.objects.get(pk=draft["id"]))
    assert api.read("/queue/")["count"] == 0
    assert api.send("PUT", f"/queue/{proposal.pk}/scorecard/", IN, version=0).status_code == 409
    assert "1 of 1 done" in api.get("/admin/").content.decode()


def test_a_lost_seat_closes_the_queue(company: Company) -> None:
    Seat.objects.filter(user=company.panelist).update(is_active=False)
    answer = Api(User.objects.get(pk=company.panelist.pk)).send("GET", "/queue/")
    assert answer.status_code == 403
