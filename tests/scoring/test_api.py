"""Panel, ranking and decisions through the API, and its published schema."""

import json
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from projects.immutability import unsealed
from scoring.exports.services.write import write_export
from scoring.models import FrameworkVersion
from scoring.ranking.services.ranking import rank_run
from tests import contract
from tests.company import TEXTS, Company, framework_spec
from tests.contract import Api

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
    asked = {"text": "Legal agrees.", "owner": company.cx.pk, "due": str(timezone.localdate())}
    yes = {"proposal": pk, "run": run["id"], "outcome": "conditional", "reason": "It pays."}
    made = leader.send("POST", "/decisions/", yes | {"conditions": [asked]}).json()
    assert leader.read("/conditions/")["results"] == made["conditions"]
    met = leader.send("POST", f"/conditions/{made['conditions'][0]['id']}/meet/", {"how": "So."})
    assert met.json()["met_by"] == "leader"
    yes["outcome"] = "greenlight"
    with unsealed():
        FrameworkVersion.objects.update(second_above=1)
    apis.append(chief := Api(company.chief()))
    prepared = leader.send("POST", "/decisions/", yes)
    assert (prepared.status_code, prepared.json()["decision"]) == (202, None)
    waits = f"/prepared-decisions/{prepared.json()['id']}/"
    assert chief.read("/prepared-decisions/")["results"] == [chief.read(waits)]
    ended = chief.send("POST", f"{waits}turn-down/", {"because": "Not so fast."})
    assert ended.json()["ended_because"] == "Not so fast."
    prepared = leader.send("POST", "/decisions/", yes).json()
    agreed = chief.send("POST", f"/prepared-decisions/{prepared['id']}/second/")
    assert agreed.json()["seconded_by"] == "chief"
    with unsealed():
        FrameworkVersion.objects.update(second_above=None)
    decided = leader.send("POST", "/decisions/", yes)
    assert (decided.status_code, decided.json()["line"]) == (201, "inside")
    assert leader.read(f"/decisions/{decided.json()['id']}/") == decided.json()
    assert leader.read(f"/decisions/?proposal={pk}&outcome=greenlight")["count"] == 2
    assert marketing.read(path)["status"] == "greenlit"
    said = {"proposal": pk, "as_of": str(timezone.localdate()), "state": "under_way"}
    report = marketing.send("POST", "/reports/", said).json()
    assert marketing.read("/reports/")["results"] == [report]
    (outcome,) = leader.read("/outcomes/")["results"]
    assert outcome["report"] == report
    assert outcome["spent"]["low"] <= outcome["spent"]["likely"] <= outcome["spent"]["high"]

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

    assert leader.send("POST", "/plans/worth/", {"query": ""}).json() == []
    ways = leader.send("POST", "/plans/ask/", {"query": f"force={pk}&side=out&why=&asked="}).json()
    assert (ways["best"]["proposals"], ways["exceptions"][0]["proposal"]) == ([], pk)
    assert ways["in_futures"] == []
    made = leader.send("POST", "/plans/", {"name": "All of it", "query": "way=list"}).json()
    assert leader.read("/plans/")["results"] == [made]

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
    said = {"name": "Doubled", "definition": "Cards sent twice.", "unit": "cards", "every": "month"}
    said |= {"better": "lower", "function": "cx", "source": "Card system"}
    kpi = marketing.send("POST", "/kpis/", said).json()
    assert marketing.read("/kpis/")["results"] == [marketing.read(f"/kpis/{kpi['id']}/")]
    stood = {"kpi": kpi["id"], "as_of": "2026-01-31", "value": "12.50"}
    kept = marketing.send("POST", "/kpi-values/", stood).json()
    assert marketing.read("/kpi-values/")["results"] == [kept]
    body = {"finding": "So it is.", "kind": "user", "source": "Calls", "gathered_on": "2026-01-31"}
    kept = marketing.send("POST", "/insights/", body).json()
    assert marketing.read("/insights/")["results"] == [marketing.read(f"/insights/{kept['id']}/")]
    body = {"proposal": pk, "kind": "needs", "other": close["proposal"], "because": "First."}
    asked = marketing.send("POST", "/comments/", {"proposal": pk, "text": "Who counted?"}).json()
    said = marketing.send("POST", f"/comments/{asked['id']}/reply/", {"text": "We did."}).json()
    assert marketing.read("/comments/")["results"] == [asked, said]
    assert marketing.send("POST", f"/comments/{asked['id']}/resolve/").status_code == 200

    marketing_draft = company.draft("Spare").pk
    said = {"proposal": marketing_draft, "name": "notes.txt", "content": "QXMgdG9sZC4="}
    file = marketing.send("POST", "/files/", said).json()
    assert marketing.read("/files/")["results"] == [file]
    assert marketing.read(f"/files/{file['id']}/") == file | {"content": "QXMgdG9sZC4="}
    assert marketing.send("DELETE", f"/files/{file['id']}/").status_code == 204
    along = {"proposal": marketing_draft, "person": company.other_cx.pk}
    along = marketing.send("POST", "/co-authors/", along).json()
    assert marketing.read("/co-authors/")["results"] == [along]
    marketing.send("DELETE", f"/co-authors/{along['id']}/")
    tied = marketing.send("POST", "/links/", body).json()
    assert marketing.read("/links/")["results"] == [tied]
    marketing.send("DELETE", f"/links/{tied['id']}/")
    ends = {"proposal": company.draft("Part").pk, "other": company.draft("Whole").pk}
    merge = marketing.send("POST", "/links/", body | ends | {"kind": "part"}).json()
    assert merge["awaited"] == [company.cx.pk]
    assert cx.send("POST", f"/links/{merge['id']}/agree/").json()["awaited"] == []
    aside = f"/proposals/{marketing_draft}/"
    gone = marketing.send("POST", f"{aside}withdraw/", {"reason": "Late."}, version=3)
    assert gone.json()["status"] == "withdrawn"
    back = marketing.send("POST", f"{aside}take-up/", version=4)
    assert back.json()["status"] == "draft"
    drawn = {"name": "Mara", "jobs": "One account.", "segments": [company.segment.pk]}
    mara = marketing.send("POST", "/personas/", drawn).json()
    assert marketing.read("/personas/")["results"] == [marketing.read(f"/personas/{mara['id']}/")]
    wanted = marketing.send("POST", "/research/", {"question": "Why?", "why": "So."}).json()
    planned = {"run_by": company.cx.pk, "planned_for": "2026-01-31"}
    state = marketing.send("POST", f"/research/{wanted['id']}/plan/", planned).json()["state"]
    assert (wanted["state"], state) == ("Asked", "Under way")
    answer = {"insight": kept["id"]}
    marketing.send("POST", f"/research/{wanted['id']}/answer/", answer)
    (done,) = marketing.read("/research/")["results"]
    assert done == marketing.read(f"/research/{wanted['id']}/")
    for register in (
        "teams",
        "people",
        "cycles",
        "stages",
        "custom-fields",
        "segments",
        "notifications",
    ):
        marketing.read(f"/{register}/")
    for listing in ("proposals", "decisions"):
        marketing.read(f"/{listing}/")
    marketing.send("POST", "/notifications/read/")
    assert len(marketing.read("/events/types/")) > len(
        {event["type"] for event in marketing.read("/events/")["results"]}
    )
    succeeded = set().union(*(api.succeeded for api in apis))
    assert contract.operations() - succeeded == set()


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
