"""Making the company of a role, with what it must not see planted in it."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.utils import timezone

from jobs.models import Message
from projects.models import CustomField, Proposal, User
from scoring.decisions.services import decide
from scoring.exports.services.requests import request_export
from scoring.exports.services.write import write_export
from scoring.framework.services.versions import save_draft, start_draft
from scoring.meetings.services import begin_round, cast_vote
from scoring.models import (
    Criterion,
    ExportJob,
    FrameworkVersion,
    Meeting,
    RankingRun,
    Scenario,
    Scorecard,
    Seat,
)
from scoring.scorecards.services import Answer, save_scorecard
from tests.company import Company, a_condition, framework_spec, make_company
from tests.kept import kept
from tests.policy.rules import PANEL, RELATIONS
from tests.policy.world import (
    BLIND_COMMENT,
    BLIND_REASON,
    BLIND_TITLE,
    DRAFT_TEXT,
    OPEN_COMMENT,
    PROPOSALS,
    STARTED_COMMENT,
    World,
)


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
    CustomField.objects.create(key="vendor", name="Vendor", kind=CustomField.Kind.TEXT)
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
    chief = User.objects.filter(username="chief").first() or company.chief()
    decide(
        actor=chief,
        proposal=proposal,
        run=run,
        outcome="conditional",
        reason="It fits.",
        conditions=[a_condition(chief)],
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
        outcome={"funded": [funded.pk], "spent": 1.0, "exceptions": []},
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
