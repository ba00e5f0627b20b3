"""A plan of which a group gives one at most, that asks for a least value, or ends at a misfit."""

import pytest

from projects.models import Proposal
from scoring.models import RankingRun
from scoring.portfolio.services import Forced, Torn, lay_out, rule_prices, ways_of
from tests.company import Company
from tests.pages import signed_in, words
from tests.scoring.portfolio.asking import case, pk_of, returns, titles, ways

PAGE = "/backlog/plan/"


def reference(run: RankingRun, title: str) -> str:
    return run.results.get(title=title).reference


class TestAtMostOneOf:
    def test_one_of_a_group_is_in_whatever_way(self, run: RankingRun) -> None:
        group = tuple(pk_of(title) for title in ("Left", "Right", "Top"))
        found, asked = ways(run, apart=(group,)), case(run, apart=(group,))
        assert titles(asked, found.best.chosen) == ["Left"]  # it returns most of the three
        assert titles(asked, found.listed.chosen) == ["Loss", "Top"]
        assert found.shares is not None
        held = dict(zip(lay_out(asked).ids(), found.shares, strict=True))
        assert sum(held[pk] for pk in group) <= 1 + 1e-9

    def test_it_has_a_price(self, run: RankingRun) -> None:
        group = (pk_of("Left"), pk_of("Right"))
        words_of_it = f"at most one of {reference(run, 'Left')}, {reference(run, 'Right')}"
        prices = {price.rule: price for price in rule_prices(case(run, apart=(group,)))}
        price = prices[f"without “{words_of_it}”"]
        assert "Right" in price.entering
        now = ways(run, apart=(group,)).best.returns
        assert price.gain == pytest.approx(returns(run, "Left", "Right") - now)

    def test_what_cannot_hold_with_it_is_named(self, run: RankingRun) -> None:
        group = (pk_of("Left"), pk_of("Right"), pk_of("Loss"))
        forced = tuple(Forced(pk, inside=True, why="legal") for pk in group[:2])
        torn = ways_of(run, lay_out(case(run, apart=(group,), forced=forced)))
        assert isinstance(torn, Torn)
        named = ", ".join(reference(run, title) for title in ("Left", "Right", "Loss"))
        assert f"at most one of {named}" in torn.rules

    def test_who_cannot_be_chosen_is_not_counted(self, run: RankingRun) -> None:
        group = (pk_of("Left"), pk_of("Right"))
        forced = (Forced(group[0], inside=False, why="legal"),)
        asked = case(run, apart=(group,), forced=forced)
        assert "Right" in titles(asked, ways(run, apart=(group,), forced=forced).best.chosen)


class TestLeastValue:
    def test_who_has_less_is_out_and_told_why(self, run: RankingRun) -> None:
        values = {row.title: round(row.value or 0.0, 6) for row in run.results.all()}
        least = values["Left"]
        asked = case(run, least=least)
        below = {title for title, value in values.items() if value < least}
        assert "Loss" in below
        assert not below & set(titles(asked, ways(run, least=least).listed.chosen))
        layout = lay_out(asked)
        told = {layout.base.proposals[row]["title"]: why for row, why in layout.out.items()}
        assert told == dict.fromkeys(below, f"its value is below {least:g}")

    def test_what_is_forced_in_is_in_all_the_same(self, run: RankingRun) -> None:
        forced = (Forced(pk_of("Loss"), inside=True, why="legal"),)
        asked = case(run, least=100.0, forced=forced)
        assert titles(asked, ways(run, least=100.0, forced=forced).best.chosen) == ["Loss"]

    def test_it_has_a_price(self, run: RankingRun) -> None:
        prices = {price.rule: price for price in rule_prices(case(run, least=100.0))}
        assert prices["no least value"].gain == pytest.approx(returns(run, "Left", "Right"))


def test_what_is_forced_in_without_a_cost_is_out_all_the_same(company: Company) -> None:
    company.scored("Priced")
    company.scored("Unpriced", money=[])
    run = company.rank()
    forced = (Forced(pk_of("Unpriced"), inside=True, why="legal"),)
    layout = lay_out(case(run, forced=forced))
    assert list(layout.out.values()) == ["no cost is stated"]
    assert layout.fixed == {}


def test_down_the_list_may_end_at_the_first_that_does_not_fit(run: RankingRun) -> None:
    going_on, ending = case(run), case(run, stops=True)
    assert titles(going_on, ways(run).listed.chosen) == ["Loss", "Top"]
    assert titles(ending, ways(run, stops=True).listed.chosen) == ["Top"]
    assert ways(run).best.returns == ways(run, stops=True).best.returns


class TestPage:
    def test_rules_are_kept_in_the_address_and_shown(
        self, company: Company, run: RankingRun
    ) -> None:
        left, right = reference(run, "Left"), reference(run, "Right")
        asked = {"apart": ["", f" {left.lower()}; {right}"], "least": "1.5", "stops": "on"}
        page = signed_in(company.leader).get(PAGE, asked | {"way": "list"})
        assert page.status_code == 200
        address = page.context["address"]
        assert address == f"way=list&stops=on&least=1.5&apart={left}%2C+{right}"
        again = signed_in(company.leader).get(f"{PAGE}?{address}")
        assert again.context["address"] == address
        html = again.content.decode()
        assert f'value="{left}, {right}"' in html
        assert 'name="stops" checked' in html
        assert 'name="least" value="1.50"' in html
        costs = words(signed_in(company.leader).get(f"{PAGE}costs/?{address}"))
        assert f"without “at most one of {left}, {right}”" in costs

    def test_a_reference_of_another_list_may_hold_blanks(
        self, company: Company, run: RankingRun
    ) -> None:
        Proposal.objects.filter(title="Left").update(reference="Project 12 b")
        run = company.rank()
        right = reference(run, "Right")
        page = signed_in(company.leader).get(PAGE, {"apart": f"project 12 B ;{right},"})
        assert page.status_code == 200
        assert page.context["case"].question.apart == ((pk_of("Left"), pk_of("Right")),)

    @pytest.mark.parametrize(
        ("query", "problem"),
        [
            ("apart=P-99999", "At most one of: “P-99999” is not in this run."),
            ("apart={left}", "At most one of: Name two or more, such as P-3, P-7."),
            ("apart={left},{left}", "At most one of: Name two or more"),
            ("least=101", "Least value: A value is from 0 to 100."),
            ("least=-1", "Least value: A value is from 0 to 100."),
            ("least=some", "Least value: “some” is not an amount."),
        ],
    )
    def test_bad_input_is_named_and_kept(
        self, company: Company, run: RankingRun, query: str, problem: str
    ) -> None:
        asked = query.format(left=reference(run, "Left"))
        page = signed_in(company.leader).get(f"{PAGE}?{asked}")
        assert page.status_code == 422
        assert problem in words(page)
        name, _, typed = asked.partition("=")
        assert f'name="{name}"' in page.content.decode()
        assert f'value="{typed}"' in page.content.decode()
