"""Numbers that rest on an insight: how far they are believed, and what signing holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.models import MoneyLine, Proposal
from projects.proposals.selectors import content_of, estimates_of, with_content
from projects.proposals.services import Change, update_proposal
from scoring.forecast.sums import preview
from tests.company import Company
from tests.pages import markup, signed_in, text
from tests.projects.insights.backing import backed


def fresh(proposal: Proposal) -> Proposal:
    return with_content(Proposal.objects.filter(pk=proposal.pk)).get()


def test_evidence_and_day_come_from_the_insight(company: Company) -> None:
    insight = company.insight(kind="test", gathered_on=date(2026, 3, 1))
    effects = company.effects()
    effects[0].insight = insight
    proposal = company.draft(money=backed(company, insight, evidence="opinion"), effects=effects)
    for row in (proposal.money.get(insight=insight), proposal.effects.get()):
        assert (row.evidence, row.evidence_date) == ("test", date(2026, 3, 1))
    content = content_of(fresh(proposal))
    for said in (content["money"][1], content["effects"][0]):
        assert (said["insight"], said["evidence"]) == (insight.pk, "test")
    assert "insight" not in content["money"][0]
    found = estimates_of(Proposal.objects.all())[proposal.pk]
    assert {name: content[name] for name in ("money", "effects")}.items() <= found.items()


def test_a_cost_rests_on_no_insight(company: Company) -> None:
    lines = company.money()
    lines[0].insight = company.insight()
    with pytest.raises(ValidationError) as refused:
        company.draft(money=lines)
    assert "Only a benefit rests on evidence." in str(refused.value)
    company.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        MoneyLine.objects.filter(kind="one_off_cost").update(insight=company.insight())


def test_an_opinion_and_a_launch_with_the_same_figures_are_believed_otherwise(
    company: Company,
) -> None:
    company.amend(believes_evidence=True, prior_roi="0", prior_spread="0.8")
    shown = {}
    for kind in ("opinion", "launch"):
        insight = company.insight(kind, kind=kind, gathered_on=timezone.localdate())
        proposal = company.draft(kind, money=backed(company, insight))
        shown[kind] = preview(fresh(proposal), company.version)
    assert shown["opinion"].stated_roi == shown["launch"].stated_roi
    assert (shown["opinion"].believed, shown["launch"].believed) == pytest.approx(
        (0.1, 0.9), rel=1e-15
    )
    widths = {kind: (row.roi_p90 or 0) - (row.roi_p10 or 0) for kind, row in shown.items()}
    assert widths["opinion"] > widths["launch"]


def test_an_insight_two_half_lives_old_widens_the_range(company: Company) -> None:
    company.amend(believes_evidence=True, evidence_half_life="1")
    today, widths = timezone.localdate(), []
    for age in (0, 731):
        insight = company.insight(kind="test", gathered_on=today - timedelta(days=age))
        row = preview(fresh(company.draft(money=backed(company, insight))), company.version)
        widths.append((row.roi_p90 or 0) - (row.roi_p10 or 0))
        expected = 0.8 * 0.5 ** (age / 365.25)
        assert row.believed == pytest.approx(expected, rel=1e-9)
    assert widths[1] > widths[0]


def test_a_better_insight_leaves_signed_numbers_alone(company: Company) -> None:
    insight = company.insight(kind="anecdotal")
    proposal = company.submitted(money=backed(company, insight))
    company.insight(kind="test", replaces=insight)
    assert proposal.money.get(insight=insight).evidence == "anecdotal"
    assert not proposal.revisions.get().signatures.exclude(voided_at=None).exists()


def test_naming_an_insight_changes_the_text(company: Company) -> None:
    proposal = company.draft(
        money=backed(company, None, evidence="user", evidence_date=date(2026, 1, 31))
    )
    company.sign(proposal, company.cx)
    update_proposal(
        actor=company.cx,
        proposal=proposal,
        change=Change(money=backed(company, company.insight())),
        expected_version=1,
    )
    assert proposal.revisions.get().signatures.get().voided_at


def test_the_form_names_the_insight_and_drops_what_it_says(company: Company) -> None:
    insight, proposal = company.insight(kind="test"), company.draft()
    client = signed_in(company.marketing)
    path = f"/proposals/{proposal.pk}/edit/change/"
    row = {
        "stage": str(company.stage.pk),
        "segment": str(company.segment.pk),
        "reach": "100",
        "points": "5",
        "insight": f"i-{insight.pk} whatever follows",
        "evidence": "opinion",
    }

    def send(version: int, **changed: str) -> Any:
        management = {"effects-TOTAL_FORMS": "1", "effects-INITIAL_FORMS": "0"}
        values = {f"effects-0-{name}": value for name, value in (row | changed).items()}
        texts = {"marketing_part": "A", "cx_part": "B", "version": str(version), "stay": "1"}
        return client.post(path, texts | management | values)

    assert send(1).status_code == 302
    effect = proposal.effects.get()
    assert (effect.insight, effect.evidence) == (insight, "test")
    assert f'value="{insight}"' in markup(client.get(path)).replace("&#x27;", "'")
    for typed in ("I-9999", "no reference"):
        refused = send(2, insight=typed)
        assert refused.status_code == 422
        assert "There is no such insight. Begin with its reference, like I-12." in text(refused)
    nothing = send(2, insight="", evidence="")
    assert "Say how we know, or name an insight." in text(nothing)
