"""One company for one role: an object for each relation and state, and planted secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django.utils.http import int_to_base36

from jobs.models import Message
from projects.models import (
    Batch,
    Insight,
    Kpi,
    Link,
    Persona,
    Promise,
    Proposal,
    ResearchRequest,
    Token,
    User,
)
from scoring.backlog.views.charts import KINDS as KINDS_OF_CHART
from scoring.decisions.services import decide
from scoring.exports.services.requests import request_export
from scoring.exports.services.write import write_export
from scoring.framework.services.versions import save_draft, start_draft
from scoring.meetings.services import begin_round, cast_vote
from scoring.models import (
    Criterion,
    Decision,
    DeclaredConflict,
    ExportJob,
    FrameworkVersion,
    Meeting,
    Question,
    RankingRun,
    SavedView,
    Scenario,
    Scorecard,
    Seat,
)
from scoring.scorecards.services import Answer, save_scorecard
from tests.company import Company, framework_spec, make_company
from tests.kept import kept
from tests.pages import come_in
from tests.policy.rules import PANEL, RELATIONS, STATES, Case

# What is looked for in every page, answer and file.
DRAFT_TEXT = "veiled-draft"
BLIND_TITLE = "Veiled standing"
BLIND_COMMENT = "veiled-comment"
BLIND_REASON = "veiled-abstention"
STARTED_COMMENT = "veiled-started-scorecard"
OPEN_COMMENT = "comment-beside-own-scorecard"
BLIND_JUDGE = "Vera Veiled"

PROPOSALS = [(relation, state) for relation in RELATIONS for state in STATES]
# Kinds of objects that routes name, as (relation, state).
KINDS: dict[str, list[tuple[str, str]]] = {
    "proposal": PROPOSALS,
    "proposal step": PROPOSALS,
    "link": PROPOSALS,
    "ranked proposal": PROPOSALS,
    "unscored proposal": PROPOSALS,
    "proposal named in the body": PROPOSALS,
    "decision": [(relation, "decided") for relation in RELATIONS],
    "scorecard": [("", "own"), ("", "own is in"), ("", "own is due"), ("", "only started")],
    "version": [("", "draft"), ("", "published")],
    "run": [("", "done"), ("", "failed")],
    "file": [("", "csv"), ("", "excel-csv"), ("", "xlsx"), ("", "json"), ("", "pdf")],
    "export": [("", "own"), ("", "somebody else's")],
    "chart": [("", kind) for kind in KINDS_OF_CHART],
}
ALONE = [("", "")]  # kinds with a single object


def cases_of(kind: str, role: str) -> list[Case]:
    """Nobody signed in, no relation: another team's objects stand for all."""
    return [
        Case(role, relation, state)
        for relation, state in KINDS.get(kind, ALONE)
        if role != "anonymous" or relation in ("", "other team")
    ]


@dataclass
class World:
    role: str
    user: User
    company: Company
    proposals: dict[tuple[str, str], Proposal]
    cards: dict[str, Scorecard]
    runs: dict[str, RankingRun]
    exports: dict[str, ExportJob]
    plan: Scenario
    draft: FrameworkVersion

    def client(self) -> Client:
        client = Client()
        if self.role != "anonymous":
            come_in(client, self.user)
        if self.role == "deactivated":
            User.objects.filter(pk=self.user.pk).update(is_active=False)
        return client

    def proposal(self, case: Case) -> Proposal:
        """As it is in the database now."""
        return Proposal.objects.get(pk=self.proposals[case.relation, case.state].pk)

    @property
    def opened(self) -> Proposal:
        """One of another team that everybody sees."""
        return self.cards["own"].proposal

    def version(self, case: Case) -> FrameworkVersion:
        return self.draft if case.state == "draft" else self.company.version

    def asked(self) -> Question:
        """What Olga asks whose scorecard is "own" of the first score on it."""
        card, olga = self.cards["own"], self.cards["own is in"].panelist
        asked, _ = Question.objects.get_or_create(
            score=card.scores.all()[0], asker=olga, text="Why?"
        )
        return asked

    def address(self, kind: str, case: Case) -> dict[str, Any]:
        """What the route needs to name the object of this case."""
        if kind.startswith("register "):
            model = apps.get_model(kind.removeprefix("register ").replace("_", "."))
            return {"object_id": model._default_manager.order_by("pk").values_list("pk")[0][0]}
        return ADDRESSES.get(kind, nothing)(self, case)


def nothing(_world: World, _case: Case) -> dict[str, Any]:
    return {}


ADDRESSES: dict[str, Callable[[World, Case], dict[str, Any]]] = {
    "proposal": lambda world, case: {"pk": world.proposal(case).pk},
    "unscored proposal": lambda world, case: {"pk": world.proposal(case).pk},
    "segment": lambda world, _case: {"pk": world.company.segment.pk},
    # One that waits for the word of who asks.
    "promise": lambda world, _case: {
        "pk": Promise.objects.get_or_create(
            words="We answer today", defaults={"where": "App", "deliverer": world.user}
        )[0].pk,
    },
    "link": lambda world, case: {
        "pk": Link.objects.get_or_create(
            proposal=world.proposal(case),
            other=world.opened,
            defaults={"kind": "needs", "because": "First.", "created_by": world.user},
        )[0].pk,
    },
    "kpi": lambda world, _case: {
        "pk": Kpi.objects.get_or_create(
            name="There a year later",
            defaults={
                "definition": "Of 100, how many.",
                "unit": "%",
                "better": "higher",
                "function": "cx",
                "source": "Ledger",
                "every": "year",
                "created_by": world.company.cx,
            },
        )[0].pk,
    },
    "research": lambda world, _case: {
        "pk": ResearchRequest.objects.get_or_create(
            question="Why do they leave?", why="What we mend.", asked_by=world.company.cx
        )[0].pk,
    },
    "persona": lambda world, _case: {
        "pk": Persona.objects.get_or_create(
            name="Ruth", defaults={"jobs": "Be left alone.", "entered_by": world.company.cx}
        )[0].pk,
    },
    "insight": lambda world, _case: {
        "pk": Insight.objects.get_or_create(
            finding="It is so.",
            defaults={
                "kind": "user",
                "source": "Survey",
                "gathered_on": timezone.localdate(),
                "entered_by": world.company.cx,
            },
        )[0].pk,
    },
    "ranked proposal": lambda world, case: {"proposal": world.proposal(case).pk},
    "proposal step": lambda world, case: {"pk": world.proposal(case).pk, "step": "problem"},
    "decision": lambda world, case: {
        "pk": Decision.objects.get(proposal=world.proposal(case)).pk,
    },
    "scorecard": lambda world, case: {"pk": world.cards[case.state].pk},
    "judged proposal": lambda world, _case: {"pk": world.cards["own is in"].proposal_id},
    "question": lambda world, _case: {
        "pk": world.cards["own"].proposal_id,
        "question": world.asked().pk,
    },
    "version": lambda world, case: {"pk": world.version(case).pk},
    "declared conflict": lambda world, _case: {
        "pk": DeclaredConflict.objects.get_or_create(
            user=world.user, team=world.company.other_cx.team, reason="A friend."
        )[0].pk,
    },
    "saved view": lambda world, _case: {
        "pk": SavedView.objects.get_or_create(owner=world.user, name="Mine", query="q=a")[0].pk,
    },
    "token": lambda world, _case: {
        "pk": Token.objects.get_or_create(
            person=world.user,
            name="Mine",
            defaults={"digest": "0" * 64, "expires_at": timezone.now() + timedelta(days=1)},
        )[0].pk,
    },
    "scenario": lambda world, _case: {
        "pk": Scenario.objects.get_or_create(
            cycle=world.company.cycle,
            name="Mine",
            defaults={
                "run": world.runs["done"],
                "query": "budget=1.00",
                "created_by": world.user,
            },
        )[0].pk,
    },
    "run": lambda world, case: {"pk": world.runs[case.state].pk},
    "export": lambda world, case: {"pk": world.exports[case.state].pk},
    "file": lambda _world, case: {"kind": case.state},
    "chart": lambda _world, case: {"kind": case.state},
    "criterion": lambda _world, _case: {"key": "pain"},
    "person": lambda world, _case: {"id": world.user.pk},
    "reset link": lambda world, _case: {
        "uidb36": int_to_base36(world.user.pk),
        "key": default_token_generator.make_token(world.user),
    },
    "provider": lambda _world, _case: {"provider_id": "one-that-is-none"},
    "passkey": lambda world, _case: {
        "pk": Authenticator.objects.get_or_create(
            user=world.user,
            type=Authenticator.Type.WEBAUTHN,
            defaults={"data": {"name": "Key", "credential": {}}},
        )[0].pk,
    },
    "session": lambda world, _case: {
        "pk": UserSession.objects.get_or_create(
            user=world.user, session_key="another", defaults={"ip": "127.0.0.1"}
        )[0].pk,
    },
    "invited": lambda _world, _case: {
        "pk": User.objects.get_or_create(
            username="invited@house.example",
            defaults={"email": "invited@house.example", "password": "!"},
        )[0].pk,
    },
    "batch": lambda world, _case: {
        "pk": Batch.objects.get_or_create(
            created_by=world.company.admin,
            cycle=world.company.cycle,
            file_name="list.csv",
            defaults={
                "content": b"Name,Notes\nOne,Two\n",
                "columns": ["Name", "Notes"],
                "choices": {"targets": {"Name": "title", "Notes": "problem"}},
            },
        )[0].pk,
    },
    "group": lambda _world, _case: {"key": "impact"},
    "ready framework": lambda _world, _case: {"key": "rice"},
    "invitation": lambda _world, _case: {"sealed": "one-that-is-none"},
    "app": lambda _world, _case: {"app_label": "projects"},
    "content type": lambda _world, _case: {"content_type_id": 1, "object_id": 1},
}


def world_of(role: str) -> World:
    """The role's world, made once in each process."""
    return kept(f"world of {role}", partial(make_world, role))


def make_world(role: str, *, blind: tuple[int, int] = (50, 25), early: bool = False) -> World:
    """``blind`` is what another judge says of what this role's panelist has yet to judge;
    ``early``, whether there is a run from before that was submitted.
    """
    company = make_company()
    if early:
        for title in ("Early", "Earlier"):
            company.scored(title)
        company.rank()
        company.rank()
    user, mate = _member(company, role)
    owners = {"owner": _pair(company, user), "same team": _pair(company, mate)}
    owners["other team"] = {"marketing": company.other_marketing, "cx": company.other_cx}
    vera, olga = _judge(company, "Vera"), _judge(company, "Olga")
    proposals = {key: _proposal(company, key, owners[key[0]]) for key in PROPOSALS}
    opened = company.submitted("Opened", **owners["other team"])
    cards = {
        relation: _card(company, proposals[relation, "submitted"], vera, BLIND_COMMENT)
        for relation in RELATIONS
    }
    other = company.curator if role == "panelist" else company.panelist
    judge = user if role in PANEL else _judge(company, "Jane")
    own = _card(company, opened, judge, OPEN_COMMENT)
    started = _card(company, opened, other, STARTED_COMMENT, submit=False)
    in_view = _card(company, opened, olga, OPEN_COMMENT)
    rita = _judge(company, "Rita")
    for relation in RELATIONS:
        said = blind if relation == "other team" else (50, 25)
        company.score(proposals[relation, "submitted"], rita, *said)
    Message.objects.create(kind=Message.Kind.MAIL, key="kept", recipient="a@b.example")
    company.rank()
    run = company.rank()
    _meeting(company, proposals["other team", "submitted"], vera)
    for relation in RELATIONS:
        _greenlight(company, proposals[relation, "decided"], run)
    return World(
        role=role,
        user=user,
        company=company,
        proposals=proposals,
        cards={
            "own": own,
            "own is in": in_view,
            "own is due": cards["other team"],
            "only started": started,
        },
        exports={
            "own": _export(user, run),
            "somebody else's": _export(owners["other team"]["cx"], run),
        },
        runs={"done": run, "failed": _failed_run(company)},
        plan=_plan(company, run, own.proposal),
        draft=_framework_draft(company),
    )


def _member(company: Company, role: str) -> tuple[User, User]:
    """(the role's person, a colleague): each role sits in a team that can own proposals."""
    if role in ("cx", "panelist", "leader"):
        user, mate = getattr(company, role), company.cx_mate
    elif role in ("curator", "admin"):
        user, mate = getattr(company, role), company.marketing_mate
    else:
        user, mate = company.marketing, company.marketing_mate
    user.team = mate.team
    user.save(update_fields=["team"])
    return user, mate


def _pair(company: Company, person: User) -> dict[str, User]:
    if person.function == "cx":
        return {"marketing": company.other_marketing, "cx": person}
    return {"marketing": person, "cx": company.other_cx}


def _judge(company: Company, name: str) -> User:
    judge = User.objects.create_user(
        name.lower(),
        first_name=name,
        last_name="Veiled" if name == "Vera" else "Open",
        team=company.version.published_by.team if company.version.published_by else None,
    )
    Seat.objects.create(user=judge)
    return judge


def _proposal(company: Company, key: tuple[str, str], owners: dict[str, Any]) -> Proposal:
    title = " ".join(key).capitalize()
    if key == ("other team", "submitted"):
        title = BLIND_TITLE
    if key == ("other team", "draft"):
        return company.draft(f"{title} {DRAFT_TEXT}", **owners, problem=f"A {DRAFT_TEXT}.")
    return (company.draft if key[1] == "draft" else company.submitted)(title, **owners)


def _card(
    company: Company, proposal: Proposal, judge: User, comment: str, *, submit: bool = True
) -> Scorecard:
    pain, fit = company.answers(100, 100).items()
    reason = BLIND_REASON if comment == BLIND_COMMENT else "Not my field."
    return save_scorecard(
        actor=judge,
        proposal=proposal,
        answers={pain[0]: pain[1], fit[0]: Answer(abstention_reason=reason)},
        comment=comment,
        submit=submit,
        expected_version=0,
    )


def _meeting(company: Company, proposal: Proposal, leader: User) -> None:
    """Talk is of what the role's panelist has yet to judge; one answer is in."""
    pain = Criterion.objects.get(key="pain", dimension__framework_version=company.version)
    meeting = Meeting.objects.create(
        cycle=company.cycle,
        led_by=leader,
        revision=proposal.submitted_revision,
        criterion=pain,
    )
    asked = begin_round(actor=leader, meeting=meeting)
    cast_vote(actor=leader, round_id=asked.pk, level=pain.levels.all()[1].pk)


def _greenlight(company: Company, proposal: Proposal, run: RankingRun) -> None:
    chief, _ = User.objects.get_or_create(username="chief", is_leader=True)
    decide(
        actor=chief,
        proposal=proposal,
        run=run,
        outcome="conditional",
        reason="It fits.",
        conditions="Legal agrees.",
        override_code="strategy",
        creation_key=uuid4(),
    )


def _export(owner: User, run: RankingRun) -> ExportJob:
    job = request_export(actor=owner, run=run, kind="csv", query="", creation_key=uuid4())
    write_export(job_id=job.pk)
    return job


def _plan(company: Company, run: RankingRun, funded: Proposal) -> Scenario:
    return Scenario.objects.create(
        cycle=company.cycle,
        run=run,
        name="Adopted",
        query="way=list",
        created_by=company.leader,
        adopted_by=company.leader,
        adopted_at=timezone.now(),
        outcome={"funded": [funded.pk], "spent": 1.0},
    )


def _failed_run(company: Company) -> RankingRun:
    return RankingRun.objects.create(
        cycle=company.cycle,
        framework_version=company.version,
        trigger=RankingRun.Trigger.API,
        status=RankingRun.Status.FAILED,
        seed=1,
        draws=1000,
        error="The worker ended three times.",
    )


def _framework_draft(company: Company) -> FrameworkVersion:
    """A draft under which too little is scored, so that its page lists every proposal it may."""
    draft = start_draft(actor=company.curator)
    spec = framework_spec() | {"summary": "The second version."}
    spec["dimensions"][2]["criteria"][0]["key"] = "renamed"
    return save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
