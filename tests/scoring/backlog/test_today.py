"""What the backlog page counts of the cycle as it stands now, and what stays out of sight."""

from decimal import Decimal
from uuid import uuid4

import pytest

from projects.models import Proposal
from scoring.backlog.selectors.today import CycleToday, cycle_today
from scoring.decisions.services import decide
from scoring.models import Decision, RankingRun
from tests.company import Company
from tests.pages import signed_in


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


def today(company: Company, who: str) -> CycleToday:
    return cycle_today(RankingRun.objects.get(), getattr(company, who))


def pk(title: str) -> int:
    return Proposal.objects.get(title=title).pk


@pytest.mark.parametrize("who", ["leader", "marketing", "cx"])
def test_who_does_not_judge_sees_all_of_the_cycle(ranked: Company, who: str) -> None:
    cost = RankingRun.objects.get().results.get(title="Alpha").cost
    assert cost
    assert today(ranked, who) == CycleToday(
        greenlit=1, greenlit_cost=cost, free=250_000 - cost, waiting=1, hidden=0, unseen=set()
    )


def test_what_a_panelist_still_owes_is_neither_shown_nor_counted(ranked: Company) -> None:
    found = today(ranked, "panelist")
    assert found.unseen == {pk("Beta"), pk("Gamma")}
    assert (found.greenlit, found.waiting, found.hidden) == (1, 0, 1)
    # What others have looked at is drawn and kept, and still out of the panelist's sight.
    assert "Beta" in signed_in(ranked.leader).get("/backlog/").content.decode()
    html = signed_in(ranked.panelist).get("/backlog/").content.decode()
    assert "1 proposal is not shown" in html
    assert "Not ranked yet" not in html
    assert ">Alpha</a>" in html
    assert "Beta" not in html


def test_one_panelist_does_not_hide_anything_from_another(ranked: Company) -> None:
    found = today(ranked, "curator")
    assert (found.unseen, found.waiting, found.hidden) == ({pk("Gamma")}, 0, 0)


def test_only_this_cycle_and_this_run_count(ranked: Company) -> None:
    ranked.cycle.pk = None
    ranked.cycle.name, ranked.cycle.is_current = "Last year", False
    ranked.cycle.budget = Decimal(1)
    ranked.cycle.save()
    Proposal.objects.filter(title__in=["Alpha", "Gamma"]).update(cycle=ranked.cycle)
    assert today(ranked, "leader") == CycleToday(
        greenlit=0, greenlit_cost=0.0, free=250_000.0, waiting=0, hidden=0, unseen=set()
    )
