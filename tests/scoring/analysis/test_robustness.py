"""Rank bands and chances over draws, against a count by hand."""

import numpy as np
import pytest

from scoring.analysis.orders import order_of_draws
from scoring.analysis.robustness import p_funded, rank_and_fund, rank_bands
from scoring.analysis.uncertainty import block_makers, uniform_weights


@pytest.fixture(params=[np.float32, np.float64])
def draws(request):
    rng = np.random.default_rng(1)
    values = np.round(rng.normal(size=(23, 301)), 1)
    values[4] = values[9]
    values[5] = 0.0
    values[6] = -0.0
    return values.astype(request.param)


@pytest.fixture
def places():
    return np.random.default_rng(2).permutation(23)


def orders(draws, places):
    return [sorted(range(len(draws)), key=lambda i: (-column[i], places[i])) for column in draws.T]


def test_bands_equal_a_count_by_hand(draws, places):
    ranks = np.argsort(np.array(orders(draws, places)), axis=1).T + 1
    bands = rank_bands([draws[:, :100], draws[:, 100:101], draws[:, 101:]], tie_order=places)
    assert bands.draws == 301
    for name, share in (("p10", 10), ("p50", 50), ("p90", 90)):
        expected = np.percentile(ranks, share, axis=1, method="inverted_cdf")
        assert (getattr(bands, name) == expected).all()
    assert (bands.best == ranks.min(axis=1)).all()
    assert (bands.worst == ranks.max(axis=1)).all()
    assert np.allclose(bands.mean_rank, ranks.mean(axis=1), rtol=1e-12)
    assert np.allclose(bands.p_top(5), (ranks <= 5).mean(axis=1), rtol=1e-12)
    table = bands.acceptability()
    assert np.allclose(table.sum(axis=0), 1)
    assert np.allclose(table.sum(axis=1), 1)


def test_funding_walks_down_and_skips_what_does_not_fit(draws, places):
    cost = np.random.default_rng(3).uniform(0, 9, 23)
    taken = np.zeros(23)
    for order in orders(draws, places):
        left = 30.0
        for i in order:
            if cost[i] <= left:
                left -= cost[i]
                taken[i] += 1
    chance = p_funded([draws[:, :7], draws[:, 7:]], cost, 30.0, tie_order=places)
    assert np.allclose(chance, taken / 301, rtol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 300, 5000])
@pytest.mark.parametrize(
    "kind", ["smooth", "few levels", "skewed", "equal", "neighbours", "extreme"]
)
def test_fast_order_is_exact(n, kind):
    rng = np.random.default_rng(n)
    values = {
        "smooth": rng.normal(size=(n, 30)),
        "few levels": rng.integers(0, 3, (n, 30)),
        "skewed": np.exp(rng.normal(size=(n, 30)) * 12),
        "equal": np.full((n, 30), 7.0),
        "neighbours": 1 + rng.integers(0, 5, (n, 30)) * 1.2e-7,
        "extreme": np.where(np.arange(n)[:, None] == 0, 3e38, rng.normal(size=(n, 30)) * 1e-40),
    }[kind].astype(np.float32)
    places = rng.permutation(n)
    exact = np.array([np.lexsort((places, -column)) for column in values.T.astype(float)]).T
    assert (order_of_draws(values, places) == exact).all()


def test_threads_change_nothing():
    values = np.random.default_rng(0).normal(size=(50, 900)).astype(np.float32)
    parts = [values[:, i : i + 100] for i in range(0, 900, 100)]
    one, two = (rank_bands(parts, tie_order=np.arange(50), threads=t) for t in (1, 2))
    assert one.counts.tobytes() == two.counts.tobytes()
    cost = np.arange(50.0)
    chances = [p_funded(parts, cost, 99, tie_order=np.arange(50), threads=t) for t in (1, 2)]
    assert chances[0].tobytes() == chances[1].tobytes()


def test_edges():
    one = rank_bands([np.array([[3.0, 4.0]])], tie_order=[0])
    assert one.p10.tolist() == one.p90.tolist() == [1]
    assert p_funded([np.zeros((1, 2))], [0.0], 0.0, tie_order=[0]).tolist() == [1.0]
    nobody = rank_bands([np.empty((0, 4))], tie_order=[])
    assert len(nobody.p50) == 0


@pytest.mark.parametrize(
    ("blocks", "ties", "name"),
    [
        ([np.zeros((2, 3))], [0, 0], "tie_order"),
        ([np.zeros((3, 3))], [0, 1], "blocks"),
        ([np.full((2, 3), np.nan)], [0, 1], "blocks"),
        ([], [0, 1], "blocks"),
    ],
)
def test_errors_name_the_argument(blocks, ties, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        rank_bands(blocks, tie_order=ties)


def test_budget_is_kept_up_to_rounding():
    # 0.3 - 0.1 - 0.1 is a little less than 0.1.
    chance = p_funded([np.array([[3.0], [2.0], [1.0]])], [0.1, 0.1, 0.1], 0.3, tie_order=[0, 1, 2])
    assert chance.tolist() == [1.0, 1.0, 1.0]


def test_draws_made_a_few_at_a_time_count_like_whole_blocks():
    rng = np.random.default_rng(4)
    values, ties = rng.uniform(0, 100, (300, 4)), rng.permutation(300)
    drawn = uniform_weights(np.arange(4, dtype=np.uint64), 1)
    makers = block_makers(values, drawn, draws=700, block=300)
    whole = rank_bands([make() for make in makers], tie_order=ties)
    parts = rank_bands(makers, tie_order=ties, threads=2)
    assert parts.counts.tobytes() == whole.counts.tobytes()


@pytest.mark.parametrize("threads", [1, 3])
def test_ranks_and_funding_in_one_go_are_those_of_each_alone(threads: int) -> None:
    rng = np.random.default_rng(5)
    blocks = [rng.integers(0, 6, (7, width)).astype(np.float32) for width in (4, 1, 9, 6)]
    cost, places = rng.uniform(1, 9, 7), rng.permutation(7)
    bands, funded = rank_and_fund(blocks, cost, 15.0, tie_order=places, threads=threads)
    alone = rank_bands(blocks, tie_order=places)
    assert (bands.counts == alone.counts).all()
    assert bands.p10.tolist() == alone.p10.tolist()
    assert funded.tolist() == p_funded(blocks, cost, 15.0, tie_order=places).tolist()
