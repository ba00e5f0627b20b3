"""Teams, people, panel, cycles, journey stages and segments."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from projects.customers.models import JourneyStage, Persona, Promise, Segment, SegmentFigure
from projects.customers.selectors import segment_of
from projects.customers.services import agree_to_deliver, keep_persona, make_promise
from projects.cycles.models import Cycle
from projects.insights.models import Insight, ResearchRequest
from projects.insights.services import (
    answer_research,
    ask_research,
    plan_research,
    record_insights,
)
from projects.kpis.models import Kpi, KpiValue
from projects.kpis.services import add_kpi, record_value
from projects.people.models import Team, User
from projects.proposals.models.fields import CustomField
from projects.proposals.services import record_figures
from scoring.panel.models import Seat

PASSWORD = "demo"  # noqa: S105 - told to everyone
MARK = "@alderbrook.example"  # the addresses of demo people, and of nobody else
MONTH = timedelta(days=30)
SIGN_INS = ("marketing", "cx", "panelist", "curator", "leader", "admin")


@dataclass(frozen=True, slots=True)
class Company:
    people: dict[str, User]
    cycle: Cycle
    stages: dict[str, JourneyStage]
    segments: dict[str, Segment]
    figures: dict[str, SegmentFigure]
    # What the numbers of a proposal rest on: its key -> insights, each for numbers of its kind.
    insights: dict[str, list[Insight]]
    promises: dict[str, Promise]  # by the key of the proposal that makes it
    kpis: dict[str, Kpi]


def make_company(data: dict[str, Any]) -> Company:
    people = _people(data)
    cycles = [_cycle(row) for row in data["cycles"]]
    stages = {
        name: _stage(people, name, position, weight, *data["pains"][name])
        for position, (name, weight) in enumerate(data["stages"].items(), start=1)
    }
    for position, (key, (name, kind, about, options)) in enumerate(data["asked"].items(), start=1):
        CustomField.objects.create(
            key=key,
            name=name,
            kind=kind,
            help_text=about,
            choices="\n".join(options),
            position=position,
        )
    current = next(cycle for cycle in cycles if cycle.is_current)
    figures = count_segments(people["cx"], data["segments"], "Customer ledger, yearly count", 90)
    segments = {figure.segment.name: figure.segment for figure in figures}
    personas = {row["name"]: _persona(people["cx"], row, segments) for row in data["personas"]}
    insights = _insights(people["cx"], data["found"], stages, segments, personas)
    _research(people, data["research"], {"stages": stages, "segments": segments})
    return Company(
        people=people,
        cycle=current,
        stages=stages,
        segments=segments,
        figures={figure.segment.name: figure for figure in figures},
        insights=insights,
        promises={row["for"]: _promise(people, row) for row in data["promises"]},
        kpis=_kpis(people, data["kpis"], stages),
    )


def _stage(
    people: dict[str, User], name: str, position: int, weight: float, pain: str, owner: str
) -> JourneyStage:
    return JourneyStage.objects.create(
        name=name,
        position=position,
        weight=Decimal(str(weight)),
        pain=pain,
        owner=people[owner],
    )


def _persona(keeper: User, row: dict[str, Any], segments: dict[str, Segment]) -> Persona:
    said = {key: text for key, text in row.items() if key != "segments"}
    linked = [segments[name] for name in row["segments"]]
    return keep_persona(actor=keeper, persona=Persona(**said), segments=linked)


def _promise(people: dict[str, User], row: dict[str, Any]) -> Promise:
    promise = Promise(words=row["words"], where=row["where"], deliverer=people[row["deliverer"]])
    make_promise(actor=people["marketing"], promise=promise)
    if row.get("agreed"):
        agree_to_deliver(actor=promise.deliverer, promise=promise)
    return promise


def _kpis(
    people: dict[str, User], rows: dict[str, dict[str, Any]], stages: dict[str, JourneyStage]
) -> dict[str, Kpi]:
    """Each kept by somebody of its function, with what it stood at."""
    found = {}
    for name, row in rows.items():
        said = {key: value for key, value in row.items() if key not in ("stage", "values")}
        keeper = people[row["function"]]
        kpi = Kpi(name=name, stage=stages.get(row.get("stage", "")), **said)
        found[name] = add_kpi(actor=keeper, kpi=kpi)
        for months, number in row["values"]:
            as_of = timezone.localdate() - MONTH * months
            value = KpiValue(kpi=kpi, as_of=as_of, value=Decimal(str(number)))
            record_value(actor=keeper, value=value)
    return found


def _research(people: dict[str, User], rows: list[dict[str, Any]], known: dict[str, Any]) -> None:
    """Questions to customers, oldest first, as far as each has come."""
    for row in rows:
        asked = ResearchRequest(
            question=row["question"],
            why=row["why"],
            stage=known["stages"].get(row.get("stage", "")),
            segment=known["segments"].get(row.get("segment", "")),
        )
        ask_research(actor=people[row["by"]], asked=asked)
        if "run_by" in row:
            day = timezone.localdate() + timedelta(days=row["in_days"])
            run_by = people[row["run_by"]]
            plan_research(actor=people["cx"], asked=asked, run_by=run_by, planned_for=day)
        if "answer" in row:
            insight = Insight.objects.get(finding=row["answer"])
            answer_research(actor=people["cx"], asked=asked, insight=insight)


def _insights(
    keeper: User,
    rows: list[dict[str, Any]],
    stages: dict[str, JourneyStage],
    segments: dict[str, Segment],
    personas: dict[str, Persona],
) -> dict[str, list[Insight]]:
    """All of them kept, oldest first; those that proposals rest on, by proposal."""
    by_proposal: dict[str, list[Insight]] = {}
    rows = sorted(rows, key=lambda row: -int(row["is"][4]))
    made = []
    for row in rows:
        finding, kind, source, sample, months, stage, segment = row["is"]
        insight = Insight(
            finding=finding,
            kind=kind,
            source=source,
            sample=sample or None,
            gathered_on=timezone.localdate() - MONTH * months,
            stage=stages[stage],
            segment=segments.get(segment),
            persona=personas.get(row.get("of", "")),
        )
        made.append(insight)
        for key in row.get("for", ()):
            by_proposal.setdefault(key, []).append(insight)
    record_insights(actor=keeper, insights=made)
    return by_proposal


def count_segments(
    keeper: User, rows: dict[str, Any], source: str, days_ago: int
) -> list[SegmentFigure]:
    """Figures as somebody keeps them: customers, margin, kept per year, cost to win one."""
    figures = [
        SegmentFigure(
            segment=segment_of(name),
            customers=customers,
            margin=Decimal(margin),
            retention=Decimal(str(retention)),
            acquisition_cost=Decimal(cost),
            as_of=timezone.localdate() - timedelta(days=days_ago),
            source=source,
        )
        for name, (customers, margin, retention, cost) in rows.items()
    ]
    return record_figures(actor=keeper, figures=figures)


def _people(data: dict[str, Any]) -> dict[str, User]:
    teams = {
        name: Team.objects.create(name=name, function=function)
        for name, function in data["teams"].items()
    }
    password = make_password(PASSWORD)  # hashed once: hashing is slow on purpose
    people = {}
    for username, row in data["people"].items():
        first, last = row["name"].split(" ", 1)
        admin = row.get("admin", False)
        person = User.objects.create(
            username=username,
            first_name=first,
            last_name=last,
            email=username + MARK,
            password=password,
            team=teams[row["team"]],
            is_leader=row.get("leader", False),
            is_staff=admin,
            is_superuser=admin,
        )
        if "seat" in row:
            Seat.objects.create(user=person, is_chair=row["seat"] == "chair")
        people[username] = person
    return people


def _cycle(row: dict[str, Any]) -> Cycle:
    today = timezone.localdate()
    return Cycle.objects.create(
        name=row["name"],
        intake_opens=today + timedelta(days=row["opens"]),
        intake_closes=today + timedelta(days=row["closes"]),
        budget=Decimal(row["budget"]),
        is_current=row.get("current", False),
    )
