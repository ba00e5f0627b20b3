"""Forms of a proposal as a browser sends them."""

from typing import Any
from uuid import uuid4

from tests.company import Company

COST = {"kind": "one_off_cost", "label": "Build", "low": "1", "likely": "2", "high": "3"}
WON = {"kind": "acquisition", "label": "New", "low": "4", "likely": "5", "high": "6"}
BLANK = {"kind": "retention", "label": " ", "low": "", "likely": "", "high": ""}


def start_form(company: Company, **changed: Any) -> dict[str, Any]:
    return {
        "title": "Stop the double offer",
        "marketing_owner": company.marketing.pk,
        "cx_owner": company.cx.pk,
        "creation_key": str(uuid4()),
    } | changed


def money_form(version: int, *rows: dict[str, str], **changed: str) -> dict[str, Any]:
    form: dict[str, Any] = {
        "version": version,
        "horizon_months": "36",
        "money-TOTAL_FORMS": len(rows),
        "money-INITIAL_FORMS": 0,
    } | changed
    for place, row in enumerate(rows):
        form |= {f"money-{place}-{name}": content for name, content in row.items()}
    return form
