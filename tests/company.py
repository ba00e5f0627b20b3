"""A small company for tests, made through the ordinary services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from projects.customers.selectors import segment_of
from projects.insights.services import record_insights
from projects.models import (
    CustomerEffect,
    Cycle,
    Effort,
    Evidence,
    Insight,
    JourneyStage,
    MoneyLine,
    Proposal,
    Segment,
    SegmentFigure,
    Team,
    User,
)
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import (
    Change,
    create_proposal,
    record_figures,
    sign_proposal,
    submit_proposal,
)
from scoring.decisions.services import decide
from scoring.framework.selectors import judged_criteria, spec_of, with_structure
from scoring.framework.services.versions import (
    import_framework,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import cast_ballot, open_vote
from scoring.models import Condition, Decision, FrameworkVersion, RankingRun, Scorecard, Seat
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run
from scoring.scorecards.services import Answer, save_scorecard

TEXTS = {
    "problem": "Customers get offers for the card they hold.",
    "customer_job": "Keep my letterbox for what matters.",
    "marketing_part": "Match the offer list against card holders.",
    "cx_part": "Mend the address change process.",
}


def levels(*values: int) -> list[dict[str, str]]:
    return [
        {"value": str(value), "label": f"Level {value}", "wording": f"Worth {value}."}
        for value in values
    ]


def framework_spec() -> dict[str, Any]:
    """Return 40 (ROI 100), impact 30 (computed 50, judged pain 50), fit 30 (judged)."""
    return {
        "name": "Test framework",
        "summary": "The first version.",
        "parameters": {"draws": 1000},
        "charter": {"must_agree": []},
        "profiles": [{"key": "", "name": "General"}],
        "dimensions": [
            {
                "key": "return",
                "name": "Return",
                "weights": {"": "40"},
                "criteria": [
                    {
                        "key": "expected-roi",
                        "name": "Expected ROI",
                        "source": "expected_roi",
                        "weight": "100",
                        "knots": [[-1, 0], [0, 20], [4, 100]],
                    }
                ],
            },
            {
                "key": "impact",
                "name": "Customer impact",
                "weights": {"": "30"},
                "criteria": [
                    {
                        "key": "impact-points",
                        "name": "Impact points",
                        "source": "customer_impact",
                        "weight": "50",
                        "knots": [[0, 0], [1000, 100]],
                    },
                    {
                        "key": "pain",
                        "name": "Pain relieved",
                        "question": "How much of the pain goes away?",
                        "weight": "50",
                        "levels": levels(0, 50, 100),
                    },
                ],
            },
            {
                "key": "fit",
                "name": "Fit",
                "weights": {"": "30"},
                "criteria": [
                    {
                        "key": "strategic-fit",
                        "name": "Strategic fit",
                        "weight": "100",
                        "levels": levels(0, 25, 100),
                    }
                ],
            },
        ],
    }


@dataclass
class Company:
    cycle: Cycle
    version: FrameworkVersion
    marketing: User
    cx: User
    marketing_mate: User
    cx_mate: User
    other_marketing: User
    other_cx: User
    panelist: User
    curator: User
    leader: User
    admin: User
    stage: JourneyStage
    segment: Segment
    judged: dict[str, Any] = field(default_factory=dict)

    def chief(self, team: str = "Brand") -> User:
        """A leader of another function than the first."""
        return User.objects.create_user(
            "chief", password="demo", team=Team.objects.get(name=team), is_leader=True
        )

    def money(self, *, cost: Decimal | int = 100_000, benefit: int = 150_000) -> list[MoneyLine]:
        """One-off cost and one enrichment line per year, both certain."""
        kinds = MoneyLine.Kind
        return [
            MoneyLine(kind=kinds.ONE_OFF_COST, low=cost, likely=cost, high=cost),
            MoneyLine(kind=kinds.ENRICHMENT, low=benefit, likely=benefit, high=benefit),
        ]

    def effects(self, *, reach: int = 10_000) -> list[CustomerEffect]:
        return [
            CustomerEffect(
                stage=self.stage,
                segment=self.segment,
                reach=reach,
                points=Decimal(10),
                evidence=Evidence.USER,
            )
        ]

    def figure(
        self, name: str = "Families", *, actor: User | None = None, **values: Any
    ) -> SegmentFigure:
        """1,000 customers who bring 100 a year each, of whom 80 % are there a year later."""
        said = {"customers": 1_000, "margin": 100, "retention": Decimal("0.8")}
        said |= {"as_of": date(2026, 1, 31), "source": "Ledger"} | values
        figure = SegmentFigure(segment=segment_of(name), **said)
        return record_figures(actor=actor or self.cx, figures=[figure])[0]

    def insight(
        self, finding: str = "7 of 10 ask where it is", *, actor: User | None = None, **values: Any
    ) -> Insight:
        """User evidence of January 2026."""
        said = {"kind": "user", "source": "Survey", "gathered_on": date(2026, 1, 31)} | values
        insight = Insight(finding=finding, **said)
        return record_insights(actor=actor or self.cx, insights=[insight])[0]

    def worked_out(self, figure: SegmentFigure, kind: str, /, **values: Any) -> list[MoneyLine]:
        """A certain cost of 10,000, and a benefit on ``figure``: 500 reached, of whom 10 to 30 %
        change, likely 20."""
        shares = zip(("share_low", "share_likely", "share_high"), (10, 20, 30), strict=True)
        said: dict[str, Any] = {name: Decimal(share) / 100 for name, share in shares}
        said |= {"kind": kind, "figure": figure, "reached": 500} | values
        cost = MoneyLine(kind=MoneyLine.Kind.ONE_OFF_COST, low=10_000, likely=10_000, high=10_000)
        return [cost, MoneyLine(**said)]

    def draft(
        self,
        title: str = "Stop the double offer",
        *,
        marketing: User | None = None,
        cx: User | None = None,
        money: Sequence[MoneyLine] | None = None,
        effects: Sequence[CustomerEffect] | None = None,
        efforts: Sequence[Effort] = (),
        **fields: Any,
    ) -> Proposal:
        owner = marketing or self.marketing
        return create_proposal(
            actor=owner,
            cycle=self.cycle,
            change=Change(
                fields={
                    "title": title,
                    "marketing_owner": owner,
                    "cx_owner": cx or self.cx,
                    **TEXTS,
                    **fields,
                },
                money=self.money() if money is None else money,
                effects=self.effects() if effects is None else effects,
                efforts=efforts,
            ),
            creation_key=uuid4(),
        )

    def sign(self, proposal: Proposal, *signers: User) -> Proposal:
        text = digest(proposal)
        for signer in signers or proposal.owners:
            sign_proposal(actor=signer, proposal=proposal, digest=text)
        return proposal

    def submitted(self, title: str = "Stop the double offer", **values: Any) -> Proposal:
        proposal = self.sign(self.draft(title, **values))
        return submit_proposal(
            actor=proposal.marketing_owner,
            proposal=proposal,
            expected_version=Proposal.objects.get(pk=proposal.pk).version,
        )

    def answers(self, pain: int, fit: int) -> dict[int, Answer]:
        """Answers by level value; -1 abstains."""
        found = {}
        for criterion, value in zip(judged_criteria(self.version), (pain, fit), strict=True):
            by_value = {int(level.value): level.pk for level in criterion.levels.all()}
            found[criterion.pk] = (
                Answer(abstention_reason="Cannot judge this.")
                if value < 0
                else Answer(level=by_value[value])
            )
        return found

    def score(
        self, proposal: Proposal, panelist: User, pain: int, fit: int, *, submit: bool = True
    ) -> Scorecard:
        return save_scorecard(
            actor=panelist,
            proposal=proposal,
            answers=self.answers(pain, fit),
            submit=submit,
            expected_version=0,
        )

    def scored(self, title: str, *, pain: int = 50, fit: int = 25, **values: Any) -> Proposal:
        """A submitted proposal with one scorecard of the curator and one of the panelist."""
        proposal = self.submitted(title, **values)
        for judge in (self.curator, self.panelist):
            self.score(proposal, judge, pain, fit)
        return proposal

    def amend(self, **parameters: Any) -> None:
        """Publish an amendment of the framework that changes only ``parameters``."""
        draft = start_draft(actor=self.curator)
        spec = spec_of(draft) | {"summary": "Other rules."}
        spec["parameters"] |= parameters
        draft = save_draft(
            actor=self.curator, version=draft, spec=spec, expected_version=draft.version
        )
        self.version = self.ratified(draft)

    def ratified(self, draft: FrameworkVersion) -> FrameworkVersion:
        """The draft in force, after everybody with a seat has said yes."""
        number = draft.version
        open_vote(actor=self.curator, version=draft, expected_version=number, at_once=True)
        for seat in Seat.objects.filter(is_active=True).select_related("user__team"):
            cast_ballot(actor=seat.user, version=draft, text=draft.version, choice="yes")
        return with_structure(FrameworkVersion.objects.all()).get(pk=draft.pk)

    def rank(self) -> RankingRun:
        run = request_run(actor=self.leader, trigger=RankingRun.Trigger.BUTTON)
        if not rank_run(run_id=run.pk):
            raise AssertionError(f"run {run.pk} was not carried out")
        run.refresh_from_db()
        return run


def a_condition(owner: User, text: str = "Legal agrees.", *, days: int = 30) -> Condition:
    return Condition(text=text, owner=owner, due=timezone.localdate() + timedelta(days=days))


def digest(proposal: Proposal) -> str:
    return digest_of(content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get()))


def without_seal(table: str) -> None:
    """Do what an intruder with the database in hand would do first: drop the triggers."""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")


def recorded(**said: Any) -> Decision:
    """What one leader decides alone."""
    made = decide(**said)
    assert isinstance(made, Decision)
    return made


def make_company() -> Company:
    today = timezone.localdate()
    teams = {
        name: Team.objects.create(name=name, function=function)
        for name, function in (
            ("Acquisition", "marketing"),
            ("Brand", "marketing"),
            ("Insights", "cx"),
            ("Contact Centre", "cx"),
            ("Data Platform", "it"),
            ("Controlling", "finance"),
        )
    }

    def person(username: str, team: str, **flags: Any) -> User:
        return User.objects.create_user(username, password="demo", team=teams[team], **flags)

    panelist, curator = person("panelist", "Data Platform"), person("curator", "Controlling")
    Seat.objects.create(user=panelist)
    Seat.objects.create(user=curator, is_chair=True)
    draft = import_framework(actor=curator, spec=framework_spec())
    return Company(
        cycle=Cycle.objects.create(
            name="This year",
            intake_opens=today - timedelta(days=30),
            intake_closes=today + timedelta(days=30),
            budget=Decimal(250_000),
            is_current=True,
        ),
        version=publish_version(actor=curator, version=draft, expected_version=draft.version),
        marketing=person("marketing", "Acquisition"),
        cx=person("cx", "Insights"),
        marketing_mate=person("marketing-mate", "Acquisition"),
        cx_mate=person("cx-mate", "Insights"),
        other_marketing=person("other-marketing", "Brand"),
        other_cx=person("other-cx", "Contact Centre"),
        panelist=panelist,
        curator=curator,
        leader=person("leader", "Controlling", is_leader=True),
        admin=person("admin", "Data Platform", is_superuser=True),
        stage=JourneyStage.objects.create(name="Use", position=1),
        segment=Segment.objects.create(name="Families"),
    )
