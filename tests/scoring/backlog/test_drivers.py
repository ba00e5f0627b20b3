"""What drives one rank: exact ends, the sealed rank in the middle, few queries, the right eyes."""

from functools import partial

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from scipy import stats

from projects.models import MoneyLine, Proposal
from scoring.analysis.sensitivity import score_quantile
from scoring.backlog.charts.tornado import tornado
from scoring.backlog.services import drivers
from scoring.backlog.services.drivers import Driver, Drivers, Kind, drivers_of
from scoring.backlog.services.standing import Standing, State
from scoring.models import RankedProposal
from scoring.ranking.selectors import snapshot, stored
from scoring.ranking.selectors.snapshot import load_snapshot
from tests.company import Company
from tests.kept import kept
from tests.pages import come_in


def found(company: Company, proposal: Proposal) -> Drivers:
    run = company.cycle.runs.filter(status="done").latest("pk")
    result = RankedProposal.objects.get(run=run, proposal=proposal)
    drivers = drivers_of(run, result, load_snapshot(run))
    assert drivers is not None
    return drivers


def by_name(drivers: Drivers) -> dict[tuple[Kind, str], Driver]:
    return {(row.kind, row.name): row for row in drivers.widest}


def money(kind: str, low: int, likely: int, high: int) -> MoneyLine:
    return MoneyLine(kind=kind, label=kind, low=low, likely=likely, high=high)


@pytest.fixture
def pair(company: Company) -> tuple[Company, Proposal]:
    return kept("three with drivers", partial(make_pair, company))


def make_pair(company: Company) -> tuple[Company, Proposal]:
    """The second of three; each input's ends can be worked out by hand."""
    company.scored("Better", pain=100, fit=100)
    second = company.scored("Asked about", pain=50, fit=25)
    company.scored("Worse", pain=0, fit=25)
    company.rank()
    return company, second


def test_effects_go_one_step_down_and_up_the_ladder(pair) -> None:
    company, second = pair
    rows = found(company, second)
    effect = by_name(rows)[Kind.EFFECT, "Use, Families"]
    assert (effect.low.given, effect.high.given) == (0.45, 0.8)
    # 10,000 customers x 10 points: 600 points now, 450 and 800 at the ends, 15 % of the value.
    assert effect.low.score == pytest.approx(rows.score - 0.15 * 15)
    assert effect.high.score == pytest.approx(rows.score + 0.15 * 20)
    assert (effect.low.rank, effect.high.rank) == (2, 2)


def test_judged_criteria_go_from_p10_to_p90_of_the_mean(pair) -> None:
    company, second = pair
    rows = found(company, second)
    fit = by_name(rows)[Kind.JUDGED, "Strategic fit"]
    run = company.cycle.runs.get()
    error = run.facts["criteria"][3]["spread"] / 2**0.5
    assert fit.low.given == score_quantile(25, error, 0.1)
    assert fit.high.given == score_quantile(25, error, 0.9)
    assert fit.high.score == pytest.approx(rows.score + 0.3 * (fit.high.given - 25))


def test_weights_move_for_everybody(pair) -> None:
    company, second = pair
    rows = found(company, second)
    fit = by_name(rows)[Kind.WEIGHT, "Strategic fit"]
    # A weight of 25 % is good to 5 points: strength 74, so that of 30 % is Beta(22.2, 51.8).
    low, high = (float(stats.beta.ppf(share, 22.2, 51.8)) for share in (0.1, 0.9))
    assert (fit.low.given, fit.high.given) == pytest.approx((100 * low, 100 * high))
    rest = (rows.score - 0.3 * 25) / 0.7
    assert fit.low.score == pytest.approx(low * 25 + (1 - low) * rest)
    assert fit.high.score == pytest.approx(high * 25 + (1 - high) * rest)


def test_firm_weights_have_no_bar(company: Company) -> None:
    company.amend(weight_spread="0")
    proposal = company.scored("Alone")
    company.rank()
    assert {row.kind for row in found(company, proposal).widest} == {Kind.JUDGED, Kind.EFFECT}


def test_money_goes_from_p10_to_p90_and_the_middle_is_the_sealed_rank(company: Company) -> None:
    lines = [
        money("one_off_cost", 80_000, 100_000, 160_000),
        money("enrichment", 1, 45_000, 90_000),
    ]
    proposal = company.scored("Uncertain", money=lines)
    company.rank()
    rows = found(company, proposal)
    result = company.cycle.runs.get().results.get()
    assert (rows.rank, rows.score) == (1, result.score)
    benefit = by_name(rows)[Kind.MONEY, "enrichment"]
    cost = by_name(rows)[Kind.MONEY, "one_off_cost"]
    assert benefit.low.score < rows.score < benefit.high.score
    assert cost.high.score < rows.score < cost.low.score
    assert 80_000 < cost.low.given < 100_000 < cost.high.given < 160_000
    assert rows.ranks == (1, 1)
    # No other line and no effect can do more than what it can move.
    assert rows.tried == 2 + 1 + 2 + 4
    assert rows.still == rows.tried


def test_what_is_certain_moves_nothing_and_is_not_drawn(pair) -> None:
    company, second = pair
    assert not [row for row in found(company, second).widest if row.kind is Kind.MONEY]


def test_a_criterion_not_scored_yet_goes_from_worst_to_best(company: Company) -> None:
    proposal = company.submitted("Half judged")
    company.score(proposal, company.curator, -1, 25)
    company.rank()
    rows = found(company, proposal)
    pain = by_name(rows)[Kind.UNJUDGED, "Pain relieved"]
    assert (pain.low.given, pain.high.given) == (0.0, 100.0)
    assert pain.low.score == pytest.approx(0.85 * rows.score)
    assert pain.high.score == pytest.approx(0.85 * rows.score + 15)


def test_one_input_alone_can_swap_two(company: Company) -> None:
    first = company.scored("First", pain=50, fit=25, effects=company.effects(reach=11_000))
    second = company.scored("Second", pain=50, fit=25)
    company.rank()
    rows = found(company, second)
    effect = by_name(rows)[Kind.EFFECT, "Use, Families"]
    assert (effect.low.rank, effect.high.rank) == (2, 1)
    assert rows.ranks == (1, 2)
    assert found(company, first).ranks == (1, 2)


def test_per_cost_a_dearer_end_divides_by_more() -> None:
    standing = Standing(
        place=0,
        values=np.array([[50.0, np.nan], [80.0, 20.0]]),
        weights=np.array([[0.5, 0.5], [0.5, 0.5]]),
        cost=np.array([200.0, 100.0]),
        unit=100.0,
    )
    assert standing.in_state(standing.state) == (25.0, 2)
    assert standing.in_state(State(standing.state.values, 50.0)) == (100.0, 1)
    assert standing.with_weight(0, 0.05) == (0.55, 25.0, 2)


def test_without_a_rank_nothing_drives_it(company: Company) -> None:
    company.scored("No money", money=[])
    company.rank()
    result = company.cycle.runs.get().results.get()
    assert drivers_of(result.run, result, load_snapshot(result.run)) is None
    html = page(company, result.proposal_id)
    assert "What drives" not in html
    client = Client()
    come_in(client, company.leader)
    assert client.get(f"/backlog/{result.proposal_id}/drivers.svg").status_code == 404
    assert tornado(None, "EUR") is None


def test_only_the_widest_are_kept(company: Company, monkeypatch) -> None:
    monkeypatch.setattr(drivers, "MOST", 3)
    proposal = company.scored("Many inputs")
    company.rank()
    rows = found(company, proposal)
    assert len(rows.widest) == 3
    spans = [abs(row.high.score - row.low.score) for row in rows.widest]
    assert spans == sorted(spans, reverse=True)


def page(company: Company, pk: int, who: str = "leader") -> str:
    client = Client()
    come_in(client, getattr(company, who))
    response = client.get(f"/backlog/{pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_it_in_words_draws_it_and_tells_the_numbers(pair) -> None:
    company, second = pair
    html = page(company, second.pk)
    assert "What drives rank 2" in html
    assert "It stays 2nd whichever of its 9 inputs moves alone" in html
    assert "confidence 0.45 to 0.8" in html
    assert html.count("Weight of Strategic fit") == 3
    client = Client()
    come_in(client, company.leader)
    file = client.get(f"/backlog/{second.pk}/drivers.svg").content.decode()
    assert "What drives rank 2: Asked about" in file
    assert company.cycle.runs.get().result_digest in file


def test_bars_are_placed_exactly(pair) -> None:
    company, second = pair
    rows = found(company, second)
    drawn = tornado(rows, "EUR")
    assert drawn is not None
    scores = [end.score for row in rows.widest for end in (row.low, row.high)]
    low, high = min(scores), max(scores)
    assert drawn.across.place(low) == 52
    assert drawn.across.place(high) == 388
    middle = round(52 + 336 * (rows.score - low) / (high - low), 2)
    assert drawn.middle == middle
    assert [bar.y for bar in drawn.bars] == [34 + 44 * place for place in range(len(drawn.bars))]
    for bar, row in zip(drawn.bars, rows.widest, strict=True):
        for part in bar.parts:
            end = row.low if part.look == "worse" else row.high
            place = drawn.across.place(end.score)
            assert part.width == pytest.approx(abs(place - middle), abs=0.01)
            assert part.x == min(place, middle)
            assert part.rank == end.rank


def test_a_hidden_proposal_has_no_drivers(company: Company) -> None:
    hidden = company.submitted("Not judged yet")
    company.score(hidden, company.curator, 50, 25)
    company.rank()
    client = Client()
    come_in(client, company.panelist)
    assert client.get(f"/backlog/{hidden.pk}/drivers.svg").status_code == 404


def test_queries_do_not_grow_with_the_list(company: Company) -> None:
    """The first look after a run reads the rivals; the next one has them."""
    first, counts = company.scored("First"), []
    client = Client()
    come_in(client, company.leader)
    company.rank()
    for number in range(3):
        company.scored(f"Number {number}")
        if number != 1:
            company.rank()
            stored.forget()
            snapshot.forget()
            for _ in range(2):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(f"/backlog/{first.pk}/").status_code == 200
                counts.append(len(queries))
    assert counts == [15, 10, 15, 10]


def test_money_moves_a_believed_return_as_far_as_it_is_believed(company: Company) -> None:
    lines = [money("one_off_cost", 100_000, 100_000, 100_000)]
    lines.append(money("enrichment", 40_000, 45_000, 50_000))
    proposal = company.scored("Uncertain", money=lines)

    def swing() -> float:
        company.rank()
        line = by_name(found(company, proposal))[Kind.MONEY, "enrichment"]
        return line.high.score - line.low.score

    stated = swing()
    company.amend(believes_evidence=True)  # an opinion, since it names nothing
    assert swing() == pytest.approx(0.1 * stated, rel=0.02)
