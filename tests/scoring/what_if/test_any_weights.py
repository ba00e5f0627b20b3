"""Whatever the weights: shares over all weights, and what they say of the list."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from scoring.models import RankingRun
from scoring.what_if.services import answer, base_of
from scoring.what_if.services.any_weights import any_weights, parts_of
from tests.company import Company
from tests.pages import signed_in, text

pytestmark = pytest.mark.django_db

PAGE = "/backlog/what-if/any-weights/"


@pytest.fixture
def run(company: Company) -> RankingRun:
    """Money for one; Rich is first where the return counts, Loved where impact does."""
    company.scored("Rich", money=company.money(benefit=300_000), pain=0, fit=25)
    company.scored("Loved", money=company.money(benefit=50_000), pain=100, fit=25)
    company.scored("Fitting", money=company.money(benefit=100_000), pain=50, fit=100)
    company.scored("Beaten", money=company.money(benefit=50_000), pain=50, fit=25)
    company.submitted("Not judged")
    company.cycle.budget = 100_000
    company.cycle.save()
    return company.rank()


def test_the_framework_s_own_weights_give_the_run_s_own_values(run: RankingRun) -> None:
    base = base_of(run)
    weights = np.array([base.plain.weights["", row["key"]] for row in base.framework["dimensions"]])
    known = ~np.isnan(parts_of(base)).any(axis=1)
    assert known.sum() == 4
    expected = answer(base, base.plain).value[known]
    assert parts_of(base)[known] @ weights / 100 == pytest.approx(expected)


def test_shares_are_those_of_weights_drawn_one_by_one(run: RankingRun) -> None:
    """Another generator, the plain definition: sort, walk, count."""
    base = base_of(run)
    titles = [item["title"] for item in base.proposals]
    parts, drawn = parts_of(base), np.random.default_rng(7).dirichlet([1, 1, 1], 20_000)
    values = np.nan_to_num(parts @ drawn.T, nan=-1.0)
    order = np.argsort(-values, axis=0, kind="stable")
    first = np.bincount(order[0], minlength=len(titles)) / drawn.shape[0]
    found = {line.title: line for line in any_weights(run).lines}
    for row, title in enumerate(titles):
        if title != "Not judged":
            assert found[title].first == pytest.approx(first[row], abs=0.02)
    assert sum(line.first for line in found.values()) == pytest.approx(1)
    # One fits the budget, so inside is first.
    assert {line.title: line.inside for line in found.values()} == pytest.approx(
        {line.title: line.first for line in found.values()}
    )
    loved = drawn[order[0] == titles.index("Loved")].mean(axis=0)
    assert [weight for _, weight in found["Loved"].wins_with] == pytest.approx(loved, abs=0.02)


def test_who_is_beaten_everywhere_is_never_first_and_the_incomplete_are_counted(
    run: RankingRun,
) -> None:
    found = any_weights(run)
    beaten = next(line for line in found.lines if line.title == "Beaten")
    assert (beaten.beaten, beaten.first, beaten.wins_with, beaten.label) == (True, 0, [], "out")
    assert [line.title for line in found.lines if line.beaten] == ["Beaten"]
    assert (len(found.lines), found.inside_now, found.left_out) == (4, 1, 0)


def test_the_page_says_how_much_depends_on_the_weights(company: Company, run: RankingRun) -> None:
    client = signed_in(company.leader)
    page = text(client.get(PAGE))
    assert "0 of 1 proposal inside the budget today stay inside under nearly all weights" in page
    assert "depends on the weights" in page
    assert "never: another is as good in every dimension" in page
    assert "Whatever the weights" in page
    assert PAGE in client.get("/backlog/what-if/").content.decode()


def test_value_for_money_divides_by_the_cost(run: RankingRun) -> None:
    base = base_of(run)
    framework = copy.deepcopy(base.framework)
    framework["parameters"]["cost_unit"] = "50000"
    for_money = parts_of(replace(base, framework=framework))
    assert for_money == pytest.approx(parts_of(base) * 50_000 / base.cost[:, None], nan_ok=True)


def test_without_a_run_the_page_leads_to_the_backlog(company: Company) -> None:
    page = text(signed_in(company.leader).get(PAGE))
    assert "It needs a finished run" in page
