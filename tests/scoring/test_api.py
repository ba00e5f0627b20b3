"""Panel, ranking and decisions through the API, and its published schema."""

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from projects.models import Notification, User
from scoring.exports.services.write import write_export
from scoring.models import Decision, FrameworkVersion, RankingRun, Scorecard, Seat
from scoring.ranking.services.ranking import rank_run
from tests import contract
from tests.company import TEXTS, Company, framework_spec, levels
from tests.contract import Api, refusal_of
from tests.kept import kept

ANSWERS = [{"criterion": "pain", "level": "50"}, {"criterion": "strategic-fit", "level": "25"}]
IN = {"answers": ANSWERS, "submit": True}


def test_the_schema_has_no_warning_and_every_operation_is_named(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format=openapi-json", file=file)
    assert json.loads(file.read_text())["openapi"].startswith("3.")
    assert len(contract.operations()) >= 30


def test_an_answer_unlike_the_schema_is_found(company: Company) -> None:
    api = Api(company.marketing)
    answer = api.send("GET", "/teams/")
    answer.content = answer.content.replace(b'"count":6', b'"count":"six"')
    del answer._json  # what was parsed before
    with pytest.raises(AssertionError, match="'six' is not of type 'integer'"):
        api._compare("GET", answer)


def _lists(admin: Api, company: Company) -> None:
    """A list comes in and is taken back."""
    content = b64encode(b"title,marketing_owner,cx_owner\nIdea,marketing,cx\n").decode()
    sent = {"name": "list.csv", "content": content, "cycle": company.cycle.pk}
    pk = admin.send("POST", "/imports/", sent).json()["id"]
    admin.send("PATCH", f"/imports/{pk}/", {"left_out": []})
    admin.send("POST", f"/imports/{pk}/bring-in/")
    admin.send("POST", f"/imports/{pk}/undo/")
    assert admin.read(f"/imports/{pk}/")["state"] == "undone"
    assert admin.read("/imports/")["count"] == 1


def test_every_operation_answers_as_documented(company: Company) -> None:
    """The whole path through the API alone: two owners, the panel, the chair, a leader."""
    names = ("marketing", "cx", "panelist", "curator", "leader", "admin")
    apis = [Api(getattr(company, name)) for name in names]
    marketing, cx, panelist, curator, leader, admin = apis

    _lists(admin, company)
    body = {
        "title": "Stop the double offer",
        "marketing_owner": company.marketing.pk,
        "cx_owner": company.cx.pk,
        "money": [
            {"kind": "one_off_cost", "low": 90, "likely": 100, "high": 110},
            {"kind": "retention", "low": 50, "likely": 80, "high": 90},
        ],
        "effects": [
            {"stage": "Use", "segment": "Families", "reach": 9, "points": 5, "evidence": "user"}
        ],
    }
    pk = marketing.send("POST", "/proposals/", body | TEXTS, key=str(uuid4())).json()["id"]
    path = f"/proposals/{pk}/"
    digest = cx.send("PATCH", path, {"title": "Stop it"}, version=1).json()["digest"]
    for owner in (marketing, cx):
        owner.send("POST", f"{path}sign/", {"digest": digest})
    cx.send("POST", f"{path}submit/", version=2)
    marketing.send("POST", f"{path}recall/", version=3)
    for owner in (marketing, cx):
        owner.send("POST", f"{path}sign/", {"digest": digest})
    assert marketing.send("POST", f"{path}submit/", version=4).json()["status"] == "submitted"
    copied = marketing.send("POST", f"{path}copy/", key=str(uuid4()))
    (close,) = marketing.send("GET", f"{path}overlaps/").json()
    assert (close["proposal"], close["alike"]) == (copied.json()["id"], 1.0)
    assert (copied.status_code, copied.json()["status"]) == (201, "draft")

    body = {"team": company.other_cx.team_id, "reason": "I worked there."}
    tie = panelist.send("POST", "/conflicts/", body).json()
    assert panelist.send("POST", f"/conflicts/{tie['id']}/end/").json()["ended_at"]
    assert [row["id"] for row in curator.read("/conflicts/")["results"]] == [tie["id"]]
    judge = company.panelist.pk
    spread = curator.send("POST", "/assignments/spread/", {"each": 1}).json()
    assert spread == {"asked": 1, "short": 0, "groups": 1}
    put = curator.send("PUT", f"/assignments/{pk}/", {"judges": [judge, company.curator.pk]}).json()
    assert (put["assigned"], len(put["judges"])) == (True, 2)
    assert curator.read("/assignments/")["results"] == [put]
    body = {"member": company.curator.pk}
    assert curator.send("POST", "/assignments/hand-over/", body).json()["short"] == 1
    assert curator.send("PUT", f"/assignments/{pk}/", {"judges": []}).json()["judges"] == []
    assert [row["id"] for row in panelist.read("/queue/")["results"]] == [pk]
    saved = panelist.send("PUT", f"/queue/{pk}/scorecard/", IN, version=0)
    assert (saved.status_code, saved.json()["status"]) == (200, "submitted")
    assert panelist.read("/queue/")["results"] == []
    card = panelist.read("/scorecards/")["results"][0]
    assert panelist.read(f"/scorecards/{card['id']}/") == card
    assert curator.send("PUT", f"/queue/{pk}/scorecard/", IN, version=0).status_code == 200
    asking = {"criterion": "pain", "text": "Why so much?"}
    question = curator.send("POST", f"/scorecards/{card['id']}/questions/", asking).json()
    said = {"question": question["id"], "text": "Two letters fewer."}
    said = panelist.send("POST", f"/scorecards/{card['id']}/answer/", said).json()
    assert (said["text"], said["answer"]) == ("Why so much?", "Two letters fewer.")
    assert curator.read(f"/scorecards/{card['id']}/questions/") == [said]
    [pain, _] = panelist.read("/judgements/")
    assert (pain["criterion"], pain["scores"]) == ("pain", 2)
    assert panelist.read("/differences/") == []
    stepped = curator.send("POST", f"/queue/{pk}/recuse/", {"reason": "A friend's."}, version=1)
    assert stepped.json()["status"] == "recused"

    asked = leader.send("POST", "/runs/")
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    assert leader.send("POST", "/runs/").json()["id"] == asked.json()["id"]
    stopped = leader.send("POST", f"/runs/{asked.json()['id']}/cancel/")
    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
    asked = leader.send("POST", "/runs/")
    assert rank_run(run_id=asked.json()["id"])
    run = leader.read(f"/runs/{asked.json()['id']}/")
    assert (run["status"], run["facts"]["ranked"]) == ("done", 1)
    assert leader.read("/runs/?status=done")["count"] == 1

    assert [row["rank"] for row in leader.read("/backlog/")["results"]] == [1]
    row = leader.read(f"/backlog/{pk}/")
    assert sum(term["contribution"] for term in row["terms"]) == pytest.approx(row["value"])
    assert [term["key"] for term in row["terms"]] == [
        "expected-roi",
        "impact-points",
        "pain",
        "strategic-fit",
    ]
    yes = {"proposal": pk, "run": run["id"], "outcome": "greenlight", "reason": "It pays."}
    decided = leader.send("POST", "/decisions/", yes)
    assert (decided.status_code, decided.json()["line"]) == (201, "inside")
    assert leader.read(f"/decisions/{decided.json()['id']}/") == decided.json()
    assert leader.read(f"/decisions/?proposal={pk}&outcome=greenlight")["count"] == 1
    assert marketing.read(path)["status"] == "greenlit"

    opened = curator.send("POST", "/framework-versions/")
    draft = f"/framework-versions/{opened.json()['id']}/"
    curator.send("DELETE", draft, version=opened.json()["version"])
    spec = framework_spec() | {"summary": "Other words."}
    opened = curator.send("POST", "/framework-versions/", {"spec": spec})
    draft = f"/framework-versions/{opened.json()['id']}/"
    spec["dimensions"][0]["weights"][""], spec["dimensions"][1]["weights"][""] = "50", "20"
    edited = curator.send("PUT", draft, {"spec": spec}, version=opened.json()["version"])
    assert edited.json()["spec"]["dimensions"][0]["weights"] == {"": "50.000"}
    asked = curator.send("POST", f"{draft}weights/ask/", version=edited.json()["version"])
    assert asked.json()["asked_at"]
    swings = {"return": 100, "impact": 40, "fit": 60}
    said = {"group": "", "method": "swing", "answers": swings}
    given = panelist.send("POST", f"{draft}weights/", said).json()
    assert [row["own"] for row in given["groups"][0]["items"]] == [50.0, 20.0, 30.0]
    assert panelist.read(f"{draft}weights/") == given
    said = panelist.send("POST", f"{draft}comments/", {"text": "Too much at once."}).json()
    assert curator.read(f"{draft}comments/") == [said]
    hidden = curator.read(f"{draft}weights/")["groups"][0]
    assert (hidden["given"], {row["mean"] for row in hidden["items"]}) == (1, {None})
    number = curator.read(draft)["version"]
    refused = curator.send("POST", f"{draft}weights/take/", {"how": "each"}, version=number)
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("Give your own weights first")
    given = {"group": "", "method": "swing", "answers": swings}
    curator.send("POST", f"{draft}weights/", given)
    taken = curator.send("POST", f"{draft}weights/take/", {"how": "each"}, version=number).json()
    assert taken["spec"]["dimensions"][0]["weights"] == {"": "50.000"}
    asked = curator.send(
        "POST",
        f"{draft}publish/",
        {"days": 3, "at_once": True},
        version=taken["version"],
    ).json()
    assert (asked["status"], asked["vote_closes"] is None) == ("draft", False)
    for member in (curator, panelist):
        member.send("POST", f"{draft}ballot/", {"text": asked["version"], "choice": "yes"})
    assert curator.read(draft)["status"] == "published"
    statuses = [row["status"] for row in curator.read("/framework-versions/")["results"]]
    assert statuses == ["published", "retired"]

    company.rank()  # under other weights
    moved = leader.read(f"/backlog/{pk}/ledger/")
    assert sum(entry["value"] for entry in moved["entries"]) == pytest.approx(moved["value"])
    assert (moved["run_before"], moved["entries"][0]["cause"]) == (run["id"], "weights")

    view = leader.send("POST", "/saved-views/", {"name": "Mine", "query": "q=it&nothing=1"})
    assert (view.status_code, view.json()["query"]) == (201, "q=it")
    assert leader.read("/saved-views/")["results"] == [view.json()]
    leader.send("DELETE", f"/saved-views/{view.json()['id']}/")
    asked_now = leader.send("POST", "/scenarios/ask/", {"query": "budget=0"}).json()
    assert [line["inside"] for line in asked_now["lines"]] == [False]
    kept = leader.send("POST", "/scenarios/", {"name": "No money", "query": "budget=0"}).json()
    assert leader.read(f"/scenarios/{kept['id']}/answer/") == asked_now
    assert leader.read("/scenarios/")["results"] == [leader.read(f"/scenarios/{kept['id']}/")]
    leader.send("DELETE", f"/scenarios/{kept['id']}/")

    export = leader.send("POST", "/exports/", {"format": "csv"}, key=str(uuid4())).json()
    assert write_export(job_id=export["id"])
    assert leader.read("/exports/")["count"] == 1
    assert leader.read(f"/exports/{export['id']}/")["status"] == "done"
    leader.send("GET", f"/exports/{export['id']}/file/")
    leader.read("/exports/form/")

    figures = {"customers": 9, "margin": "1.00", "retention": "0.5", "source": "Ledger"}
    body = {"segment": "New", "as_of": "2026-01-31", **figures}
    marketing.send("POST", "/segment-figures/", body)
    marketing.read("/segment-figures/")
    said = {"words": "We call back", "where": "Website", "deliverer": company.cx.pk}
    promise = marketing.send("POST", "/promises/", said).json()["id"]
    to_me = {"deliverer": company.marketing.pk}
    Api(company.cx).send("POST", f"/promises/{promise}/hand-over/", to_me)
    marketing.send("POST", f"/promises/{promise}/hand-over/", to_me)
    marketing.send("POST", f"/promises/{promise}/agree/")
    assert marketing.read("/promises/")["results"] == [marketing.read(f"/promises/{promise}/")]
    body = {"finding": "So it is.", "kind": "user", "source": "Calls", "gathered_on": "2026-01-31"}
    kept = marketing.send("POST", "/insights/", body).json()
    assert marketing.read("/insights/")["results"] == [marketing.read(f"/insights/{kept['id']}/")]
    for register in ("teams", "people", "cycles", "stages", "segments", "notifications"):
        marketing.read(f"/{register}/")
    for listing in ("proposals", "decisions"):
        marketing.read(f"/{listing}/")
    marketing.send("POST", "/notifications/read/")
    succeeded = set().union(*(api.succeeded for api in apis))
    assert contract.operations() - succeeded == set()


# ---------------------------------------------------------------- scorecards


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


# ---------------------------------------------------------------- framework


def wrong_specs() -> Iterator[tuple[str, Any]]:
    spec = framework_spec()
    spec["dimensions"][0]["weights"][""] = "41"
    yield "weights.", spec
    spec = framework_spec()
    spec["dimensions"][2]["criteria"][0]["weight"] = "ten"
    yield "weights", spec
    yield "name", framework_spec() | {"name": ""}
    yield "profiles", framework_spec() | {"profiles": []}
    yield "draws", framework_spec() | {"parameters": {"draws": 1}}
    spec = framework_spec()
    spec["dimensions"][0]["criteria"][0]["knots"] = [[0, 0]]
    yield "expected-roi.knots", spec
    spec = framework_spec()
    spec["dimensions"][2]["criteria"][0]["levels"] = [*levels(0, 100), *levels(100)]
    yield "strategic-fit", spec
    spec = framework_spec()
    spec["dimensions"][0]["criteria"][0]["knots"] = [[0, 0], [10**400, 100]]
    yield "expected-roi.knots", spec
    spec = framework_spec()
    spec["profiles"] = [{"key": "a", "name": "A"}, {"key": "a", "name": "Again"}]
    for row in spec["dimensions"]:
        row["weights"] = {"a": row["weights"][""]}
    yield "a", spec
    spec = framework_spec()
    spec["dimensions"][0]["weights"][""], spec["dimensions"][1]["weights"][""] = (
        "40.0001",
        "29.9999",
    )
    yield "dimensions.0.weight", spec


@pytest.mark.parametrize(("field", "spec"), list(wrong_specs()))
def test_a_wrong_specification_is_refused_whole(
    company: Company, field: str, spec: dict[str, Any]
) -> None:
    answer = Api(company.curator).send("POST", "/framework-versions/", {"spec": spec})
    assert (answer.status_code, list(refusal_of(answer))) == (400, [field])
    assert FrameworkVersion.objects.count() == 1


def broken_specs() -> Iterator[Any]:
    """Not even of the right shape: missing keys, other types."""
    yield {"name": "X"}
    yield framework_spec() | {"dimensions": "many"}
    yield framework_spec() | {"dimensions": [1]}
    yield framework_spec() | {"dimensions": [{}]}
    yield framework_spec() | {"profiles": [{}]}
    yield framework_spec() | {"profiles": "all"}
    yield framework_spec() | {"parameters": [1]}
    yield framework_spec() | {"parameters": {"draws": "many"}}
    yield framework_spec() | {"parameters": {"discount_rate": "NaN"}}
    yield framework_spec() | {"name": "x" * 200}
    yield framework_spec() | {"name": ["x"]}
    parts: list[dict[str, Any]] = [
        {"key": None},
        {"name": None},
        {"levels": "high"},
        {"levels": [1]},
        {"levels": [{}]},
        {"weight": None},
        {"knots": {"x": 1}},
        {"source": "dice"},
        {"key": "x" * 60},
        {"question": None},
        {"question": 7},
    ]
    for broken in parts:
        spec = framework_spec()
        spec["dimensions"][2]["criteria"][0] |= broken
        yield spec
    spec = framework_spec()
    del spec["dimensions"][0]["weights"]
    yield spec
    spec = framework_spec()
    del spec["dimensions"][0]["criteria"][0]["key"]
    yield spec


@pytest.mark.parametrize("spec", list(broken_specs()))
def test_a_malformed_specification_is_a_400(company: Company, spec: Any) -> None:
    answer = Api(company.curator).send("POST", "/framework-versions/", {"spec": spec})
    assert answer.status_code == 400
    assert isinstance(answer.json(), dict)
    assert FrameworkVersion.objects.count() == 1


# ---------------------------------------------------------------- backlog and decisions


@pytest.fixture
def ranked(company: Company) -> Company:
    return kept("API's ranked list", partial(make_ranked, company))


def make_ranked(company: Company) -> Company:
    company.scored("Alpha", fit=100, money=company.money(cost=200_000, benefit=200_000))
    company.scored("Beta", fit=25, marketing=company.other_marketing)
    company.draft("Gamma")
    company.submitted("Delta", money=[])
    company.rank()
    return company


def result(company: Company, title: str) -> dict[str, Any]:
    rows = Api(company.leader).read("/backlog/")["results"]
    found: dict[str, Any] = next(row for row in rows if row["title"] == title)
    return found


def test_a_line_of_the_list_says_what_the_proposal_alone_says(ranked: Company) -> None:
    """The list is laid out from the columns, one proposal by the serializer: word for word."""
    api = Api(ranked.leader)
    rows = api.read("/backlog/")["results"]
    assert len(rows) > 1
    for row in rows:
        alone = api.read(f"/backlog/{row['proposal']}/")
        assert list(row) == [key for key in alone if key != "terms"]
        assert row == {key: alone[key] for key in row}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Delta"]),
        ("?q=BET", ["Beta"]),
        ("?status=submitted", ["Alpha", "Beta", "Delta"]),
        ("?status=greenlit", []),
        ("?sort=-cost", ["Alpha", "Beta", "Delta"]),
        ("?sort=cost", ["Beta", "Alpha", "Delta"]),
    ],
)
def test_backlog_filters_keep_the_ranks(ranked: Company, query: str, expected: list[str]) -> None:
    rows = Api(ranked.marketing).read(f"/backlog/{query}")["results"]
    assert [row["title"] for row in rows] == expected
    ranks = {"Alpha": 1, "Beta": 2, "Delta": None}
    assert {row["title"]: row["rank"] for row in rows} == {name: ranks[name] for name in expected}


def test_what_is_missing_is_null_and_named(ranked: Company) -> None:
    row = result(ranked, "Delta")
    assert (row["rank"], row["roi"], row["cost"], row["line"]) == (None, None, None, "incomplete")
    assert row["missing"]


def test_departing_from_the_ranking_needs_a_code(ranked: Company) -> None:
    leader, run = Api(ranked.leader), RankingRun.objects.get()
    outside = result(ranked, "Delta")["proposal"]
    yes = {"proposal": outside, "run": run.pk, "outcome": "greenlight", "reason": "The law."}
    refused = leader.send("POST", "/decisions/", yes)
    assert (refused.status_code, list(refusal_of(refused))) == (400, ["override_code"])
    made = leader.send("POST", "/decisions/", yes | {"override_code": "legal"}, key=str(uuid4()))
    assert (made.status_code, made.json()["override_code"]) == (201, "legal")
    told = Notification.objects.filter(text__contains="greenlight").values_list(
        "recipient__username", flat=True
    )
    assert sorted(told) == ["cx", "marketing"]


def test_a_repeated_decision_is_one(ranked: Company) -> None:
    leader, run, key = Api(ranked.leader), RankingRun.objects.get(), str(uuid4())
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": run.pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    answers = [leader.send("POST", "/decisions/", body, key=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"reason": " "}, "reason"),
        ({"outcome": "conditional"}, "conditions"),
        ({"run": 999_999}, "run"),
        ({"proposal": 999_999}, "proposal"),
        ({"proposal": "x"}, "proposal"),
        ({"override_code": "whim", "outcome": "hold"}, "override_code"),
    ],
)
def test_a_wrong_decision_is_named_by_its_field(
    ranked: Company, changed: dict[str, Any], field: str
) -> None:
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": RankingRun.objects.get().pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    answer = Api(ranked.leader).send("POST", "/decisions/", body | changed)
    assert (answer.status_code, list(refusal_of(answer))) == (400, [field])
    assert not Decision.objects.exists()


def test_a_decision_on_an_old_run_is_stale(ranked: Company) -> None:
    old = RankingRun.objects.get()
    ranked.rank()
    body = {
        "proposal": result(ranked, "Alpha")["proposal"],
        "run": old.pk,
        "outcome": "greenlight",
        "reason": "It pays.",
    }
    assert Api(ranked.leader).send("POST", "/decisions/", body).status_code == 412


def test_without_a_run_the_backlog_is_empty(company: Company) -> None:
    api = Api(company.leader)
    assert api.read("/backlog/") == {"count": 0, "next": None, "previous": None, "results": []}
    assert api.send("GET", "/backlog/1/").status_code == 404


def test_a_run_needs_a_cycle_and_a_framework(company: Company) -> None:
    company.cycle.is_current = False
    company.cycle.save(update_fields=["is_current"])
    answer = Api(company.admin).send("POST", "/runs/")
    assert (answer.status_code, refusal_of(answer)) == (
        409,
        {"detail": "No cycle is current. Make one current first."},
    )


def test_huge_numbers_in_addresses_and_filters_are_refusal_of(company: Company) -> None:
    api, huge = Api(company.leader), 10**40
    for path in ("proposals", "runs", "decisions", "backlog", "scorecards", "framework-versions"):
        assert api.send("GET", f"/{path}/{huge}/").status_code == 404
    for query in (
        f"decisions/?proposal={huge}",
        f"decisions/?run={huge}",
        f"runs/?cycle={huge}",
        f"backlog/?stage={huge}",
        f"proposals/?team={huge}",
    ):
        assert api.send("GET", f"/{query}").status_code in (400, 200)
    assert api.send("GET", f"/proposals/?page={huge}").status_code == 404


def test_a_lost_seat_closes_the_queue(company: Company) -> None:
    Seat.objects.filter(user=company.panelist).update(is_active=False)
    answer = Api(User.objects.get(pk=company.panelist.pk)).send("GET", "/queue/")
    assert answer.status_code == 403
