"""The demo company seen through the API, and how its people write to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from projects.models import (
    Insight,
    JourneyStage,
    Proposal,
    Segment,
    User,
)
from projects.tokens.services import issue_token
from scoring.demo.company import SIGN_INS
from scoring.framework.selectors import with_structure
from scoring.models import (
    FrameworkVersion,
)

JSON = "application/json"


@dataclass
class Good:
    """What a request needs to be accepted: the object's id, its version, a body."""

    pk: int = 0
    version: int | None = None
    body: Any = None
    before: Callable[[], object] = lambda: None  # carried out in the same transaction


@dataclass
class Ground:
    """The demo company seen through the API, and how its people write to it."""

    people: dict[str, User] = field(default_factory=dict)

    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in SIGN_INS:
            person = self.people[name] = User.objects.get(username=name)
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
            _, key = issue_token(actor=person, person=person, name="Fuzz", scope="write", days=1)
            self.clients[name] = Client(
                raise_request_exception=False, headers={"Authorization": f"Bearer {key}"}
            )
        self.draft = self.make_proposal("A draft")
        self.signed = self.make_proposal("Signed by both")
        self.fresh = self.make_proposal("Just submitted")
        for made in (self.signed, self.fresh):
            self.sign(made)
        self.post("marketing", f"proposals/{self.fresh.pk}/submit/", version=self.fresh.version)
        self.published = with_structure(FrameworkVersion.objects.all()).get(status="published")
        self.amendment = with_structure(FrameworkVersion.objects.all()).get(status="draft")

    def post(self, who: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = self.clients[who].post(f"/api/v1/{path}", body, JSON, headers=headers)
        assert answer.status_code < 300, answer.content
        return answer.json()

    def make_proposal(self, title: str) -> Proposal:
        made = self.post("marketing", "proposals/", self.proposal_body(title))
        return Proposal.objects.get(pk=made["id"])

    def sign(self, proposal: Proposal) -> None:
        for who in ("marketing", "cx"):
            self.post(who, f"proposals/{proposal.pk}/sign/", {"digest": self.digest(proposal)})
        proposal.refresh_from_db()

    def digest(self, proposal: Proposal) -> str:
        answer = self.clients["marketing"].get(f"/api/v1/proposals/{proposal.pk}/")
        return str(answer.json()["digest"])

    def proposal_body(self, title: str) -> dict[str, Any]:
        stages = list(JourneyStage.objects.values_list("name", flat=True))
        segments = list(Segment.objects.values_list("name", flat=True))
        certain = {"low": "1000", "likely": "2000.50", "high": "3000"}
        texts = ("problem", "customer_job", "marketing_part", "cx_part")
        place = {"stage": stages[0], "segment": segments[0]}
        return {
            "title": title,
            "horizon_months": 36,
            **dict.fromkeys(texts, "As agreed."),
            "marketing_owner": self.people["marketing"].pk,
            "cx_owner": self.people["cx"].pk,
            "money": [{"kind": "one_off_cost", **certain}, {"kind": "retention", **certain}],
            "effects": [{**place, "reach": 100, "points": "5.5", "evidence": "user"}],
            "measures": [{"key": "fit", "value": 3.5}],
        }

    def good(self, operation: str, who: str, random: Random) -> Good:
        """What lets this person's request through, as far as anything does."""
        making = getattr(self, f"good_{operation}", None)
        return Good() if making is None else making(self.people[who], random)

    def good_insights_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Insight.objects.values_list("pk", flat=True)) or [0]))

    def good_proposals_retrieve(self, _user: User, random: Random) -> Good:
        seen = Proposal.objects.filter(status__in=Proposal.IN_BACKLOG)
        return Good(random.choice(list(seen.values_list("pk", flat=True))))
