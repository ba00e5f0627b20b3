"""The rank-change ledger: exact shares that add up, whatever changed at once."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pytest

from projects.proposals.services import recall_proposal
from scoring.backlog.selectors.backlog import results_before
from scoring.backlog.services.ledger import Ledger, ledger_of
from scoring.backlog.services.ledger.causes import CAUSES, Rivals, Side, causes_of
from scoring.forecast.matrix import CriterionColumn
from scoring.framework.selectors import spec_of
from scoring.framework.services.edits import with_weights
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import RankedProposal
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.scorecards.services import save_scorecard
from tests.company import Company
from tests.kept import kept
from tests.pages import signed_in, text

PAIRS = 1_000
SOURCES = ("panel", "panel", "expected_roi", "customer_impact", "measure")


def drawn_framework(rng: np.random.Generator, keys: list[str]) -> dict[str, Any]:
    columns = {}
    for place, key in enumerate(keys):
        source = SOURCES[place % len(SOURCES)]
        knots = [(0.0, 0.0), (float(rng.uniform(1, 50)), 60.0), (100.0, 100.0)]
        columns[key] = CriterionColumn(key, key.title(), "D", source, knots)
    weights = rng.dirichlet(np.ones(len(keys)))
    return {
        "columns": columns,
        "weights": dict(zip(keys, weights.tolist(), strict=True)),
        "coverage_limit": float(rng.choice([0.0, 0.5])),
        "cost_unit": float(rng.choice([10.0, 100.0])) if rng.random() < 0.3 else None,
    }


def drawn_own(rng: np.random.Generator, framework: dict[str, Any]) -> dict[str, Any]:
    columns = framework["columns"].items()
    return {
        "scores": {
            key: {int(who): float(rng.integers(0, 5)) * 25 for who in rng.choice(6, 3)}
            for key, column in columns
            if column.source == "panel"
        },
        "correction": {
            key: float(rng.normal(0, 20))
            for key, column in columns
            if column.source == "panel" and rng.random() < 0.5
        },
        "numbers": {
            key: float(rng.uniform(0, 100))
            for key, column in columns
            if column.source != "panel" and rng.random() < 0.9
        },
        "cost": float(rng.uniform(1, 100)),
    }


def drawn_rivals(rng: np.random.Generator, framework: dict[str, Any]) -> Rivals:
    keys = list(framework["columns"])
    ids = sorted(rng.choice(40, size=int(rng.integers(0, 25)), replace=False).tolist())
    inputs = rng.uniform(0, 100, (len(ids), len(keys)))
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    return Rivals(
        ids=ids,
        scores=rng.uniform(0, 100, len(ids)),
        keys=keys,
        inputs=inputs,
        weights=np.tile(list(framework["weights"].values()), (len(ids), 1)),
        cost=rng.uniform(1, 100, len(ids)),
    )


def drawn_pairs() -> Iterator[tuple[Side, Side]]:
    """Pairs in which anything may change, and half of the things do."""
    rng = np.random.default_rng(7)
    names = [f"c{number}" for number in range(7)]
    for _ in range(PAIRS):
        first = drawn_framework(rng, names[:6])
        other = drawn_framework(rng, names[1:] if rng.random() < 0.5 else names[:6])
        second = {name: (other if rng.random() < 0.3 else first)[name] for name in first}
        if second["columns"].keys() != second["weights"].keys():
            second = other
        own, others = drawn_own(rng, first), drawn_own(rng, second)
        same = second["columns"].keys() == first["columns"].keys()
        changed = {name: own[name] if same and rng.random() < 0.5 else others[name] for name in own}
        yield (
            Side(**first, **own, rivals=drawn_rivals(rng, first)),
            Side(**second, **changed, rivals=drawn_rivals(rng, second)),
        )


def value_and_rank(side: Side) -> tuple[float, float]:
    """By hand: the weighted mean over what is scored, and one more than those above."""
    total = weight = 0.0
    for key, column in side.columns.items():
        given = list(side.scores.get(key, {}).values())
        number = side.numbers.get(key)
        if given:
            number = float(np.clip(np.mean(given) + side.correction.get(key, 0.0), 0, 100))
        if number is None:
            continue
        if column.source != "panel":
            xs, ys = zip(*column.knots, strict=True)
            number = float(np.interp(number, xs, ys))
        total += side.weights[key] * number
        weight += side.weights[key]
    value = total / weight
    score = value if side.cost_unit is None else value / (side.cost / side.cost_unit)
    return value, 1.0 + np.count_nonzero(side.rivals.scores > round(score, 9))


def test_a_thousand_random_moves_add_up() -> None:
    counted = 0
    for before, after in drawn_pairs():
        causes = causes_of(before, after)
        if causes is None:
            continue
        (old_value, old_rank), (value, rank) = value_and_rank(before), value_and_rank(after)
        assert sum(cause.value for cause in causes) == pytest.approx(value - old_value, abs=1e-9)
        assert sum(cause.rank for cause in causes) == pytest.approx(rank - old_rank, abs=1e-9)
        counted += 1
    assert counted >= 990


def side(**changed: Any) -> Side:
    """A framework of one judged criterion and ROI, half each; two rivals at 60 and 40."""
    columns = {
        "fit": CriterionColumn("fit", "Fit", "D", "panel", []),
        "roi": CriterionColumn("roi", "ROI", "D", "expected_roi", [(0.0, 0.0), (2.0, 100.0)]),
    }
    plain: dict[str, Any] = {
        "columns": columns,
        "weights": {"fit": 0.5, "roi": 0.5},
        "coverage_limit": 0.8,
        "cost_unit": None,
        "scores": {"fit": {1: 50.0, 2: 50.0}},
        "correction": {},
        "numbers": {"roi": 1.0},
        "cost": 10.0,
        "rivals": Rivals(ids=[8, 9], scores=np.array([60.0, 40.0])),
    }
    return Side(**plain | changed)


def shares(before: Side, after: Side) -> dict[str, tuple[float, float]]:
    causes = causes_of(before, after)
    assert causes is not None
    return {cause.key: (round(cause.value, 9), round(cause.rank, 9)) for cause in causes}


def test_each_cause_gets_what_it_did_alone() -> None:
    """Value 50 throughout, unless the cause moves it; rivals at 60 and 40."""
    nothing = {"rivals": (0.0, 0.0)}
    assert shares(side(), side()) == nothing
    moved = side(scores={"fit": {1: 50.0, 2: 100.0}})
    assert shares(side(), moved) == nothing | {"scores": (12.5, -1.0)}
    joined = side(scores={"fit": {1: 50.0, 2: 50.0, 3: 20.0}})
    assert shares(side(), joined) == nothing | {"panel": (-5.0, 0.0)}
    corrected = side(correction={"fit": 20.0})
    assert shares(side(), corrected) == nothing | {"severity": (10.0, -1.0)}
    assert shares(side(), side(correction={"fit": 80.0})) == nothing | {"severity": (25.0, -1.0)}
    dearer = side(numbers={"roi": 0.5})
    assert shares(side(), dearer) == nothing | {"money": (-12.5, 1.0)}
    entered = side(rivals=Rivals(ids=[7, 8, 9], scores=np.array([55.0, 60.0, 40.0])))
    assert shares(side(), entered) == {"rivals": (0.0, 1.0)}


def test_two_causes_that_only_together_overtake_share_the_place() -> None:
    """+8 from a score and +8 from money: 66 passes 60, neither 58 does."""
    after = side(scores={"fit": {1: 66.0, 2: 66.0}}, numbers={"roi": 1.32})
    assert shares(side(), after) == {
        "rivals": (0.0, 0.0),
        "scores": (8.0, -0.5),
        "money": (8.0, -0.5),
    }


def test_weights_move_the_rivals_too() -> None:
    """Both rivals are better at ROI; with all weight on it they stand above."""
    rivals = [
        Rivals(
            ids=[8, 9],
            scores=scores,
            keys=["fit", "roi"],
            inputs=np.array([[20.0, 2.0], [10.0, 1.8]]),
            weights=np.tile(weights, (2, 1)),
            cost=np.array([1.0, 1.0]),
        )
        for scores, weights in (
            (np.array([60.0, 50.0]), [0.5, 0.5]),
            (np.array([100.0, 90.0]), [0.0, 1.0]),
        )
    ]
    before = side(scores={"fit": {1: 100.0}}, rivals=rivals[0])
    after = side(scores={"fit": {1: 100.0}}, rivals=rivals[1], weights={"fit": 0.0, "roi": 1.0})
    # Alone the new weights take 75 down to 50 and lift both rivals past it.
    assert shares(before, after) == {"weights": (-25.0, 2.0), "rivals": (0.0, 0.0)}


def test_runs_without_a_common_score_cannot_be_split() -> None:
    empty = side(scores={}, numbers={})
    assert causes_of(empty, side()) is None


@pytest.fixture
def company_with_two_runs(company: Company) -> Company:
    return kept("two runs in the ledger", partial(make_two_runs, company))


def make_two_runs(company: Company) -> Company:
    company.scored("Steady", fit=100, pain=100)
    moved = company.scored("Moved", fit=25, pain=50)
    gone = company.scored("Gone", fit=100, pain=50)
    company.rank()
    draft = start_draft(actor=company.curator)
    spec = with_weights(
        spec_of(draft),
        dimensions={
            ("", "return"): Decimal(20),
            ("", "impact"): Decimal(20),
            ("", "fit"): Decimal(60),
        },
        criteria={
            item["key"]: Decimal(item["weight"])
            for row in spec_of(draft)["dimensions"]
            for item in row["criteria"]
        },
    )
    draft = save_draft(
        actor=company.curator,
        version=draft,
        spec=spec | {"summary": "Fit first."},
        expected_version=draft.version,
    )
    company.version = company.ratified(draft)
    company.score(moved, company.panelist, 100, 100)
    gone.refresh_from_db()
    recall_proposal(actor=company.marketing, proposal=gone, expected_version=gone.version)
    company.rank()
    return company


def ledgers(company: Company) -> dict[str, Ledger]:
    run = RankedProposal.objects.latest("run_id").run
    pairs = {row.title: row for row in run.results.all()}
    before = {row.title: row for row in results_before(run, None)}
    snapshot = load_snapshot(run)
    found = {title: ledger_of(before[title], row, snapshot) for title, row in pairs.items()}
    return {title: ledger for title, ledger in found.items() if ledger is not None}


@pytest.mark.django_db
def test_stored_runs_are_accounted_for_to_the_last_place(company_with_two_runs: Company) -> None:
    found = ledgers(company_with_two_runs)
    assert set(found) == {"Steady", "Moved"}
    for ledger in found.values():
        assert ledger.places is not None
        assert sum(entry.cause.value for entry in ledger.entries) == pytest.approx(
            ledger.value, abs=2e-9
        )
        assert sum(entry.cause.rank for entry in ledger.entries) == pytest.approx(ledger.places)
    happened = {entry.cause.key: entry.happened for entry in found["Moved"].entries}
    assert happened == {
        "weights": [
            "Expected ROI: 40 % then, 20 % now",
            "Impact points: 15 % then, 10 % now",
            "Pain relieved: 15 % then, 10 % now",
            "Strategic fit: 30 % then, 60 % now",
        ],
        "scores": ["Pain relieved: 1 score changed", "Strategic fit: 1 score changed"],
        "rivals": ["1 proposal left the ranking", "1 proposal gained value"],
    }


@pytest.mark.django_db
def test_the_page_shows_the_ledger(company_with_two_runs: Company) -> None:
    moved = RankedProposal.objects.filter(title="Moved").latest("run_id")
    page = text(signed_in(company_with_two_runs.marketing).get(f"/backlog/{moved.proposal_id}/"))
    assert "rank 3 then, 2 now" in page
    for name in ("Weights of the framework", "Scores that changed", "The other proposals"):
        assert name in page
    assert '<th scope="row">Together</th> <td></td> <td class="num">+' in page


def test_every_cause_has_a_name() -> None:
    assert len(CAUSES) == len(set(CAUSES.values())) == 9


def test_who_stands_level_is_not_above(company: Company) -> None:
    """The second draws level with the first: one place up for it, none down for the other."""
    first = company.scored("First", fit=100)
    second = company.submitted("Second")
    company.score(second, company.curator, 50, 0)
    before = {row.proposal_id: row for row in company.rank().results.all()}
    assert (before[first.pk].rank, before[second.pk].rank) == (1, 2)
    card = second.scorecards.get(panelist=company.curator)
    company.score(second, company.panelist, 50, 100)
    save_scorecard(
        actor=company.curator,
        proposal=second,
        answers=company.answers(50, 100),
        change_reason="I read it again.",
        submit=True,
        expected_version=card.version,
    )
    run = company.rank()
    for row in run.results.all():
        assert row.rank == 1
        ledger = ledger_of(before[row.proposal_id], row, load_snapshot(run))
        assert ledger is not None
        assert ledger.places == (0 if row.proposal_id == first.pk else -1)
        assert sum(entry.cause.rank for entry in ledger.entries) == pytest.approx(ledger.places)
