"""A small portfolio: the list and the best mix fund others."""

import pytest

from scoring.models import RankingRun
from tests.company import Company


@pytest.fixture
def run(company: Company) -> RankingRun:
    """Of 250,000 the list spends 150,000 on the best judged one; two others return more."""
    company.scored("Top", money=company.money(cost=150_000, benefit=80_000), pain=100, fit=100)
    company.scored("Left", money=company.money(cost=125_000, benefit=90_000))
    company.scored("Right", money=company.money(cost=125_000, benefit=88_000))
    company.scored("Loss", money=company.money(cost=50_000, benefit=1_000), pain=0)
    return company.rank()
