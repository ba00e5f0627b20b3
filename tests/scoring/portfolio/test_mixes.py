"""Three ways to spend a budget under rules."""

import pytest

from projects.models import Link, Proposal
from scoring.models import RankedProposal, RankingRun
from scoring.portfolio.services import (
    Forced,
    Pool,
    Torn,
    lay_out,
    ways_of,
)
from tests.company import Company
from tests.pages import signed_in
from tests.scoring.portfolio.asking import case, pk_of, returns, tie, titles, ways

PAGE = "/backlog/plan/"


def test_the_list_goes_by_rank_and_the_best_mix_by_return(run: RankingRun) -> None:
    found, asked = ways(run), case(run)
    inside = RankedProposal.objects.filter(run=run, line="inside").values_list("title", flat=True)
    assert titles(asked, found.listed.chosen) == sorted(inside) == ["Loss", "Top"]
    assert titles(asked, found.best.chosen) == ["Left", "Right"]
    assert found.best.returns == pytest.approx(returns(run, "Left", "Right"))
    assert (found.best.spent, found.best.left, found.best.gap) == (250_000.0, 0.0, 0.0)
    assert found.best.returns > found.listed.returns == pytest.approx(returns(run, "Top", "Loss"))
    assert found.best.impact == pytest.approx(
        sum(row.impact or 0 for row in run.results.filter(title__in=["Left", "Right"]))
    )


def test_certain_money_holds_in_every_future(run: RankingRun) -> None:
    found = ways(run)
    assert found.shares is not None
    assert sorted(found.shares.round(6).tolist()) == [0.0, 0.0, 1.0, 1.0]
    assert found.sure is not None
    assert found.sure.returns == pytest.approx(found.best.returns)
    assert found.open() == 0
    assert found.best.low == pytest.approx(found.best.returns, rel=1e-6)
    assert found.best.high == pytest.approx(found.best.returns, rel=1e-6)


def test_an_uncertain_return_is_held_in_some_futures_and_has_a_range(company: Company) -> None:
    sure, open_ended = company.money(cost=200_000), company.money(cost=200_000)
    open_ended[1].low, open_ended[1].likely, open_ended[1].high = 0, 150_000, 300_000
    company.scored("Sure", money=sure)
    company.scored("Open", money=open_ended)
    run = company.rank()
    found, asked = ways(run), case(run)
    assert found.shares is not None
    held = dict(zip(lay_out(asked).ids(found.shares > -1), found.shares, strict=True))
    assert 0.2 < held[pk_of("Open")] < 0.8
    # The relaxation spends all 250,000, but on nothing that loses money.
    assert 1.2 < sum(held.values()) <= 1.25
    forced = ways(run, forced=(Forced(pk_of("Open"), inside=True, why="legal"),)).best
    row = RankedProposal.objects.get(run=run, title="Open")
    assert forced.low == pytest.approx((row.roi_p10 or 0) * (row.cost or 0), rel=0.05)
    assert forced.high == pytest.approx((row.roi_p90 or 0) * (row.cost or 0), rel=0.05)


@pytest.mark.parametrize(
    ("kind", "one", "other", "best"),
    [
        ("needs", "Left", "Loss", ["Loss", "Top"]),  # Left with Loss leaves no room for Right
        ("together", "Loss", "Right", ["Loss", "Top"]),
        ("excludes", "Right", "Left", ["Loss", "Top"]),
        ("needs", "Loss", "Left", ["Left", "Right"]),
    ],
)
def test_ties_bind_every_way(
    company: Company, run: RankingRun, kind: str, one: str, other: str, best: list[str]
) -> None:
    tie(company, one, kind, other)
    found, asked = ways(run), case(run)
    chosen = titles(asked, found.best.chosen)
    for mix in (titles(asked, found.listed.chosen), chosen):
        if kind == "needs":
            assert one not in mix or other in mix
        if kind == "together":
            assert (one in mix) == (other in mix)
        if kind == "excludes":
            assert not {one, other} <= set(mix)
    if best == ["Left", "Right"]:
        assert chosen == best
    else:
        assert found.best.returns < returns(run, "Left", "Right")


def test_pools_bind_the_best_mix_and_the_list_says_what_it_misses(run: RankingRun) -> None:
    most = Pool("team:Acquisition", high=130_000)
    found = ways(run, most)
    assert found.best.spent <= 130_000
    assert found.listed.spent <= 130_000
    (used,) = found.best.pools
    assert (used.name, used.spent, used.wrong) == (
        "Team Acquisition", found.best.spent, ""
    )  # fmt: skip
    least = Pool("team:Acquisition", low=240_000)
    under = ways(run, least).listed
    assert (under.spent, under.pools[0].wrong) == (200_000, "too little")


def test_rules_that_cannot_hold_together_are_named(company: Company, run: RankingRun) -> None:
    tie(company, "Left", "excludes", "Right")
    link = Link.objects.get()
    forced = tuple(Forced(pk_of(name), inside=True, why="legal") for name in ("Left", "Right"))
    found = ways_of(run, lay_out(case(run, forced=forced)))
    assert found == Torn((
        str(link),
        f"{Proposal.objects.get(title='Left').reference} is in: forced in",
        f"{Proposal.objects.get(title='Right').reference} is in: forced in",
    ))  # fmt: skip
    too_much = ways_of(run, lay_out(case(run, Pool("team:Acquisition", low=260_000))))
    assert too_much == Torn(("the budget", "Team Acquisition: at least 260 k"))


def test_what_is_decided_stays_unless_it_is_forced(company: Company, run: RankingRun) -> None:
    Proposal.objects.filter(title="Loss").update(status="greenlit")
    Proposal.objects.filter(title="Left").update(status="declined")
    Proposal.objects.filter(title="Right").update(status="on_hold")
    asked = case(run)
    assert titles(asked, ways(run).best.chosen) == ["Loss", "Top"]
    assert sorted(lay_out(asked).out.values()) == ["declined", "on hold"]
    assert list(lay_out(asked).fixed.values()) == ["greenlit"]
    forced = (
        Forced(pk_of("Left"), inside=True, why="legal"),
        Forced(pk_of("Loss"), inside=False, why="risk"),
    )
    assert titles(case(run, forced=forced), ways(run, forced=forced).best.chosen) == ["Left"]


def test_what_is_missing_is_never_counted_as_nothing(company: Company) -> None:
    company.scored("Known")
    costs_only, benefit_only = company.money()[:1], company.money()[1:]
    company.scored("No benefit", money=costs_only)
    company.scored("No cost", money=benefit_only)
    company.submitted("Unscored")
    run = company.rank()
    layout = lay_out(case(run))
    names = {row: item["title"] for row, item in enumerate(layout.base.proposals)}
    assert {names[row]: words for row, words in layout.out.items()} == {
        "No benefit": "incomplete",
        "No cost": "no cost is stated",
        "Unscored": "incomplete",
    }
    forced = (Forced(pk_of("No benefit"), inside=True, why="legal"),)
    best = ways(run, forced=forced).best
    assert (best.funded, best.unknown) == (2, 1)
    assert best.returns == pytest.approx(returns(run, "Known"))


def test_with_nobody_to_choose_from_nothing_is_funded(company: Company) -> None:
    company.submitted("Unscored")
    run = company.rank()
    found = ways(run, Pool("team:Acquisition", high=1))
    assert (found.best.funded, found.listed.funded, found.best.returns) == (0, 0, 0.0)
    client = signed_in(company.leader)
    assert client.get(f"{PAGE}?of=team:Acquisition&low=&high=1").status_code == 200
    assert client.get(f"{PAGE}costs/").status_code == 200
    assert ways_of(run, lay_out(case(run, Pool("team:Acquisition", low=1)))) == Torn((
        "Team Acquisition: at least 1",
    ))  # fmt: skip


def test_what_needs_something_left_out_is_out_too(company: Company, run: RankingRun) -> None:
    tie(company, "Left", "needs", "Right")
    tie(company, "Top", "needs", "Left")
    forced = (Forced(pk_of("Right"), inside=False, why="risk"),)
    asked = case(run, forced=forced)
    assert titles(asked, ways(run, forced=forced).best.chosen) == []
    names = [Proposal.objects.get(title=title).reference for title in ("Right", "Left")]
    assert set(lay_out(asked).out.values()) == {
        "left out here",
        f"needs {names[0]}, which is not chosen",
        f"needs {names[1]}, which is not chosen",
    }


def test_a_tie_that_a_decision_breaks_is_said(company: Company, run: RankingRun) -> None:
    tie(company, "Loss", "needs", "Left")
    Proposal.objects.filter(title="Loss").update(status="greenlit")
    Proposal.objects.filter(title="Left").update(status="declined")
    layout, left = lay_out(case(run)), Proposal.objects.get(title="Left")
    words = f"greenlit, though it needs {left.reference}, which is not chosen"
    assert list(layout.fixed.values()) == [words]
