"""Rows become proposals: all of them, or none and every reason."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from projects.imports.services import import_proposals, read_mapping
from projects.models import (
    Proposal,
    Signature,
)
from tests.company import Company
from tests.projects.imports.rows import WRITE, csv_of, loaded, said


def test_a_row_becomes_a_draft(bring: Callable[..., Any], company: Company) -> None:
    assert said(bring(csv_of({}))) == []
    proposal = Proposal.objects.get()
    assert (proposal.reference, proposal.status, proposal.cycle) == (
        "OLD-1",
        "draft",
        company.cycle,
    )
    assert proposal.owners == (company.marketing, company.cx)
    cost, won = proposal.money.all()
    assert [cost.low, cost.likely, cost.high] == [1000, Decimal("2000.50"), 3000]
    assert [won.low, won.likely, won.high, won.yearly_retention] == [500, 500, 500, Decimal("0.8")]
    effect = proposal.effects.get()
    assert [effect.reach, effect.points, effect.evidence] == [1000, -5, "user"]
    assert effect.evidence_date == date(2025, 3, 31)


def test_what_the_list_does_not_state_is_missing_and_not_zero(bring: Callable[..., Any]) -> None:
    blank = dict.fromkeys(
        ("one_off_cost_low", "one_off_cost_likely", "one_off_cost_high", "acquisition_likely"), ""
    )
    report = bring(csv_of(blank | {"reach": "", "points": "", "acquisition_kept_per_year": ""}))
    assert said(report) == []
    proposal = Proposal.objects.get()
    assert (proposal.money.count(), proposal.effects.count()) == (0, 0)


def test_one_wrong_cell_keeps_every_row_out(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}, {"reference": "OLD-2", "reach": "many"}))
    assert said(report) == [f"row 3, reach: “many” is not an amount. {WRITE}"]
    assert report.created == []
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": ""}, "title: This field cannot be blank."),
        (
            {"title": "x" * 121},
            "title: Ensure this value has at most 120 characters (it has 121).",
        ),
        ({"marketing_owner": "nobody"}, "marketing_owner: There is no person “nobody”."),
        ({"cx_owner": ""}, "cx_owner: The person is missing."),
        ({"cx_owner": "other-marketing"}, "cx_owner: Choose an active person from a CX team."),
        ({"stage": "Nowhere"}, "stage: There is no journey stage “Nowhere”."),
        ({"segment": ""}, "segment: The segment is missing."),
        ({"reach": "1,5"}, f"reach: “1,5” is not an amount. {WRITE}"),
        (
            {"reach": "12,34"},
            f"reach: “12,34” is not an amount. {WRITE}",
        ),
        (
            {"reach": "Infinity"},
            f"reach: “Infinity” is not an amount. {WRITE}",
        ),
        ({"reach": "NaN"}, f"reach: “NaN” is not an amount. {WRITE}"),
        ({"reach": "0x10"}, f"reach: “0x10” is not an amount. {WRITE}"),
        ({"reach": "=1+1"}, f"reach: “=1+1” is not an amount. {WRITE}"),
        ({"reach": ""}, "reach: A number is missing."),
        ({"reach": "1.5"}, "reach: “1.5” is not a whole number."),
        (
            {"reach": "1e999"},
            f"reach: “1e999” is not an amount. {WRITE}",
        ),
        ({"one_off_cost_likely": ""}, "one_off_cost_likely: The likely amount is missing."),
        ({"one_off_cost_low": "5000"}, "one_off_cost_likely: Likely must not be below low."),
        (
            {"evidence_date": "2999-01-01"},
            "evidence_date: This day is still to come. Give the day of the evidence.",
        ),
        ({"evidence": "rumour"}, "evidence: Value 'rumour' is not a valid choice."),
        (
            {"points": "101"},
            "points: Ensure this value is less than or equal to 100.",
        ),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    bring: Callable[..., Any], wrong: dict[str, str], message: str
) -> None:
    assert said(bring(csv_of(wrong))) == [f"row 2, {message}"]
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "cell",
    ["1e999999999", "1e-99", "9" * 40, "1e40", "-1", "1.5"],
)
@pytest.mark.parametrize(
    "column", ["reach", "points", "one_off_cost_likely", "acquisition_kept_per_year"]
)
def test_numbers_of_any_size_never_break_the_import(
    bring: Callable[..., Any], column: str, cell: str
) -> None:
    """Each is kept as it is or refused by its column."""
    report = bring(csv_of({column: cell}))
    assert all(f"row 2, {column[:7]}" in text for text in said(report))
    assert Proposal.objects.count() == (0 if report.errors else 1)


def test_rows_that_are_there_already_or_twice_are_refused(bring: Callable[..., Any]) -> None:
    twice = bring(csv_of({}, {"title": "Other"}))
    assert said(twice) == ["row 3, reference: “OLD-1” is already in Prioritizer."]
    assert said(bring(csv_of({}))) == []
    assert said(bring(csv_of({}))) == ["row 2, reference: “OLD-1” is already in Prioritizer."]
    assert Proposal.objects.count() == 1


def test_a_dry_run_checks_all_and_keeps_nothing(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}, {"reference": "OLD-2"}), dry_run=True)
    assert (len(report.drafts), report.created, said(report)) == (2, [], [])
    assert not Proposal.objects.exists()


def test_vouched_rows_are_signed_and_submitted(bring: Callable[..., Any]) -> None:
    assert said(bring(csv_of({}), attestation="Board minutes of 3 May")) == []
    assert Proposal.objects.get().status == "submitted"
    vouched = Signature.objects.values_list("function", "attestation", "signer__username")
    assert sorted(vouched) == [
        ("cx", "Board minutes of 3 May", "admin"),
        ("marketing", "Board minutes of 3 May", "admin"),
    ]


def test_a_vouched_row_must_be_whole(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({"problem": ""}), attestation="Board minutes of 3 May")
    assert said(report) == ["row 2, problem: Say what goes wrong for customers today."]


def test_too_long_a_reference_is_refused_by_row(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({"reference": "x" * 41}))
    assert [str(error) for error in report.errors] == [
        "row 2, reference: Ensure this value has at most 40 characters (it has 41)."
    ]


def test_a_nul_in_a_mapping_is_left_out() -> None:
    mapping = read_mapping(json.dumps({"fields": {"title": {"constant": "Stop\0 it"}}}))
    assert mapping.fields["title"] == {"constant": "Stop it"}


def test_too_long_a_voucher_is_refused_by_row(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}), attestation="x" * 201)
    assert said(report) == ["row 2, attestation: Say it in 200 characters."]


def test_only_administrators_import(company: Company) -> None:
    with pytest.raises(PermissionDenied):
        import_proposals(actor=company.leader, cycle=company.cycle, table=loaded(csv_of({})))
