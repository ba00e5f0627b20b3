"""Rows of a run that never saw a database."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring.models import RankedProposal, RankingRun

CRITERIA = [
    {"key": "roi", "name": "Expected ROI", "dimension": "Return", "source": "expected_roi"},
    {"key": "pain", "name": "Pain", "dimension": "Customers", "source": "panel"},
    {"key": "fit", "name": "Fit", "dimension": "Customers", "source": "panel"},
]


@pytest.fixture
def row() -> Callable[..., RankedProposal]:
    """Make a row of rank and position ``rank``, inside the budget unless said otherwise."""
    run = RankingRun(facts={"criteria": CRITERIA, "currency": "EUR"})

    def make(rank: int | None = 1, **fields: Any) -> RankedProposal:
        defaults: dict[str, Any] = {
            "run": run,
            "rank": rank,
            "position": rank or 99,
            "proposal_id": rank or 99,
            "title": f"Title {rank}",
            "line": "inside" if rank else "incomplete",
            "coverage": 1.0,
            "contributions": [],
        }
        return RankedProposal(**(defaults | fields))

    return make
