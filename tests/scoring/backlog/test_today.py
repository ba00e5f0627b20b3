"""What the backlog page counts of the cycle as it stands now, and what stays out of sight."""

from decimal import Decimal
from uuid import uuid4

import pytest

from projects.models import Proposal
from scoring.backlog.selectors.today import CycleToday, cycle_today
from scoring.decisions.services import decide
from scoring.models import Decision, RankingRun
from tests.company import Company


@pytest.fixture
def ranked(company: Company) -> Company:
    """Judged by all and greenlit; judged by one only; a third one came after the run."""
    alpha = company.scored("Alpha", fit=100)
    beta = company.submitted("Beta")
    company.score(beta, company.curator, 50, 25)
    run = company.rank()
    decide(
        actor=company.leader,
        proposal=alpha,
        run=run,
        outcome=Decision.Outcome.GREENLIGHT,
        reason="It pays and customers want it.",
        creation_key=uuid4(),
    )
    company.submitted("Gamma")
    company.draft("Delta")
    return company


def today() -> CycleToday:
    return cycle_today(RankingRun.objects.get())


def test_the_cycle_of_today_is_counted_beside_the_run(ranked: Company) -> None:
    cost = RankingRun.objects.get().results.get(title="Alpha").cost
    assert cost
    assert today() == CycleToday(greenlit=1, greenlit_cost=cost, free=250_000 - cost, waiting=1)


def test_only_this_cycle_and_this_run_count(ranked: Company) -> None:
    ranked.cycle.pk = None
    ranked.cycle.name, ranked.cycle.is_current = "Last year", False
    ranked.cycle.budget = Decimal(1)
    ranked.cycle.save()
    Proposal.objects.filter(title__in=["Alpha", "Gamma"]).update(cycle=ranked.cycle)
    assert today() == CycleToday(greenlit=0, greenlit_cost=0.0, free=250_000.0, waiting=0)
