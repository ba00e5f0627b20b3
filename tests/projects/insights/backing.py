"""Money that rests on an insight."""

from typing import Any

from projects.models import Insight, MoneyLine
from tests.company import Company


def backed(company: Company, insight: Insight | None, **values: Any) -> list[MoneyLine]:
    cost, benefit = company.money(cost=100_000, benefit=150_000)
    benefit.insight = insight
    for name, value in values.items():
        setattr(benefit, name, value)
    return [cost, benefit]
