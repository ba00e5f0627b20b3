"""What is sent: for each route a body that would be right for somebody who may."""

import base64
from typing import Any
from uuid import uuid4

from django.utils import timezone

from scoring.framework.selectors import draft_version, spec_of
from scoring.framework.services.versions import discard_draft
from scoring.framework.services.writing import CHARTER, PARAMETERS
from scoring.models import Assignment, Criterion, Meeting, Round, Vote
from tests.company import TEXTS, digest, framework_spec
from tests.policy.rules import Case
from tests.policy.world import World

Body = dict[str, Any]
DECISION = {"outcome": "hold", "reason": "Not now.", "override_code": "capacity"}


def nothing(world: World, case: Case) -> Body:
    return {}


def no_step(world: World, case: Case) -> None:
    """Most requests need nothing done before."""


def start(world: World, case: Case) -> Body:
    owners = {"marketing_owner": world.company.marketing.pk, "cx_owner": world.company.cx.pk}
    side = f"{world.user.function}_owner"
    return owners | {side: world.user.pk, "title": "A new one", "creation_key": str(uuid4())}


def new_proposal(world: World, case: Case) -> Body:
    return start(world, case) | TEXTS


def problem(world: World, case: Case) -> Body:
    changed = {"problem": "Another problem.", "customer_job": "Another job."}
    return changed | version(world, case)


def edit(world: World, case: Case) -> Body:
    return {"problem": "Another problem."}


def version(world: World, case: Case) -> Body:
    return {"version": world.proposal(case).version}


def text_digest(world: World, case: Case) -> Body:
    return {"digest": digest(world.proposal(case))}


def list_file(world: World, case: Case) -> Body:
    content = base64.b64encode(b"title,marketing_owner,cx_owner\nIdea,marketing,cx\n").decode()
    return {"name": "list.csv", "content": content, "cycle": world.company.cycle.pk}


def tie(world: World, case: Case) -> Body:
    return {"kind": "needs", "other": world.opened.reference, "because": "It comes first."}


def link(world: World, case: Case) -> Body:
    return tie(world, case) | {"proposal": world.proposal(case).pk, "other": world.opened.pk}


def api_file(world: World, case: Case) -> Body:
    return {"proposal": world.proposal(case).pk, "name": "notes.txt", "content": "QXMgdG9sZC4="}


def author(world: World, _case: Case) -> Body:
    return {"person": world.scribe.pk}


def coauthor(world: World, case: Case) -> Body:
    return author(world, case) | {"proposal": world.proposal(case).pk}


def said(world: World, case: Case) -> Body:
    return {"text": "Who counted this?", "part": "money"}


def api_said(world: World, case: Case) -> Body:
    return said(world, case) | {"proposal": world.proposal(case).pk}


def withdrawal(world: World, case: Case) -> Body:
    return version(world, case) | {"reason": "The law changed."}


def promise(world: World, case: Case) -> Body:
    return {"words": "We call back", "where": "Website"} | deliverer(world, case)


def deliverer(world: World, case: Case) -> Body:
    return {"deliverer": world.company.other_cx.pk}


def kpi(world: World, case: Case) -> Body:
    said = {"name": "Cards doubled", "definition": "Cards sent to who holds one.", "unit": "cards"}
    return said | {"better": "lower", "function": "cx", "source": "Card system", "every": "month"}


def kpi_value(world: World, case: Case) -> Body:
    return {"as_of": "2026-01-31", "value": "12.5"}


def api_kpi_value(world: World, case: Case) -> Body:
    return kpi_value(world, case) | {"kpi": world.address("kpi", case)["pk"]}


def report(world: World, case: Case) -> Body:
    return {"state": "under_way", "as_of": str(timezone.localdate()), "spent": "5"}


def api_report(world: World, case: Case) -> Body:
    return report(world, case) | {"proposal": world.proposal(case).pk}


def question_to_customers(world: World, case: Case) -> Body:
    return {"question": "Who pays twice?", "why": "Whether we mend it."}


def research_plan(world: World, case: Case) -> Body:
    return {"run_by": world.company.cx.pk, "planned_for": "2026-01-31"}


def research_answer(world: World, case: Case) -> Body:
    return {"insight": f"I-{world.address('insight', case)['pk']}"}


def api_research_answer(world: World, case: Case) -> Body:
    return {"insight": world.address("insight", case)["pk"]}


def persona(world: World, case: Case) -> Body:
    return {"name": "Mara", "jobs": "One account that works.", "segments": []}


def insight(world: World, case: Case) -> Body:
    return {"finding": "It is so.", "kind": "user", "source": "Survey", "gathered_on": "2026-01-31"}


def figure(world: World, case: Case) -> Body:
    numbers = {"customers": 1000, "margin": "10.00", "retention": "0.8"}
    return {"segment": "Families", "as_of": "2026-01-31", "source": "Ledger", **numbers}


def figures(world: World, case: Case) -> Body:
    said = figure(world, case) | {"retention": "80", "currency": "EUR"}
    row = {"name": said.pop("segment"), **said}
    management = {"figures-TOTAL_FORMS": "1", "figures-INITIAL_FORMS": "0"}
    return management | {f"figures-0-{name}": value for name, value in row.items()}


def conflict(world: World, case: Case) -> Body:
    return {"subject": f"person-{world.company.other_cx.pk}", "reason": "A friend."}


def declared(world: World, case: Case) -> Body:
    return {"person": world.company.other_cx.pk, "reason": "A friend."}


def comment(world: World, case: Case) -> Body:
    return {"clause": "", "text": "Too much at once."}


def spread(world: World, case: Case) -> Body:
    return {"each": 1}


def member(world: World, case: Case) -> Body:
    return {"member": world.company.panelist.pk}


def judges(world: World, case: Case) -> Body:
    return {"judges": []}


def ballot(world: World, case: Case) -> Body:
    return {"text": world.version(case).version, "choice": "yes"}


def asking(world: World, case: Case) -> Body:
    """About the first score of another's scorecard, where all who judge are in."""
    card = world.cards[case.state or "own is in"]
    for judge in {card.panelist, world.cards["own"].panelist}:
        Assignment.objects.get_or_create(
            proposal=card.proposal, panelist=judge, assigned_by=world.company.curator
        )
    return {"criterion": "pain", "score": card.scores.all()[0].pk, "text": "Why?"}


def reply(world: World, case: Case) -> Body:
    return {"question": world.asked().pk, "text": "Read it again."}


def no_meeting(world: World, case: Case) -> Body:
    Meeting.objects.update(ended_at=timezone.now())
    return {}


def meeting(world: World, case: Case) -> Body:
    """One that the person leads, on a question that they judge."""
    card = world.cards["own is in"]
    pain = Criterion.objects.get(key="pain", dimension__framework_version=world.company.version)
    no_meeting(world, case)
    Meeting.objects.create(
        cycle=world.company.cycle, led_by=world.user, revision=card.revision, criterion=pain
    )
    return {
        "proposal": card.proposal_id,
        "criterion": "pain",
        "to": world.company.panelist.pk,
        "level": pain.levels.all()[0].pk,
    }


def open_round(world: World, case: Case) -> Body:
    """The same with a round in which somebody has answered."""
    body = meeting(world, case)
    held = Meeting.objects.get(ended_at=None)
    question = {"revision_id": held.revision_id, "criterion_id": held.criterion_id}
    asked = Round.objects.create(meeting=held, number=1, **question)
    olga = world.cards["own is in"].panelist
    Vote.objects.create(round=asked, panelist=olga, level_id=body["level"])
    return body | {"round": asked.pk}


def opinion(world: World, case: Case) -> Body:
    return {"group": "", "method": "rank", "answers": {"return": 1, "impact": 2, "fit": 3}}


def saved_view(world: World, case: Case) -> Body:
    return {"name": "Another", "query": "q=card"}


def preferences(world: World, case: Case) -> Body:
    return {"mail": "daily", "time_zone": "Europe/Berlin", "formats": "de"}


def invitation(world: World, case: Case) -> Body:
    return {"email": "new@house.example", "first_name": "Neo", "last_name": "New"}


def token(world: World, case: Case) -> Body:
    return {"name": "Another", "person": world.user.pk, "scope": "read", "days": 30}


def webhook(world: World, case: Case) -> Body:
    return {"name": "Tracker", "url": "https://tracker.example/in", "style": "events"}


def webhook_test(world: World, case: Case) -> Body:
    return {"do": "test"}


def scenario(world: World, case: Case) -> Body:
    return {"name": "Another", "query": "budget=1.00"}


def plan(world: World, case: Case) -> Body:
    return {"name": "Another", "query": "budget=9000000", "seen": world.plan.pk}


def together(world: World, case: Case) -> Body:
    row = {"proposal": world.opened.pk, "outcome": "hold", "creation_key": str(uuid4())}
    row |= {"override_code": "capacity", "exception": ""}
    sent = {f"form-0-{name}": value for name, value in row.items()}
    management = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}
    return management | sent | {"reason": "As planned.", "run": world.runs["done"].pk}


def repeatable(world: World, case: Case) -> Body:
    return {"creation_key": str(uuid4())}


def export(world: World, case: Case) -> Body:
    return {"format": "csv", "filter": "q=Owner"}


def question(world: World, case: Case) -> Body:
    return {"query": "budget=1.00"}


def decision(world: World, case: Case) -> Body:
    return DECISION | {"run": world.runs["done"].pk, "creation_key": str(uuid4())}


def api_decision(world: World, case: Case) -> Body:
    return DECISION | {"run": world.runs["done"].pk, "proposal": world.proposal(case).pk}


def agreeing(world: World, case: Case) -> Body:
    return {"agree": "1"}


def refusal(world: World, case: Case) -> Body:
    return {"because": "Not this year."}


def score_form(world: World, case: Case) -> Body:
    answers = world.company.answers(100, 100)
    chosen = {f"criterion-{key}": answer.level for key, answer in answers.items()}
    return {"version": 0, "act": "submit"} | chosen


def grid(world: World, case: Case) -> Body:
    """Of a proposal of others that waits for the person."""
    proposal = world.proposals["other team", "submitted"]
    chosen = {
        f"score-{proposal.pk}-{key}": answer.level
        for key, answer in world.company.answers(100, 100).items()
    }
    return {"proposal": proposal.pk, f"version-{proposal.pk}": 0, "act": "submit"} | chosen


def scorecard(world: World, case: Case) -> Body:
    keys = ("pain", "strategic-fit")
    return {"submit": True, "answers": [{"criterion": key, "level": "100"} for key in keys]}


def recusal(world: World, case: Case) -> Body:
    return {"version": 0, "reason": "A friend owns it."}


def draft_number(world: World, case: Case) -> Body:
    return {"version": world.draft.version}


def weights_form(world: World, case: Case) -> Body:
    rules = {
        name: getattr(world.draft, name)
        for name in (*PARAMETERS, *CHARTER)
        if name not in ("cost_unit", "second_above")
    }
    weights: Body = {}
    for row in spec_of(world.draft)["dimensions"]:
        weights[f"d--{row['key']}"] = row["weights"][""]
        weights |= {f"c-{item['key']}": item["weight"] for item in row["criteria"]}
    return draft_number(world, case) | {"summary": "Said better."} | rules | weights


def dimension_form(world: World, case: Case) -> Body:
    return draft_number(world, case) | {"name": "Risk"}


def criterion_form(world: World, case: Case) -> Body:
    form: Body = {"name": "Ease", "source": "panel", "levels-TOTAL_FORMS": 2}
    form |= {"levels-INITIAL_FORMS": 0} | draft_number(world, case)
    for place, value in enumerate((0, 100)):
        row = {"value": value, "label": f"Step {value}", "wording": "One can check it."}
        form |= {f"levels-{place}-{name}": content for name, content in row.items()}
    return form


def framework(world: World, case: Case) -> Body:
    return {"spec": framework_spec() | {"summary": "Said better."}}


def both_sign(world: World, case: Case) -> None:
    proposal = world.proposal(case)
    if proposal.is_draft:
        world.company.sign(proposal)


def no_draft(world: World, case: Case) -> None:
    draft = draft_version()
    if draft is not None:
        discard_draft(
            actor=world.company.curator, version=draft, expected_version=world.draft.version
        )


def number_sent(world: World, kind: str, case: Case) -> int:
    """What ``If-Match`` must name: the object's version, 0 for a scorecard not there yet."""
    if kind == "version":
        return world.version(case).version
    return world.proposal(case).version if kind == "proposal" else 0
