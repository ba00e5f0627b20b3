"""The steps of a draft: nothing that was typed is lost, and every refusal says what to do."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from projects.models import Proposal
from tests.company import TEXTS, Company
from tests.pages import signed_in, summary, text
from tests.projects.proposals.filled import BLANK, COST, WON, money_form, start_form


@pytest.fixture
def client(company: Company) -> Client:
    return signed_in(company.marketing)


def test_each_step_saves_and_leads_to_the_next(company: Company, client: Client) -> None:
    proposal = company.draft(problem="", customer_job="", money=[], effects=[])
    path = f"/proposals/{proposal.pk}/edit"
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("basics", start_form(company, title="A"), "problem"),
        ("problem", {"problem": "B", "customer_job": "C"}, "change"),
        (
            "change",
            {
                "marketing_part": "D",
                "cx_part": "E",
                "effects-TOTAL_FORMS": 2,
                "effects-INITIAL_FORMS": 0,
                "effects-0-stage": company.stage.pk,
                "effects-0-segment": company.segment.pk,
                "effects-0-reach": "900",
                "effects-0-points": "-2.5",
                "effects-0-evidence": "test",
                "effects-0-evidence_date": "2025-03-31",
                "effects-1-stage": company.stage.pk,
            },
            "money",
        ),
        ("money", money_form(0, COST, BLANK), "people"),
        ("people", {"efforts-TOTAL_FORMS": 0, "efforts-INITIAL_FORMS": 0}, "success"),
        ("success", {"kpis-TOTAL_FORMS": 0, "kpis-INITIAL_FORMS": 0}, ""),
    ]
    for number, (step, form, following) in enumerate(steps, start=1):
        answer = client.post(f"{path}/{step}/", form | {"version": number})
        expected = f"{path}/{following}/" if following else f"/proposals/{proposal.pk}/"
        assert answer.headers["Location"] == expected
    kept = Proposal.objects.get()
    assert (kept.title, kept.problem, kept.cx_part, kept.version) == ("A", "B", "E", 7)
    effect = kept.effects.get()
    assert [effect.reach, effect.points] == [900, Decimal("-2.5")]
    assert effect.evidence_date == date(2025, 3, 31)
    assert kept.money.get().label == "Build"


def test_saving_can_stay_on_the_step(company: Company, client: Client) -> None:
    path = f"/proposals/{company.draft().pk}/edit/problem/"
    form = {"version": 1, "problem": "B", "customer_job": "C", "stay": "1"}
    answer = client.post(path, form, follow=True)
    assert answer.redirect_chain == [(path, 302)]
    assert "Saved." in text(answer)


def test_a_stale_form_comes_back_whole(company: Company, client: Client) -> None:
    proposal = company.draft()
    path = f"/proposals/{proposal.pk}/edit/problem/"
    form = {"version": 1, "problem": "First", "customer_job": "One"}
    assert client.post(path, form).status_code == 302
    late = signed_in(company.cx).post(path, form | {"problem": "Typed meanwhile"})
    assert late.status_code == 422
    assert summary(late)[0].startswith("Both of you changed the same.")
    assert "Typed meanwhile" in text(late)
    assert 'name="version" value="1"' in text(late)
    assert Proposal.objects.get().problem == "First"


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_form_without_a_true_version_saves_nothing(
    company: Company, client: Client, version: str
) -> None:
    path = f"/proposals/{company.draft().pk}/edit/problem/"
    answer = client.post(path, {"version": version, "problem": "X", "customer_job": "Y"})
    assert answer.status_code == 422
    assert Proposal.objects.get().problem == TEXTS["problem"]


def test_blank_and_removed_rows_are_no_rows(company: Company, client: Client) -> None:
    proposal = company.draft()
    path = f"/proposals/{proposal.pk}/edit/money/"
    form = money_form(1, BLANK, COST, COST | {"label": "Gone", "DELETE": "on"}, BLANK)
    assert client.post(path, form).status_code == 302
    assert list(proposal.money.values_list("label", flat=True)) == ["Build"]
    assert client.post(path, money_form(2, BLANK)).status_code == 302
    assert not proposal.money.exists()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (COST | {"likely": "much"}, "“much” is not an amount. Write it like 11,500,000"),
        (COST | {"high": "1.500"}, "“1.500” can be read in two ways. Write 1500, or 1.5."),
        (COST | {"likely": "9"}, "High must not be below likely."),
        (COST | {"low": "-1"}, "A cost cannot be negative. Enter money saved as a benefit."),
        (COST | {"high": ""}, "Give the amount."),
        (COST | {"kind": "bribe"}, "Select a valid choice."),
        (COST | {"high": "9" * 30}, "Ensure that there are no more than"),
        (COST | {"high": "NaN"}, "“NaN” is not an amount."),
        (WON, "Say which share of these new customers is still there after a year"),
        (WON | {"yearly_retention": "2"}, "Ensure this value is less than or equal to 1."),
        (WON | {"yearly_retention": "0.8", "starts_month": "200"}, "less than or equal to 119."),
    ],
)
def test_a_wrong_row_comes_back_with_its_message(
    company: Company, client: Client, row: dict[str, str], message: str
) -> None:
    proposal = company.draft(money=[])
    answer = client.post(
        f"/proposals/{proposal.pk}/edit/money/", money_form(1, BLANK, row | {"label": "Typed"})
    )
    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="Typed"' in text(answer)
    assert not proposal.money.exists()


def test_amounts_are_read_and_shown_as_people_write_them(company: Company, client: Client) -> None:
    proposal = company.draft(money=[])
    path = f"/proposals/{proposal.pk}/edit/money/"
    typed = COST | {"low": "9 500", "likely": "10,000.50", "high": "0.25 M"}
    assert client.post(path, money_form(1, typed)).status_code == 302
    line = proposal.money.get()
    amounts = (line.low, line.likely, line.high)
    assert amounts == (Decimal(9500), Decimal("10000.50"), Decimal(250_000))
    page = text(client.get(path))
    for shown in ("9,500", "10,000.50", "250,000"):
        assert f'value="{shown}"' in page


def test_a_choice_says_what_to_choose_and_numbers_carry_no_noughts(
    company: Company, client: Client
) -> None:
    proposal = company.draft()
    proposal.effects.update(points=Decimal("-2.50"))
    page = text(client.get(f"/proposals/{proposal.pk}/edit/change/"))
    for words in ("Choose a stage", "Choose a segment", "Choose how", 'value="-2.5"'):
        assert words in page
    assert "-----" not in page
    assert "Choose a person" in text(client.get("/proposals/new/"))


def test_a_wrong_horizon_is_in_the_summary(company: Company, client: Client) -> None:
    proposal = company.draft()
    form = money_form(1, COST, horizon_months="121")
    answer = client.post(f"/proposals/{proposal.pk}/edit/money/", form)
    assert answer.status_code == 422
    assert summary(answer) == ["Horizon: Ensure this value is less than or equal to 120."]


def test_an_effect_on_the_same_stage_and_segment_twice_is_refused(
    company: Company, client: Client
) -> None:
    proposal = company.draft(effects=[])
    row = {
        "stage": company.stage.pk,
        "segment": company.segment.pk,
        "reach": "10",
        "points": "5",
        "evidence": "user",
    }
    form: dict[str, Any] = {"version": 1, "marketing_part": "D", "cx_part": "E"}
    form |= {"effects-TOTAL_FORMS": 2, "effects-INITIAL_FORMS": 0}
    form |= {f"effects-{n}-{name}": value for n in (0, 1) for name, value in row.items()}
    answer = client.post(f"/proposals/{proposal.pk}/edit/change/", form)
    assert (answer.status_code, "This is already in the list." in text(answer)) == (422, True)
    assert not proposal.effects.exists()


@pytest.mark.parametrize("total", ["", "x", "5000"])
def test_a_broken_row_count_saves_nothing(company: Company, client: Client, total: str) -> None:
    proposal = company.draft()
    form = money_form(1, COST) | {"money-TOTAL_FORMS": total}
    assert client.post(f"/proposals/{proposal.pk}/edit/money/", form).status_code == 422
    assert proposal.money.count() == 2


def test_an_unknown_step_is_not_found(company: Company, client: Client) -> None:
    assert client.get(f"/proposals/{company.draft().pk}/edit/magic/").status_code == 404


def test_a_submitted_proposal_is_not_edited(company: Company, client: Client) -> None:
    proposal = company.submitted()
    answer = client.get(f"/proposals/{proposal.pk}/edit/problem/", follow=True)
    assert "Take it back to draft to change it." in text(answer)
