"""Proposals: started, written, signed, and most of them submitted."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.utils import timezone

from projects.people.models import Team
from projects.proposals.models.comments import Comment
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.efforts import Effort, quarters_from
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import (
    Change,
    add_author,
    add_comment,
    add_file,
    create_proposal,
    link_proposals,
    reply,
    resolve,
    sign_proposal,
    submit_proposal,
    update_proposal,
)
from scoring.demo.company import MONTH, Company

THOUSAND = 1000
Number = TypeVar("Number", MoneyLine, CustomerEffect)


def creation_key(key: str) -> UUID:
    return uuid5(NAMESPACE_DNS, f"{key}.alderbrook.example")


def make_proposal(company: Company, key: str, row: dict[str, Any], *, submit: bool) -> Proposal:
    marketing, cx = row["owners"]
    starter = company.people[row.get("by", marketing)]
    texts = {name: row.get(name, "").strip() for name in Proposal.TEXT_FIELDS}
    proposal = create_proposal(
        actor=starter,
        cycle=company.cycle,
        change=Change(
            fields=texts
            | {
                "title": row["title"],
                "horizon_months": row.get("horizon", 36),
                "marketing_owner": company.people[marketing],
                "cx_owner": company.people[cx],
                "promise": company.promises.get(key),
            },
            money=[
                _resting(company, key, _money(company, line, row.get("backed", [])))
                for line in row.get("money", [])
            ],
            effects=[
                _resting(company, key, _effect(company, line)) for line in row.get("effects", [])
            ],
            commitments=[_commitment(company, line) for line in row.get("kpis", [])],
            efforts=[_effort(line) for line in row.get("days", [])],
            answers=[
                FieldValue(field=CustomField.objects.get(key=asked), value=text)
                for asked, text in row.get("asked", {}).items()
            ],
        ),
        creation_key=creation_key(key),
    )
    for username in row.get("along", []):
        add_author(actor=starter, proposal=proposal, person=company.people[username])
    for name, text in row.get("files", []):
        add_file(actor=starter, proposal=proposal, name=name, content=text.lstrip().encode())
    proposal.refresh_from_db()
    _sign(company, proposal, row["owners"] if submit else row.get("signed", []))
    if submit:
        return submit_proposal(actor=starter, proposal=proposal, expected_version=proposal.version)
    if "edit" in row:
        change = Change(fields=row["edit"])
        return update_proposal(
            actor=starter, proposal=proposal, change=change, expected_version=proposal.version
        )
    return proposal


def tie_proposals(
    company: Company, proposals: dict[str, Proposal], rows: dict[str, dict[str, Any]]
) -> None:
    """What a proposal has to do with another, in the words of its Marketing owner."""
    for key, row in rows.items():
        for kind, other, because in row.get("tied", ()):
            link_proposals(
                actor=company.people[row["owners"][0]],
                proposal=proposals[key],
                kind=kind,
                other=proposals[other],
                because=because,
            )


def talk(company: Company, proposals: dict[str, Proposal], rows: list[dict[str, Any]]) -> None:
    """What people said to each other about proposals."""
    for row in rows:
        due = timezone.localdate() + timedelta(days=row["in_days"]) if "in_days" in row else None
        comment = Comment(
            proposal=proposals[row["on"]],
            part=row["about"],
            text=row["text"],
            to=company.people[row["to"]] if "to" in row else None,
            due=due,
        )
        add_comment(actor=company.people[row["by"]], comment=comment)
        for who, text in row.get("answers", ()):
            reply(actor=company.people[who], thread=comment, text=text)
        if row.get("resolved"):
            resolve(actor=company.people[row["by"]], thread=comment)


def _sign(company: Company, proposal: Proposal, usernames: list[str]) -> None:
    if not usernames:
        return
    text = with_content(Proposal.objects.filter(pk=proposal.pk)).get()
    digest = digest_of(content_of(text))
    for username in usernames:
        sign_proposal(actor=company.people[username], proposal=proposal, digest=digest)


def _money(company: Company, line: list[Any], backed: list[Any]) -> MoneyLine:
    """Kind, name, then low, likely and high in thousands or what it is worked out from; after
    how many months, and which share of new customers is kept."""
    kind, label, *amounts = line
    evidence, *months = [""] if kind in MoneyLine.COSTS or not backed else backed
    money = MoneyLine(kind=kind, label=label, evidence=evidence, evidence_date=_months_ago(months))
    if isinstance(amounts[0], dict):
        sums, *rest = amounts
        _work_out(money, company, sums)
        kept = sums.get("kept")
    else:
        low, likely, high, *rest = amounts
        money.low, money.likely, money.high = (
            Decimal(amount * THOUSAND) for amount in (low, likely, high)
        )
        kept = rest[1] if rest[1:] else None
    money.starts_month = rest[0] if rest else 0
    money.yearly_retention = None if kept is None else Decimal(str(kept))
    return money


def _work_out(money: MoneyLine, company: Company, sums: dict[str, Any]) -> None:
    """Shares are in per cent."""
    money.figure = company.figures[sums["on"]]
    money.reached = sums["reached"]
    shares = (Decimal(str(share)) / 100 for share in sums["share"])
    money.share_low, money.share_likely, money.share_high = shares
    money.because = sums.get("because", "")
    money.ramp_months = sums.get("grows", 0)


def _resting(company: Company, key: str, number: Number) -> Number:
    """The number on the insight of its kind, where the proposal has one."""
    for insight in company.insights.get(key, ()):
        if insight.kind == number.evidence:
            number.insight = insight
    return number


def _commitment(company: Company, line: list[Any]) -> Commitment:
    """KPI, where it stands, where it shall stand, in how many months, who answers."""
    kpi, baseline, target, months, answers = line
    return Commitment(
        kpi=company.kpis[kpi],
        baseline=Decimal(str(baseline)),
        target=Decimal(str(target)),
        due=timezone.localdate() + MONTH * months,
        answers=answers,
    )


def _effort(line: list[Any]) -> Effort:
    """Team, in how many quarters, days."""
    team, later, low, likely, high = line
    quarter = quarters_from(timezone.localdate(), later + 1)[-1]
    return Effort(
        team=Team.objects.get(name=team), quarter=quarter, low=low, likely=likely, high=high
    )


def _months_ago(months: list[Any]) -> date | None:
    return timezone.localdate() - MONTH * months[0] if months else None


def _effect(company: Company, line: list[Any]) -> CustomerEffect:
    stage, segment, reach, points, evidence, *months = line
    return CustomerEffect(
        stage=company.stages[stage],
        segment=company.segments[segment],
        reach=reach,
        points=Decimal(points),
        evidence=evidence,
        evidence_date=_months_ago(months),
    )
