"""Criteria that only some functions judge."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.scorecards.services import save_scorecard
from tests.company import Company
from tests.pages import signed_in, text


def fit_for(company: Company, *functions: str) -> None:
    """An amendment by which the fit is judged by these functions alone."""
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Those who know judge the fit."}
    spec["dimensions"][2]["criteria"][0]["judged_by"] = list(functions)
    number = draft.version
    draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=number)
    company.version = company.ratified(draft)


def test_a_criterion_is_judged_by_its_functions_alone(company: Company) -> None:
    fit_for(company, "it")
    alpha = company.submitted("Alpha")
    page = text(signed_in(company.curator).get(f"/admin/score/{alpha.pk}/"))
    assert ("Pain relieved" in page, "Strategic fit" in page) == (True, False)
    assert "Strategic fit" in text(signed_in(company.panelist).get(f"/admin/score/{alpha.pk}/"))
    with pytest.raises(ValidationError, match="is judged by IT/Data alone"):
        company.score(alpha, company.curator, 50, 25)
    pain = {pk: company.answers(50, 25)[pk] for pk in list(company.answers(50, 25))[:1]}
    given: dict[str, Any] = {
        "proposal": alpha,
        "answers": pain,
        "submit": True,
        "expected_version": 0,
    }
    with pytest.raises(ValidationError, match="Choose a level for “Strategic fit”"):
        save_scorecard(actor=company.panelist, **given)
    assert save_scorecard(actor=company.curator, **given).status == "submitted"
    company.score(alpha, company.panelist, 50, 100)
    run = company.rank()
    # Two judged the pain, one the fit; that nobody else did lowers nothing.
    counts = [term[4] for term in run.results.get().contributions]
    assert (counts, run.results.get().coverage) == ([0, 0, 2, 1], 1.0)
    assert "Judged by IT/Data alone." in text(signed_in(company.cx).get("/framework/"))


def test_a_function_without_a_seat_cannot_be_the_only_judge(company: Company) -> None:
    with pytest.raises(ValidationError, match="Nobody of CX has a seat"):
        fit_for(company, "cx")
    with pytest.raises(ValidationError, match="Name functions, each once"):
        fit_for(company, "sales")
