"""A run believes returns by the evidence of their benefits, where the framework says so."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from projects.models import MoneyLine, Proposal
from projects.proposals.selectors import content_of, with_content
from scoring.backlog.services.ledger import ledger_of
from scoring.exports.files.method import source_of
from scoring.exports.files.table import columns
from scoring.forecast.sums import preview
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import FrameworkVersion, RankedProposal, RankingRun
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services import chunks
from scoring.ranking.services.chunks import help_run
from scoring.ranking.services.ranking import rank_run, replay
from scoring.ranking.services.runs import request_run
from scoring.what_if.services.preview import preview_draft
from tests.company import Company
from tests.pages import signed_in, text


def day(months: float) -> Any:
    return timezone.localdate() - timedelta(days=round(months * 365.25 / 12))


def lines(company: Company, *kinds: str, months: float | None = None) -> list[MoneyLine]:
    """The money of the company, with a benefit for each kind of evidence, of equal size.

    What is of a day rests on an insight of that day.
    """
    cost, benefit = company.money()
    share = benefit.likely / len(kinds)
    amounts = {"low": share, "likely": share, "high": share}
    found = {
        kind: None if months is None else company.insight(kind, kind=kind, gathered_on=day(months))
        for kind in kinds
    }
    return [
        cost,
        *(
            MoneyLine(kind=benefit.kind, label=kind, evidence=kind, insight=found[kind], **amounts)
            for kind in kinds
        ),
    ]


def backed(company: Company, *kinds: str, months: float | None = None) -> Proposal:
    title = " and ".join(kinds) + ("" if months is None else f" of {months}")
    return company.scored(title, money=lines(company, *kinds, months=months))


def drafted(company: Company, **parameters: Any) -> FrameworkVersion:
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Other rules."}
    spec["parameters"] |= parameters
    return save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )


def of(run: RankingRun, proposal: Proposal) -> Any:
    return RankedProposal.objects.get(run=run, proposal=proposal)


def test_the_same_figures_rank_by_what_they_rest_on(company: Company) -> None:
    opinion, launch = backed(company, "opinion"), backed(company, "launch", months=0)
    unstated = company.scored("Nothing stated")
    plain = company.rank()
    [stated] = set(plain.results.values_list("roi", flat=True))
    assert stated is not None
    assert {row.rank for row in plain.results.all()} == {1}
    company.amend(believes_evidence=True, prior_roi="0", prior_spread="0.80", draws=20_000)
    run = company.rank()
    weak, strong = of(run, opinion), of(run, launch)
    assert (weak.believed, strong.believed) == (0.1, 0.9)
    assert (weak.roi, strong.roi) == (pytest.approx(0.1 * stated), pytest.approx(0.9 * stated))
    assert (weak.rank, strong.rank) == (2, 1)
    # 80 % of a normal spread lies within 1.2816 standard deviations.
    for row, open_share in ((weak, 0.9), (strong, 0.1)):
        half = 1.2816 * 0.8 * open_share**0.5
        assert row.roi_p90 - row.roi_p10 == pytest.approx(2 * half, rel=0.05)
        assert (row.stated_roi, row.stated_roi_p10, row.stated_roi_p90) == (stated,) * 3
    assert weak.p_loss > 0.3  # as stated, it could not lose
    assert of(run, unstated).roi == weak.roi  # nothing stated is an opinion, not nothing
    assert replay(run)
    assert replay(plain)


def test_the_class_is_the_frameworks_and_not_the_batchs(company: Company) -> None:
    plans = backed(company, "plans")
    company.amend(believes_evidence=True, prior_roi="-0.25", prior_spread="0.4", draws=20_000)
    before = of(company.rank(), plans)
    # 80 % of a normal spread, of which the evidence leaves 1 - k open.
    half = 1.2816 * 0.4 * 0.8**0.5
    assert before.roi_p90 - before.roi_p10 == pytest.approx(2 * half, rel=0.05)
    assert before.roi == pytest.approx(-0.25 + 0.2 * (before.stated_roi + 0.25))
    for number in range(3):
        company.scored(f"Other {number}", money=company.money(benefit=900_000))
    after = of(company.rank(), plans)
    same = ("roi", "roi_p10", "roi_p50", "roi_p90", "stated_roi", "value")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_benefits_count_by_their_size_and_evidence_ages(company: Company) -> None:
    mixed = backed(company, "launch", "user", months=0)
    uneven = lines(company, "launch", "user", months=0)
    uneven[1].low = uneven[1].likely = uneven[1].high = 3 * uneven[1].likely
    large = company.scored("Mostly launched", money=uneven)
    fresh, aged = backed(company, "test", months=0), backed(company, "test", months=48)
    lasting = backed(company, "opinion", months=48)
    company.amend(believes_evidence=True, evidence_half_life="2.0")
    run = company.rank()
    assert of(run, mixed).believed == pytest.approx((0.9 + 0.6) / 2)
    assert of(run, large).believed == pytest.approx((3 * 0.9 + 0.6) / 4)
    assert of(run, fresh).believed == pytest.approx(0.8)
    assert of(run, aged).believed == pytest.approx(0.2, rel=1e-3)  # two half-lives
    assert of(run, lasting).believed == pytest.approx(0.025, rel=1e-3)
    young, old = of(run, fresh), of(run, aged)
    assert old.roi_p90 - old.roi_p10 > 1.5 * (young.roi_p90 - young.roi_p10)
    company.amend(evidence_half_life=None)
    assert of(company.rank(), aged).believed == pytest.approx(0.8)


def test_a_proposal_without_a_return_has_none_to_believe(company: Company) -> None:
    cost, _ = company.money()
    silent = company.scored("Cost alone", money=[cost])
    company.amend(believes_evidence=True)
    row = of(company.rank(), silent)
    assert (row.roi, row.believed, row.stated_roi) == (None, None, None)


def test_a_shared_run_believes_alike(
    company: Company, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for months in range(4):
        backed(company, "test", months=12 * months)
    company.amend(believes_evidence=True)
    settings.RUN_SHARED_FROM = 1
    run = request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON)
    RankingRun.objects.filter(pk=run.pk).update(draws=7_000)
    made = []
    monkeypatch.setattr(
        chunks, "_call_for_help", lambda asked, _helpers: made.append(help_run(run_id=asked.pk))
    )
    assert rank_run(run_id=run.pk)
    assert made == [4]
    run.refresh_from_db()
    settings.RUN_SHARED_FROM = 10**12
    assert replay(run)


def test_a_draft_shows_what_belief_would_move_and_a_run_then_does(company: Company) -> None:
    backed(company, "opinion"), backed(company, "launch", months=0)
    run = company.rank()
    draft = drafted(company, believes_evidence=True)
    said = {move.result.proposal_id: move.value for move in preview_draft(draft, run)}
    company.version = company.ratified(draft)
    believed = company.rank()
    assert said == pytest.approx(dict(believed.results.values_list("proposal", "value")), abs=1e-9)
    # And back: the stated return stands in the believed run.
    draft = drafted(company, believes_evidence=False)
    said = {move.result.proposal_id: move.value for move in preview_draft(draft, believed)}
    assert said == pytest.approx(dict(run.results.values_list("proposal", "value")), abs=1e-9)


def test_the_move_is_explained_to_the_last_digit(company: Company) -> None:
    proposal = backed(company, "user", months=0)
    backed(company, "launch", months=0)
    before = company.rank()
    company.amend(believes_evidence=True)
    after = company.rank()
    ledger = ledger_of(of(before, proposal), of(after, proposal), load_snapshot(after))
    assert ledger is not None
    moved = of(after, proposal).value - of(before, proposal).value
    assert sum(entry.cause.value for entry in ledger.entries) == pytest.approx(moved, abs=1e-9)
    assert moved < 0
    [said] = [entry.happened for entry in ledger.entries if entry.cause.key == "money"]
    assert said[-1] == "Return believed by its evidence: all then, 60.0% now"


def test_why_shows_both_returns_and_the_files_say_so(company: Company) -> None:
    proposal = backed(company, "user", months=0)
    plain = company.rank()
    names = [column.key for column in columns(plain.facts["criteria"])]
    assert not {"believed", "stated_roi"} & set(names)
    page = text(signed_in(company.leader).get(f"/backlog/{proposal.pk}/"))
    assert "Believed ROI" not in page
    company.amend(believes_evidence=True)
    run = company.rank()
    page = text(signed_in(company.leader).get(f"/backlog/{proposal.pk}/"))
    assert "Stated ROI: mean of 1,000 drawn futures" in page
    assert re.search(r"Believed ROI: 0 \+ 60\s% of the way to the stated one", page)
    assert re.search(r"User evidence of .{8,40}, supports 60\s%", page)
    criteria = run.facts["criteria"]
    assert [item["key"] for item in criteria if item.get("believed")] == ["expected-roi"]
    assert {"believed", "stated_roi"} <= {column.key for column in columns(criteria)}
    [said] = [source_of(item) for item in criteria if item.get("believed")]
    assert said.endswith("as far as the evidence of the benefits supports it")


def test_costs_are_raised_as_their_class_runs_over(company: Company) -> None:
    proposal = company.scored("Raised")
    plain = company.rank()
    before = of(plain, proposal)
    draft = drafted(company, cost_uplift="0.25")
    [said] = [move.value for move in preview_draft(draft, plain)]
    company.version = company.ratified(draft)
    run = company.rank()
    after = of(run, proposal)
    assert after.cost == pytest.approx(1.25 * before.cost)
    assert after.benefit == before.benefit
    assert after.roi == pytest.approx((1 + before.roi) / 1.25 - 1)
    assert said == pytest.approx(after.value, abs=1e-6)
    assert after.believed is None  # a rule of its own
    ledger = ledger_of(before, after, load_snapshot(run))
    assert ledger is not None
    assert sum(entry.cause.value for entry in ledger.entries) == pytest.approx(
        after.value - before.value, abs=1e-9
    )
    [words] = [entry.happened for entry in ledger.entries if entry.cause.key == "money"]
    assert words[-1] == "Costs run over by 0.0% then, 25.0% now"
    page = text(signed_in(company.leader).get(f"/backlog/{proposal.pk}/"))
    assert re.search(r"raised by 25\s%, as costs of this kind run over", page)
    assert replay(run)
    assert replay(plain)


def test_what_mostly_rests_on_opinion_says_so_while_writing_and_in_the_backlog(
    company: Company,
) -> None:
    half = backed(company, "opinion", "user", months=0)
    guess = backed(company, "opinion", "opinion", "user", months=0)
    draft = company.draft("Written", money=company.money())
    words = ("mostly opinion", "67% of its benefit rests on opinion")
    company.rank()
    page = f"/proposals/{draft.pk}/figures/"
    assert "Mostly opinion" not in text(signed_in(company.marketing).get(page))
    company.amend(believes_evidence=True)
    run = company.rank()
    assert [tuple(flag) for flag in of(run, guess).flags] == [words]
    assert of(run, half).flags == []
    shown = text(signed_in(company.marketing).get(page))
    assert "Mostly opinion</b> 100% of its benefit rests on opinion." in shown
    figures: Any = preview(with_content(Proposal.objects.all()).get(pk=draft.pk), company.version)
    assert figures.believed == pytest.approx(0.1, rel=1e-15)
    assert figures.roi == pytest.approx(0.1 * figures.stated_roi)


def test_the_form_says_what_the_backlog_would_flag(company: Company) -> None:
    amounts = {"low": 40_000, "likely": 40_000, "high": 40_000}
    kinds = MoneyLine.Kind
    won = MoneyLine(kind=kinds.ACQUISITION, yearly_retention=Decimal("0.3"), **amounts)
    lost = company.draft("Leaky", money=[company.money()[0], won])
    kept = MoneyLine(kind=kinds.RETENTION, **dict.fromkeys(amounts, 10000))
    dear = company.draft("Dear", money=[company.money()[0], kept])
    client = signed_in(company.marketing)
    assert "Customers may not stay" in text(client.get(f"/proposals/{lost.pk}/figures/"))
    page = text(client.get(f"/proposals/{dear.pk}/figures/"))
    assert "Keeping costs too much</b> Keeping these customers costs" in page


@pytest.mark.parametrize(
    ("evidence", "months", "kind", "field"),
    [
        ("user", None, MoneyLine.Kind.RETENTION, "evidence_date"),
        ("", 3, MoneyLine.Kind.RETENTION, "evidence"),
        ("user", -3, MoneyLine.Kind.RETENTION, "evidence_date"),
        ("user", 3, MoneyLine.Kind.RUNNING_COST, "evidence"),
    ],
)
def test_evidence_that_cannot_be_is_refused_by_its_field(
    company: Company, evidence: str, months: float | None, kind: str, field: str
) -> None:
    line = MoneyLine(
        kind=kind,
        low=Decimal(1),
        likely=Decimal(1),
        high=Decimal(1),
        evidence=evidence,
        evidence_date=None if months is None else day(months),
    )
    with pytest.raises(ValidationError) as refused:
        company.draft("Refused", money=[line])
    assert field in str(refused.value)
    assert not Proposal.objects.exists()


def test_a_text_without_evidence_keeps_its_digest(company: Company) -> None:
    plain = company.submitted("Plain")
    told = company.submitted("Told", money=lines(company, "user", months=3))
    rows = with_content(Proposal.objects.all())
    texts = [content_of(rows.get(pk=row.pk)) for row in (plain, told)]
    benefits = [content["money"][1] for content in texts]
    assert {"evidence", "evidence_date"} & set(benefits[0]) == set()
    assert (benefits[1]["evidence"], benefits[1]["evidence_date"]) == ("user", str(day(3)))
