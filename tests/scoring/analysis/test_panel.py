"""Agreement and severity: edges of definition, and against plain linear algebra."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import agreement, severity

NAN = float(np.nan)


def test_one_rater_or_no_variation_is_undefined_not_perfect():
    assert agreement.krippendorff_alpha([[1], [2]]).alpha is None
    assert agreement.krippendorff_alpha(np.empty((0, 3))).alpha is None
    assert agreement.krippendorff_alpha([[3, 3], [3, 3]]).alpha is None
    assert agreement.krippendorff_alpha([[1, NAN], [NAN, 2]]).alpha is None
    assert agreement.kendall_w([[1], [2]]).w is None
    assert agreement.kendall_w([[1, 1], [1, 1]]).w is None
    assert agreement.intraclass_correlations([[1], [2]]).icc1 is None
    assert agreement.intraclass_correlations([[2, 2], [2, 2]]).icc3k is None
    with pytest.raises(ValueError, match=r"^ratings:"):
        agreement.intraclass_correlations([[1.0, NAN], [2.0, 3.0]])


def test_full_agreement_and_full_disagreement():
    for metric in agreement.METRICS:
        same = agreement.krippendorff_alpha([[1, 1], [2, 2], [4, 4]], metric=metric)
        assert same.alpha == pytest.approx(1)
        opposite = agreement.krippendorff_alpha([[1, 4], [4, 1]], metric=metric)
        assert opposite.alpha is not None
        assert opposite.alpha < 0
    assert agreement.kendall_w([[1, 10], [2, 20], [3, 30]]).w == pytest.approx(1)
    assert agreement.kendall_w([[1, 3], [2, 2], [3, 1]]).w == pytest.approx(0)


def test_alpha_equals_a_count_over_pairs():
    """alpha from its definition: mean squared differences within units against all pairs."""
    rng = np.random.default_rng(0)
    table = rng.integers(0, 6, (30, 4)).astype(float)
    table[rng.random(table.shape) < 0.2] = NAN
    units = [row[~np.isnan(row)] for row in table]
    units = [row for row in units if len(row) > 1]
    pool = np.concatenate(units)
    within = sum(
        ((row[:, None] - row[None, :]) ** 2).sum() / (len(row) - 1) for row in units
    ) / len(pool)
    across = ((pool[:, None] - pool[None, :]) ** 2).sum() / (len(pool) * (len(pool) - 1))
    alpha = agreement.krippendorff_alpha(table, metric="interval").alpha
    assert alpha == pytest.approx(1 - within / across, rel=1e-12)


def test_bootstrap_is_repeatable_and_encloses_the_value():
    table = np.random.default_rng(1).integers(0, 6, (40, 5)).astype(float)
    table[:, 1:] = np.clip(table[:, :1] + (table[:, 1:] > 3), 0, 5)
    one = agreement.krippendorff_alpha(table, bootstrap=300, seed=4)
    assert one == agreement.krippendorff_alpha(table, bootstrap=300, seed=4)
    assert one.low is not None
    assert one.high is not None
    assert one.alpha is not None
    assert one.low < one.alpha < one.high


def test_kendall_corrects_for_ties_like_mean_spearman():
    """W with ties is linear in the mean Spearman correlation of the judges (Kendall 1970)."""
    from scipy import stats

    scores = np.random.default_rng(2).integers(0, 4, (9, 3)).astype(float)
    result = agreement.kendall_w(scores)
    assert result.p_value is not None
    few = agreement.kendall_w(scores[:5])
    assert few.p_value is None
    distinct = np.random.default_rng(3).random((9, 4))
    rho = np.asarray(stats.spearmanr(distinct).statistic)[np.triu_indices(4, 1)].mean()
    assert agreement.kendall_w(distinct).mean_spearman == pytest.approx(rho)


def test_missing_items_are_left_out_of_w():
    result: Any = agreement.kendall_w([[1.0, 1.0], [2.0, NAN], [3.0, 3.0]])
    assert (result.w, result.items) == (pytest.approx(1), 2)


def test_panel_mean_breaks_ties_by_the_worst_rating():
    mean = agreement.panel_mean(
        [[1.0, 3.0], [2.0, 2.0], [NAN, NAN]], worst_share=1e-4, low_is_best=True
    )
    assert mean.tolist() == [pytest.approx(2.0003), pytest.approx(2.0002), None]
    high = agreement.panel_mean([[1, 3], [2, 2]], worst_share=1e-4)
    assert high[1] > high[0]


def ratings(seed, items=12, raters=5, share=0.6):
    rng = np.random.default_rng(seed)
    seen = rng.random((items, raters)) < share
    seen[:, 0] = True
    item, rater = np.nonzero(seen)
    score = rng.normal(5, 1, items)[item] + rng.normal(0, 1, raters)[rater]
    return item, rater, score + rng.normal(0, 0.5, len(item))


@pytest.mark.parametrize("shrinkage", [0.0, 1.0, 7.5])
def test_effects_solve_the_penalised_least_squares(shrinkage):
    item, rater, score = ratings(1)
    k, n, r = len(score), 12, 5
    design = np.zeros((k + r, n + r))
    design[np.arange(k), item] = 1
    design[np.arange(k), n + rater] = 1
    design[k:, n:] = np.eye(r) * np.sqrt(shrinkage)
    solution = np.linalg.lstsq(design, np.r_[score, np.zeros(r)], rcond=None)[0]
    centre = solution[n:].mean()
    result = severity.adjust(item, rater, score, n, r, shrinkage=shrinkage)
    assert result.effect.tolist() == pytest.approx((solution[n:] - centre).tolist(), abs=1e-9)
    assert result.adjusted.tolist() == pytest.approx((solution[:n] + centre).tolist(), abs=1e-9)
    assert result.connected


def test_a_severe_rater_is_recognised_and_shrinkage_holds_back():
    item = np.repeat(np.arange(20), 2)
    rater = np.tile([0, 1], 20)
    score = np.where(rater == 0, 4.0, 2.0) + np.repeat(np.linspace(0, 1, 20), 2)
    plain = severity.adjust(item, rater, score, 20, 2, shrinkage=0)
    assert plain.effect.tolist() == pytest.approx([1, -1])
    held = severity.adjust(item, rater, score, 20, 2, shrinkage=10)
    assert 0 < held.effect[0] < 1
    assert plain.sigma == pytest.approx(0, abs=1e-9)


def test_a_single_rater_changes_nothing():
    result = severity.adjust([0, 1], [0, 0], [3.0, 4.0], 3, 1)
    assert result.adjusted.tolist() == [3.0, 4.0, None]
    assert result.effect.tolist() == [0.0]
    assert result.sigma is None
    assert result.error.tolist() == [None, None, None]


def test_groups_without_a_common_rater_are_adjusted_apart_and_flagged():
    result = severity.adjust(
        [0, 0, 1, 2, 2], [0, 1, 1, 2, 3], [4.0, 2.0, 3.0, 9.0, 7.0], 4, 5, shrinkage=0
    )
    assert not result.connected
    assert result.group.tolist() == [0, 0, 1, -1]
    assert result.adjusted.tolist() == pytest.approx([3.0, 4.0, 8.0, None])
    assert result.effect.tolist() == pytest.approx([1, -1, 1, -1, None])


def test_nothing_rated():
    result = severity.adjust([], [], [], 2, 3)
    assert result.adjusted.tolist() == [None, None]
    assert result.effect.tolist() == [None] * 3
    assert severity.home_lift([], [], [], [], 0, 0).lift is None


@given(seed=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_order_of_ratings_does_not_matter(seed):
    item, rater, score = ratings(seed)
    mixed = np.random.default_rng(seed).permutation(len(score))
    one = severity.adjust(item, rater, score, 12, 5)
    two = severity.adjust(item[mixed], rater[mixed], score[mixed], 12, 5)
    assert np.abs(one.adjusted - two.adjusted).max() < 1e-9


def test_shrinkage_estimated_from_many_ratings_recovers_the_variances():
    rng = np.random.default_rng(5)
    item, rater = np.divmod(np.arange(200 * 40), 40)
    score = rng.normal(0, 1, 200)[item] + rng.normal(0, 2, 40)[rater] + rng.normal(0, 1, 8000)
    result = severity.adjust(item, rater, score, 200, 40)
    assert result.shrinkage == pytest.approx(0.25, rel=0.5)
    assert result.sigma == pytest.approx(1, rel=0.05)
    assert result.error[0] == pytest.approx(result.sigma / np.sqrt(40))


def test_home_lift_is_the_coefficient_of_least_squares():
    item, rater, score = ratings(3)
    home = (item + rater) % 4 == 0
    lifted = score + 0.7 * home
    design = np.zeros((len(score), 18))
    design[np.arange(len(score)), item] = 1
    design[np.arange(len(score)), 12 + rater] = 1
    design[:, 17] = home
    expected = np.linalg.lstsq(design, lifted, rcond=None)[0][-1]
    result = severity.home_lift(item, rater, lifted, home, 12, 5)
    assert result.lift == pytest.approx(expected)
    assert result.home_ratings == home.sum()
    assert severity.home_lift(item, rater, score, np.ones_like(home), 12, 5).lift is None


def test_leaving_a_function_out_equals_scoring_without_it():
    item, rater, score = ratings(4)
    party = np.array([0, 0, 1, 1, 1])
    result = severity.leave_one_out(item, rater, score, party, 12, 2, shrinkage=1)
    stay = party[rater] != 1
    alone = severity.adjust(item[stay], rater[stay], score[stay], 12, 5, shrinkage=1)
    assert result[1].tolist() == alone.adjusted.tolist()
    assert result.shape == (2, 12)


def test_z_scores_need_eight_scores_and_a_spread():
    rater = np.r_[np.zeros(8, int), np.ones(7, int), np.full(8, 2)]
    score = np.r_[np.arange(8.0), np.arange(7.0), np.full(8, 5.0)]
    z = severity.rater_z_scores(rater, score, 3)
    assert z.mask.tolist() == [False] * 8 + [True] * 15
    assert z[:8].mean() == pytest.approx(0)
    assert z[:8].std(ddof=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("item", "rater", "score", "shrinkage", "name"),
    [
        ([0, 9], [0, 0], [1.0, 2.0], None, "item"),
        ([0, 1], [0, 7], [1.0, 2.0], None, "rater"),
        ([0, 1], [0, 0], [1.0, NAN], None, "score"),
        ([0], [0, 0], [1.0, 2.0], None, "item"),
        ([0, 1], [0, 0], [1.0, 2.0], -1.0, "shrinkage"),
    ],
)
def test_errors_name_the_argument(item, rater, score, shrinkage, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        severity.adjust(item, rater, score, 2, 2, shrinkage=shrinkage)


SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


def test_variance_components_are_the_mean_squares_of_complete_ratings():
    plain = agreement.intraclass_correlations(SHROUT_FLEISS)
    parts = agreement.intraclass_correlations(SHROUT_FLEISS, missing="components")
    for name in ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k", "msr", "msc", "mse"):
        assert getattr(parts, name) == pytest.approx(getattr(plain, name), rel=1e-5)


def test_intraclass_correlations_with_missing_ratings_say_how():
    holes = SHROUT_FLEISS.copy()
    holes[0, 1] = holes[3, 3] = np.nan
    with pytest.raises(ValueError, match=r"^ratings:"):
        agreement.intraclass_correlations(holes)
    omitted = agreement.intraclass_correlations(holes, missing="omit")
    assert omitted == agreement.intraclass_correlations(SHROUT_FLEISS[[1, 2, 4, 5]])
    parts = agreement.intraclass_correlations(holes, missing="components")
    assert parts.icc2 is not None
    assert 0.2 < parts.icc2 < 0.45
    turned = agreement.intraclass_correlations(holes[::-1, ::-1], missing="components")
    assert turned.icc2 == pytest.approx(parts.icc2, rel=1e-6)
    assert agreement.intraclass_correlations([[1, np.nan]], missing="components").icc2 is None


def test_rounding_is_no_variance():
    assert agreement.intraclass_correlations(np.full((3, 3), 0.1)).icc2 is None


def test_the_interval_of_alpha_knows_no_order_of_units_or_raters():
    rng = np.random.default_rng(0)
    table = np.where(rng.random((12, 4)) < 0.2, np.nan, rng.integers(0, 6, (12, 4)).astype(float))
    one = agreement.krippendorff_alpha(table, bootstrap=50, seed=3)
    mixed = table[rng.permutation(12)][:, rng.permutation(4)]
    assert agreement.krippendorff_alpha(mixed, bootstrap=50, seed=3) == one


@st.composite
def judgements(draw):
    """Ratings with few levels, so that many items and raters look alike, some twice, some never."""
    items, raters = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    cell = st.tuples(st.integers(0, items - 1), st.integers(0, raters - 1), st.integers(0, 3))
    rows = draw(st.lists(cell, min_size=1, max_size=24))
    item, rater, level = np.array(rows).T
    return item, rater, level * 0.7 + 0.1, items, raters


@given(given=judgements(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_neither_order_nor_numbering_reaches_the_last_bit(given, data):
    item, rater, score, items, raters = given
    row = np.array(data.draw(st.permutations(range(len(score)))))
    new_item = np.array(data.draw(st.permutations(range(items))))
    new_rater = np.array(data.draw(st.permutations(range(raters))))
    home = np.array(data.draw(st.lists(st.booleans(), min_size=len(row), max_size=len(row))))
    mixed = new_item[item][row], new_rater[rater][row], score[row]
    for shrinkage in (None, 0.0, 1.0):
        one = severity.adjust(item, rater, score, items, raters, shrinkage=shrinkage)
        two = severity.adjust(*mixed, items, raters, shrinkage=shrinkage)
        for name, numbers in (("adjusted", new_item), ("error", new_item), ("effect", new_rater)):
            turned = getattr(two, name)[numbers]
            assert turned.tobytes() == getattr(one, name).tobytes()
            assert turned.mask.tolist() == getattr(one, name).mask.tolist()
        assert (one.sigma, one.shrinkage) == (two.sigma, two.shrinkage)
        assert one.connected == two.connected
        together = one.group[:, None] == one.group[None, :]
        other = two.group[new_item]
        assert (together == (other[:, None] == other[None, :])).all()
    assert severity.home_lift(item, rater, score, home, items, raters) == severity.home_lift(
        *mixed, home[row], items, raters
    )
    party = np.arange(raters) % 2
    left = severity.leave_one_out(item, rater, score, party, items, 2)
    other_party = np.empty_like(party)
    other_party[new_rater] = party
    again = severity.leave_one_out(*mixed, other_party, items, 2)
    assert again[:, new_item].tobytes() == left.tobytes()
    z = severity.rater_z_scores(rater, score, raters)
    assert severity.rater_z_scores(mixed[1], mixed[2], raters).tobytes() == z[row].tobytes()


def test_numbering_does_not_reach_the_last_bit_of_many_ratings():
    rng = np.random.default_rng(1)
    item, rater = rng.integers(0, 30, 400), rng.integers(0, 9, 400)
    score = rng.uniform(0, 100, 400)
    new_item, new_rater, row = rng.permutation(30), rng.permutation(9), rng.permutation(400)
    one = severity.adjust(item, rater, score, 30, 9)
    two = severity.adjust(new_item[item][row], new_rater[rater][row], score[row], 30, 9)
    assert two.adjusted[new_item].tobytes() == one.adjusted.tobytes()
    assert two.effect[new_rater].tobytes() == one.effect.tobytes()


@pytest.mark.parametrize(
    ("counts", "shape"),
    [
        ([], "too few"),
        ([0, 1, 0], "too few"),
        ([0, 3, 0], "agreed"),
        ([1, 2, 0, 0], "close"),
        ([1, 0, 0, 3, 1], "one apart"),
        ([1, 1, 0, 2, 0, 0, 3], "spread"),
        ([2, 0, 2], "camps"),
        ([1, 1, 0, 1, 1], "camps"),
        ([1, 1, 1, 0, 2], "spread"),
        ([2, 1, 1], "spread"),
        ([1, 0, 1], "one apart"),
    ],
)
def test_how_answers_lie(counts: list[int], shape: str) -> None:
    assert agreement.shape_of(counts) == shape


@pytest.mark.parametrize("counts", [[-1, 2], [0.5, 1.0]])
def test_counts_that_cannot_be(counts: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^counts: "):
        agreement.shape_of(counts)
