"""One company for one role: an object for each relation and state, and planted secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django.utils.http import int_to_base36

from projects.models import (
    Attachment,
    Batch,
    CoAuthor,
    Comment,
    Insight,
    Kpi,
    Link,
    Persona,
    Promise,
    Proposal,
    ResearchRequest,
    Token,
    User,
    Webhook,
)
from scoring.backlog.views.charts import KINDS as KINDS_OF_CHART
from scoring.models import (
    Condition,
    Decision,
    DeclaredConflict,
    ExportJob,
    FrameworkVersion,
    PreparedDecision,
    Question,
    RankingRun,
    SavedView,
    Scenario,
    Scorecard,
)
from tests.company import Company
from tests.pages import come_in
from tests.policy.rules import RELATIONS, STATES, Case

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
    "merge": PROPOSALS,
    "co-author": PROPOSALS,
    "attachment": PROPOSALS,
    "comment": PROPOSALS,
    "ranked proposal": PROPOSALS,
    "unscored proposal": PROPOSALS,
    "proposal named in the body": PROPOSALS,
    "decision": [(relation, "decided") for relation in RELATIONS],
    "condition": [(relation, "decided") for relation in RELATIONS],
    "scorecard": [("", "own"), ("", "own is in"), ("", "own is due"), ("", "only started")],
    "version": [("", "draft"), ("", "published")],
    "run": [("", "done"), ("", "failed")],
    "tracker": [("", "jira"), ("", "asana")],
    "file": [("", "csv"), ("", "excel-csv"), ("", "xlsx"), ("", "json"), ("", "pdf"), ("", "pptx")],
    "export": [("", "own"), ("", "somebody else's")],
    "chart": [("", kind) for kind in KINDS_OF_CHART],
}
ALONE = [("", "")]  # kinds with a single object


def cases_of(kind: str, role: str) -> list[Case]:
    """Who is not let in asks for the objects of one relation, which stand for all: nobody signed
    in has none, and whose account was closed owned some.
    """
    only = {"anonymous": "other team", "deactivated": "owner"}.get(role)
    return [
        Case(role, relation, state)
        for relation, state in KINDS.get(kind, ALONE)
        if only is None or relation in ("", only)
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

    @property
    def scribe(self) -> User:
        """Somebody without a part in anything."""
        return User.objects.get_or_create(username="scribe")[0]

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
    "merge": lambda world, case: {
        "pk": Link.objects.get_or_create(
            proposal=world.proposal(case),
            other=world.opened,
            defaults={"kind": "part", "because": "One.", "created_by": world.user},
        )[0].pk,
    },
    "attachment": lambda world, case: {
        "pk": Attachment.objects.get_or_create(
            proposal=world.proposal(case),
            name="told.txt",
            defaults={
                "kind": "txt",
                "size": 8,
                "digest": "0" * 64,
                "content": b"As told.",
                "added_by": world.company.marketing,
            },
        )[0].pk,
    },
    "co-author": lambda world, case: {
        "pk": CoAuthor.objects.get_or_create(
            proposal=world.proposal(case),
            person=world.scribe,
            left_at=None,
            defaults={"invited_by": world.company.marketing},
        )[0].pk,
    },
    "comment": lambda world, case: {
        "pk": Comment.objects.get_or_create(
            proposal=world.proposal(case),
            text="Who counted?",
            author=world.company.other_cx,
            in_draft=case.state == "draft",
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
    "condition": lambda world, case: {
        "pk": Condition.objects.get(decision__proposal=world.proposal(case)).pk,
    },
    "prepared": lambda world, _case: {
        "pk": PreparedDecision.objects.get_or_create(
            proposal=world.opened,
            run=world.runs["done"],
            defaults={
                "outcome": "hold",
                "reason": "Later.",
                "why": "It takes two leaders.",
                "prepared_by": User.objects.get(username="chief"),
                "creation_key": uuid4(),
            },
        )[0].pk,
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
    "webhook": lambda world, _case: {
        "pk": Webhook.objects.get_or_create(
            name="One", url="https://one.example/", created_by=world.company.admin
        )[0].pk,
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
    "tracker": lambda _world, case: {"kind": case.state},
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
    "calendar": lambda _world, _case: {"key": "one-that-is-none"},
    "figures": lambda _world, _case: {"key": "one-that-is-none", "name": "results"},
    "group": lambda _world, _case: {"key": "impact"},
    "ready framework": lambda _world, _case: {"key": "rice"},
    "invitation": lambda _world, _case: {"sealed": "one-that-is-none"},
    "app": lambda _world, _case: {"app_label": "projects"},
    "content type": lambda _world, _case: {"content_type_id": 1, "object_id": 1},
}
