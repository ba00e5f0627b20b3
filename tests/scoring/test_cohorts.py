"""How a cohort stays: the published fit, what can be pasted, what is refused."""

import pytest

from projects.models import Team
from scoring.analysis.lifetime import steady_retention
from scoring.forecast.views import shares_in
from tests.company import Company
from tests.pages import signed_in, text, words

# Fader & Hardie 2007, "regular" customers, the seven years that their model is fitted to.
REGULAR = [100.0, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]


def test_the_published_cohort_gives_the_published_fit(company: Company) -> None:
    typed = "year,regular\n" + "\n".join(f"{year},{there}" for year, there in enumerate(REGULAR))
    page = words(signed_in(company.cx).get("/segments/cohort/", {"kept": typed}))
    assert "\u03b1 0.704, \u03b2 1.182" in page
    assert "74.99 % kept per year" in page
    assert "7 24.1 % 23.9 % 91.07 % 13.34 %" in page


def test_the_one_share_sees_as_many_customer_years() -> None:
    shares = [there / 100 for there in REGULAR[1:]]
    kept = steady_retention(shares)
    assert sum(kept**year for year in range(1, 8)) == pytest.approx(sum(shares), abs=1e-9)
    assert steady_retention([0.5]) == pytest.approx(0.5)
    assert steady_retention([1.0, 1.0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "typed",
    [
        "100\n80\n70\n65",
        "1000\n800\n700\n650",
        "100 %\n80 %\n70 %\n65 %",
        "period;there\n0;100,0\n1;80,0\n2;70,0\n3;65,0",
        "0\t1000\n1\t800\n2\t700\n3\t650\n",
        "100,0\n80,0\n70,0\n65,0",
        "2021,1000\n2022,800\n2023,700\n2024,650",
    ],
)
def test_columns_are_read_as_people_paste_them(typed: str) -> None:
    assert shares_in(typed) == pytest.approx([0.8, 0.7, 0.65])


@pytest.mark.parametrize(
    "typed",
    ["words", "100", "100\n80", "0\n0\n0\n0", "100\n80\n90\n70", "1.2.3\n1.1.1", "100\n" * 90],
)
def test_what_is_no_cohort_is_told_so(company: Company, typed: str) -> None:
    answer = signed_in(company.cx).get("/segments/cohort/", {"kept": typed})
    assert answer.status_code == 422
    assert "This cannot be read" in text(answer)
    assert "They must fall from one to the next" in text(answer)


def test_only_who_keeps_figures_is_led_on_to_them(company: Company) -> None:
    typed = {"kept": "100\n80\n70\n65"}
    assert "Use it for a segment" in text(signed_in(company.cx).get("/segments/cohort/", typed))
    Team.objects.filter(members=company.leader).update(function="finance")
    page = text(signed_in(company.leader).get("/segments/cohort/", typed))
    assert "Use it for a segment" not in page
