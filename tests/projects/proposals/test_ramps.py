"""When money comes: what grows over its first months, and what ends."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.models import MoneyLine, Proposal
from projects.proposals.selectors import content_of, with_content
from scoring.analysis.cashflow import flow_factor
from scoring.backlog.services.run_changes import _money
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.ranking.services import ranking
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words

RATE, HORIZON = 0.10, 36


def line(**values: Any) -> MoneyLine:
    amounts = dict.fromkeys(("low", "likely", "high"), Decimal(120_000))
    return MoneyLine(**{"kind": "retention", **amounts, **values})


def cost() -> MoneyLine:
    return line(kind="one_off_cost", low=100_000, likely=100_000, high=100_000)


def signed_money(proposal: Proposal) -> list[dict[str, Any]]:
    text = content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())
    money: list[dict[str, Any]] = text["money"]
    return money


def test_what_neither_grows_nor_ends_is_signed_as_before(company: Company) -> None:
    plain, timed = signed_money(
        company.draft(money=[line(), line(ramp_months=6, ends_month=24, starts_month=3)])
    )
    assert not {"ramp_months", "ends_month"} & plain.keys()
    assert (timed["ramp_months"], timed["ends_month"]) == (6, 24)


@pytest.mark.parametrize("kept", [None, Decimal("0.8")])
def test_a_run_counts_what_the_months_say(company: Company, kept: Decimal | None) -> None:
    kind = "retention" if kept is None else "acquisition"
    timed = line(kind=kind, yearly_retention=kept, starts_month=3, ramp_months=6, ends_month=24)
    company.scored("Grows and ends", money=[cost(), timed])
    run = company.rank()
    factor = flow_factor(
        yearly_rate=RATE,
        horizon_months=HORIZON,
        start_month=3,
        yearly_retention=None if kept is None else 0.8,
        ramp_months=6,
        end_month=24,
    )
    rate = float(load_snapshot(run)["framework"]["parameters"]["discount_rate"])
    assert rate == RATE
    benefit = run.results.get().benefit
    assert benefit == pytest.approx(120_000 * factor, rel=1e-9)
    assert run.engine_version == "1.8"
    assert ranking.replay(run)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_month": 6, "ends_month": 6}, "ends_month"),
        ({"ends_month": 0}, "ends_month"),
        ({"ramp_months": 121}, "ramp_months"),
        ({"ends_month": 121}, "ends_month"),
    ],
)
def test_months_that_cannot_be_name_their_field(
    company: Company, values: dict[str, int], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        company.draft(money=[line(**values)])
    assert any(field in name for name in refused.value.message_dict)
    assert not Proposal.objects.exists()


def test_the_database_refuses_them_too(company: Company) -> None:
    draft = company.draft()
    for wrong in (
        line(starts_month=6, ends_month=5),
        line(kind="one_off_cost", ramp_months=2),
        line(kind="one_off_cost", ends_month=2),
    ):
        wrong.proposal = draft
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_the_form_keeps_them_and_drops_what_a_cost_of_today_has_not(company: Company) -> None:
    draft = company.draft(money=[])
    form: dict[str, Any] = {
        "version": 1,
        "horizon_months": 36,
        "money-TOTAL_FORMS": 2,
        "money-INITIAL_FORMS": 0,
    }
    amounts = {"low": "10", "likely": "20", "high": "30"}
    months = {"starts_month": "2", "ramp_months": "6", "ends_month": "24"}
    for place, kind in enumerate(("running_cost", "one_off_cost")):
        row = {"kind": kind, "label": kind, **amounts, **months}
        form |= {f"money-{place}-{name}": value for name, value in row.items()}
    answer = signed_in(company.marketing).post(f"/proposals/{draft.pk}/edit/money/", form)
    assert answer.status_code == 302
    names = ("starts_month", "ramp_months", "ends_month")
    assert list(draft.money.order_by("position").values_list(*names)) == [(2, 6, 24), (0, 0, None)]
    page = words(signed_in(company.cx).get(f"/proposals/{draft.pk}/"))
    assert "from month 3, in full from 8, until 24" in page


def test_they_are_in_the_api_and_in_what_changed(company: Company) -> None:
    draft = company.draft(money=[])
    sent: dict[str, Any] = {"kind": "retention", "low": "1", "likely": "2", "high": "3"}
    sent |= {"starts_month": 1, "ramp_months": 6, "ends_month": 24}
    api = Api(company.marketing)
    kept = api.send("PATCH", f"/proposals/{draft.pk}/", {"money": [sent]}, version=1).json()
    assert {name: kept["money"][0][name] for name in ("ramp_months", "ends_month")} == {
        "ramp_months": 6,
        "ends_month": 24,
    }
    told = _money(signed_money(draft)[0], "Retention")
    assert told == "Retention: 1 / 2 / 3, after 1 months, growing over 6 months, until month 24"
