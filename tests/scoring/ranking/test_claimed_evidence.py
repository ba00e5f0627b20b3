"""Evidence that is only claimed supports what a plan does; an insight makes it count in full."""

from datetime import date

import pytest
from django.utils import timezone

from projects.models import MoneyLine, Proposal
from scoring.forecast.returns import reliability
from scoring.ranking.selectors.snapshot import load_snapshot
from tests.company import Company
from tests.pages import signed_in, words


def claimed(company: Company, kind: str) -> Proposal:
    cost, benefit = company.money()
    benefit.evidence = kind
    benefit.evidence_date = None if kind in ("", "opinion", "plans") else timezone.localdate()
    return company.scored(f"Claims {kind}", money=[cost, benefit])


def backed(company: Company, kind: str) -> Proposal:
    cost, benefit = company.money()
    benefit.insight = company.insight(kind=kind, gathered_on=timezone.localdate())
    return company.scored(f"Backs {kind}", money=[cost, benefit])


@pytest.mark.parametrize(
    ("kind", "alone", "in_full"),
    [
        ("opinion", 0.1, 0.1),
        ("plans", 0.2, 0.2),
        ("anecdotal", 0.2, 0.3),
        ("test", 0.2, 0.8),
        ("launch", 0.2, 0.9),
    ],
)
def test_a_claim_supports_what_a_plan_does_at_most(
    company: Company, kind: str, alone: float, in_full: float
) -> None:
    company.amend(believes_evidence=True)
    claim, insight = claimed(company, kind), backed(company, kind)
    run = company.rank()
    assert run.results.get(proposal=claim).believed == pytest.approx(alone)
    assert run.results.get(proposal=insight).believed == pytest.approx(in_full)
    page = words(signed_in(company.marketing).get(f"/backlog/{claim.pk}/"))
    assert ("as it names no insight" in page) is (alone < in_full)
    assert "as it names no insight" not in words(
        signed_in(company.marketing).get(f"/backlog/{insight.pk}/")
    )


def test_a_run_of_before_takes_the_claim_as_it_was(company: Company) -> None:
    company.amend(believes_evidence=True)
    claimed(company, "launch")
    snapshot = load_snapshot(company.rank())
    (item,) = snapshot["proposals"]
    line = next(line for line in item["money"] if line["kind"] == "enrichment")
    assert reliability(snapshot, line) == pytest.approx(0.2)
    del snapshot["framework"]["parameters"]["most_unbacked"]
    assert reliability(snapshot, line) == pytest.approx(0.9)


def test_where_returns_are_taken_as_stated_a_claim_changes_nothing(company: Company) -> None:
    claim, insight = claimed(company, "launch"), backed(company, "launch")
    run = company.rank()
    rows = [run.results.get(proposal=proposal) for proposal in (claim, insight)]
    assert rows[0].roi == rows[1].roi
    assert [row.believed for row in rows] == [None, None]
    assert MoneyLine.objects.filter(evidence_date__gte=date(2026, 1, 1)).count() == 2
