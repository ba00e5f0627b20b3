"""What if: the answer is what a real run under the same rules would say, and nothing is stored."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditEntry, Cycle, Proposal
from scoring.framework.selectors import spec_of
from scoring.framework.services.edits import with_weights
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import RankedProposal, RankingRun, Scenario
from scoring.what_if.services import Answer, Question, answer, base, base_of
from scoring.what_if.services.preview import decided_otherwise, preview_draft
from tests.company import Company
from tests.pages import markup, signed_in, text

pytestmark = pytest.mark.django_db

PAGE = "/backlog/what-if/"


@pytest.fixture
def run(company: Company) -> RankingRun:
    company.scored("Rich", money=company.money(benefit=300_000), pain=0, fit=25)
    company.scored("Loved", money=company.money(benefit=50_000), pain=100, fit=25)
    company.scored("Fitting", money=company.money(benefit=100_000), pain=50, fit=100)
    split = company.submitted("Split")
    company.score(split, company.panelist, 100, 100)
    company.score(split, company.curator, 0, 0)
    return company.rank()


def named(run: RankingRun, found: Answer) -> dict[str, tuple[int | None, float, bool]]:
    """Title -> (rank, value, inside)."""
    titles = [item["title"] for item in base_of(run).proposals]
    return {
        title: (
            None if np.isnan(found.rank[row]) else int(found.rank[row]),
            round(float(found.value[row]), 6),
            bool(found.inside[row]),
        )
        for row, title in enumerate(titles)
    }


def stored(run: RankingRun) -> dict[str, tuple[int | None, float, bool]]:
    return {
        row.title: (row.rank, round(row.value or 0.0, 6), row.line == RankedProposal.Line.INSIDE)
        for row in run.results.all()
    }


def test_the_plain_question_gives_the_run_itself(run: RankingRun) -> None:
    base = base_of(run)
    assert named(run, answer(base, base.plain)) == stored(run)


def test_other_weights_and_another_budget_are_those_of_a_real_run(
    company: Company, run: RankingRun
) -> None:
    base = base_of(run)
    weights = {("", "return"): 10.0, ("", "impact"): 60.0, ("", "fit"): 30.0}
    asked = named(run, answer(base, Question(weights=weights, budget=100_000)))
    draft = start_draft(actor=company.curator)
    spec = with_weights(
        spec_of(draft),
        dimensions={key: Decimal(str(weight)) for key, weight in weights.items()},
        criteria={
            item["key"]: Decimal(item["weight"])
            for row in spec_of(draft)["dimensions"]
            for item in row["criteria"]
        },
    )
    draft = save_draft(
        actor=company.curator,
        version=draft,
        spec=spec | {"summary": "Impact first."},
        expected_version=draft.version,
    )
    company.ratified(draft)
    Cycle.objects.update(budget=100_000)
    assert asked == stored(company.rank())


def test_weights_are_scaled_to_the_whole(run: RankingRun) -> None:
    base = base_of(run)
    doubled = {key: 2 * weight for key, weight in base.plain.weights.items()}
    assert named(run, answer(base, Question(weights=doubled, budget=base.budget))) == stored(run)


def test_a_criterion_left_out_gives_its_weight_to_its_dimension(run: RankingRun) -> None:
    """Fitting: ROI 0 is 20, x 40 %; impact 600 points is 60, now x 30 %; fit 100 x 30 %."""
    base = base_of(run)
    question = Question(base.plain.weights, base.budget, criteria=frozenset({"pain"}))
    roi = next(
        float(base.roi[row])
        for row, item in enumerate(base.proposals)
        if item["title"] == "Fitting"
    )
    expected = 0.4 * (20 + 20 * roi) + 0.3 * 60 + 0.3 * 100
    assert named(run, answer(base, question))["Fitting"][1] == pytest.approx(expected, abs=1e-6)


def test_a_dimension_left_out_gives_its_weight_to_the_others(run: RankingRun) -> None:
    base = base_of(run)
    question = Question(
        base.plain.weights, base.budget, criteria=frozenset({"expected-roi", "impact-points"})
    )
    # Pain 100 now carries 30 of 60 %, fit 25 the other 30.
    assert named(run, answer(base, question))["Loved"][1] == pytest.approx(62.5)
    everything = frozenset(column.key for column in base.columns)
    with pytest.raises(ValueError, match=r"^criteria:"):
        answer(base, Question(base.plain.weights, base.budget, criteria=everything))


def test_a_rater_left_out_takes_the_scores_along(company: Company, run: RankingRun) -> None:
    base = base_of(run)
    only_criteria = frozenset({"expected-roi", "impact-points"})
    for rater, value in ((company.curator, 100.0), (company.panelist, 0.0)):
        question = Question(
            base.plain.weights,
            base.budget,
            criteria=only_criteria,
            raters=frozenset({rater.pk}),
        )
        assert named(run, answer(base, question))["Split"][1] == value


def test_without_any_rater_a_proposal_is_incomplete(company: Company, run: RankingRun) -> None:
    base = base_of(run)
    question = Question(
        base.plain.weights, base.budget, functions=frozenset({"IT/Data", "Finance"})
    )
    assert {rank for rank, *_ in named(run, answer(base, question)).values()} == {None}


def test_the_page_answers_in_words_and_stores_nothing(company: Company, run: RankingRun) -> None:
    entries = AuditEntry.objects.count()
    leader = signed_in(company.leader)
    page = text(leader.get(PAGE))
    assert "The same proposals are inside the budget." in page
    changed = text(leader.get(f"{PAGE}?w--return=90&w--impact=5&w--fit=5"))
    assert "comes in" in changed
    assert 'value="90.0"' in changed
    part = text(leader.get(f"{PAGE}?budget=0", headers={"HX-Request": "true"}))
    assert "drop out" in part
    assert "<h1" not in part
    assert (Scenario.objects.count(), AuditEntry.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("w--return=101", "Return: Ensure this value is less than or equal to 100"),
        ("w--return=nan", "Return: Enter a number"),
        ("budget=-1", "Budget: A budget is 0 or more."),
        ("budget=much", "Budget: “much” is not an amount. Write it like 11,500,000 or 11.5 M."),
        ("budget=1.500", "Budget: “1.500” can be read in two ways. Write 1500, or 1.5."),
        ("without=criterion:none", "Leave out: Choose from the list"),
        ("w--return=0&w--impact=0&w--fit=0", "Leave at least one criterion"),
    ],
)
def test_a_question_without_an_answer_says_why(
    company: Company, run: RankingRun, query: str, words: str
) -> None:
    response = signed_in(company.leader).get(f"{PAGE}?{query}")
    assert response.status_code == 422
    assert words in text(response)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", "250,000"),
        ("120000.00", "120,000"),
        ("0.12 M", "120,000"),
        ("120 000,50", "120,000.50"),
        ("much", "much"),
    ],
)
def test_a_budget_is_shown_readable_and_as_typed_where_it_is_wrong(
    company: Company, run: RankingRun, typed: str, shown: str
) -> None:
    page = markup(signed_in(company.leader).get(PAGE, {"budget": typed}))
    assert f'name="budget" value="{shown}"' in page


def test_the_line_says_what_would_bring_in_the_next(company: Company, run: RankingRun) -> None:
    """Every proposal costs 100 k EUR: 250 k take two and leave 50 k, 120 k take one."""
    leader = signed_in(company.leader)
    assert "next 50.0 k EUR would bring in 3" in text(leader.get(PAGE))
    assert "next 80.0 k EUR would bring in 2" in text(leader.get(PAGE, {"budget": "120 k"}))
    assert "would bring in" not in text(leader.get(PAGE, {"budget": "1 M"}))


def test_single_raters_are_for_the_chair_alone(company: Company, run: RankingRun) -> None:
    """With and without one rater, the list would show that person's scores."""
    query = f"{PAGE}?without=rater:{company.panelist.pk}"
    assert signed_in(company.leader).get(query).status_code == 422
    assert signed_in(company.curator).get(query).status_code == 200
    leader = text(signed_in(company.leader).get(PAGE))
    assert "rater:" not in leader
    # IT/Data and Finance have one rater each: leaving one out would be leaving out a person.
    assert "function:" not in leader
    assert signed_in(company.marketing).get(PAGE).status_code == 403


def test_a_scenario_is_kept_answered_and_removed(company: Company, run: RankingRun) -> None:
    leader = signed_in(company.leader)
    body = {"name": "No money", "query": "budget=0&w--return=40&page=3"}
    kept = leader.post(f"{PAGE}keep/", body)
    assert kept["Location"] == "/backlog/plan/?budget=0"  # 40 % is what the run has
    scenario = Scenario.objects.get()
    assert (scenario.run, scenario.cycle, scenario.query) == (run, company.cycle, "budget=0")
    (listed,) = signed_in(company.curator).get("/backlog/plan/").context["scenarios"]
    assert (listed["scenario"], listed["mix"].spent) == (scenario, 0.0)
    again = text(leader.post(f"{PAGE}keep/", body, follow=True))
    assert "There is a scenario of this name" in again
    assert signed_in(company.marketing).post(f"{PAGE}{scenario.pk}/remove/").status_code == 403
    leader.post(f"{PAGE}{scenario.pk}/remove/")
    assert not Scenario.objects.exists()


def test_a_preview_unpacks_no_scores_unless_they_are_read_otherwise(
    company: Company, run: RankingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(_run: RankingRun) -> None:
        raise AssertionError("the sealed inputs of a large run take seconds to unpack")

    monkeypatch.setattr("scoring.what_if.services.preview.base_of", too_slow)
    draft = start_draft(actor=company.curator)
    assert {move.by for move in preview_draft(draft, run)} == {0}


def test_a_draft_says_what_would_have_been_decided_otherwise(company: Company) -> None:
    """Each costs 100,000 and the budget holds two: Rich and Loved now, Fitting under the draft."""
    Cycle.objects.filter(pk=company.cycle.pk).update(budget=200_000)
    proposals = {
        "Rich": company.scored("Rich", money=company.money(benefit=300_000), pain=0, fit=25),
        "Loved": company.scored("Loved", money=company.money(benefit=50_000), pain=100, fit=25),
        "Fitting": company.scored("Fitting", money=company.money(benefit=1_000), pain=0, fit=100),
    }
    run = company.rank()
    before = {row.title: row.line for row in run.results.all()}
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Fit alone."}
    for row, weight in zip(spec["dimensions"], ("10", "0", "90"), strict=True):
        row["weights"][""] = weight
    draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
    moves = preview_draft(draft, run)
    assert decided_otherwise(moves, run) == []
    inside = [title for title, line in before.items() if line == "inside"]
    outside = next(title for title, line in before.items() if line == "outside")
    assert (outside, len(inside)) == ("Fitting", 2)
    for title, proposal in proposals.items():
        Proposal.objects.filter(pk=proposal.pk).update(
            status="greenlit" if title in inside else "on_hold"
        )
    found = decided_otherwise(preview_draft(draft, run), run)
    assert [(row.result.title, row.inside) for row in found] == [
        ("Loved", False),
        ("Fitting", True),
    ]
    page = text(signed_in(company.curator).get("/admin/framework/"))
    assert "on hold, would be inside" in page
    assert "greenlit, would be outside" in page
    # Against the line of its own run: the draft is not to blame.
    Proposal.objects.filter(pk=proposals["Loved"].pk).update(status="on_hold")
    found = decided_otherwise(preview_draft(draft, run), run)
    assert [row.result.title for row in found] == ["Fitting"]


def test_the_plain_backlog_is_no_scenario(company: Company, run: RankingRun) -> None:
    page = text(signed_in(company.leader).post(f"{PAGE}keep/", {"name": "Same"}, follow=True))
    assert "Change something first" in page
    assert not Scenario.objects.exists()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    base._base.cache_clear()
    yield
    base._base.cache_clear()


def test_queries_do_not_grow_with_the_list(company: Company) -> None:
    counts: list[Any] = []
    client = signed_in(company.leader)
    for number in range(3):
        company.scored(f"Number {number}")
        if number != 1:
            company.rank()
            client.get(PAGE)  # makes the base
            with CaptureQueriesContext(connection) as queries:
                assert client.get(PAGE).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
