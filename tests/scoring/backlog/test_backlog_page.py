"""The backlog page: global ranks under any filter, few queries, words before numbers."""

import re
from functools import partial
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Proposal
from scoring.backlog.selectors.backlog import changes_between
from scoring.decisions.services import decide
from scoring.models import Decision
from scoring.scorecards.services import save_scorecard
from tests.company import Company
from tests.kept import kept
from tests.pages import markup, signed_in, text


def page(company: Company, query: str = "") -> str:
    response = signed_in(company.leader).get(f"/backlog/{query}")
    assert response.status_code == 200
    return markup(response)


def titles(html: str, *names: str) -> list[str]:
    """The names in the order in which they stand in the page."""
    places = {name: html.find(f">{name}</a>") for name in names}
    return [name for name, place in sorted(places.items(), key=lambda item: item[1]) if place >= 0]


@pytest.fixture
def three(company: Company) -> Company:
    return kept("three in the backlog", partial(make_three, company))


def make_three(company: Company) -> Company:
    company.scored("Alpha", fit=100, money=company.money(cost=200_000, benefit=200_000))
    company.scored("Beta", fit=25, marketing=company.other_marketing)
    company.scored("Gamma", fit=0, money=company.money(cost=10_000, benefit=5_000))
    company.rank()
    return company


def test_the_list_is_in_ranked_order_with_its_cut_line(three: Company) -> None:
    html = page(three)
    assert titles(html, "Alpha", "Beta", "Gamma") == ["Alpha", "Beta", "Gamma"]
    assert html.index("Alpha</a>") < html.index("Cut line: 250") < html.index("Beta</a>")


def test_a_filter_never_renumbers(three: Company) -> None:
    html = page(three, "?q=beta")
    assert titles(html, "Alpha", "Beta", "Gamma") == ["Beta"]
    assert re.search(r'<td class="rank">\s*2\s*</td>', html)
    assert "1 of 3 shown. Ranks are those of the whole backlog." in html


def test_sorting_keeps_the_rank(three: Company) -> None:
    html = page(three, "?sort=-cost")
    assert titles(html, "Alpha", "Beta", "Gamma") == ["Alpha", "Beta", "Gamma"]
    assert titles(page(three, "?sort=cost"), "Alpha", "Beta", "Gamma")[0] == "Gamma"
    assert "Cut line: " not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?team=Brand", ["Beta"]),
        ("?status=submitted", ["Alpha", "Beta", "Gamma"]),
        ("?status=greenlit", []),
        ("?certainty=out", ["Beta"]),
        ("?line=inside", ["Alpha", "Gamma"]),
        ("?line=outside", ["Beta"]),
        ("?stage=Use", ["Alpha", "Beta", "Gamma"]),
        ("?stage=Use&segment=Families", ["Alpha", "Beta", "Gamma"]),
        ("?q=nothing", []),
    ],
)
def test_filters_pick_exactly(three: Company, query: str, expected: list[str]) -> None:
    assert titles(page(three, query), "Alpha", "Beta", "Gamma") == expected


def test_the_line_says_what_would_bring_in_the_next_and_who_would_go(three: Company) -> None:
    """250 k EUR: 200 k for Alpha leave 50 k, half of what Beta costs; Gamma still fits."""
    assert "next 50.0 k EUR would bring in 2 instead of 3" in page(three)


def test_what_is_free_and_what_is_overdrawn(three: Company) -> None:
    assert "0 EUR expected cost, 250 k EUR of the budget free" in page(three)
    Proposal.objects.update(status=Proposal.Status.GREENLIT)
    assert "310 k EUR expected cost, 60.0 k EUR over the budget" in page(three)


def test_an_incomplete_proposal_is_listed_apart_and_says_why(company: Company) -> None:
    company.scored("Complete")
    company.scored("No money", money=[])
    company.rank()
    html = page(company)
    assert titles(html, "Complete", "No money") == ["Complete", "No money"]
    assert "Expected ROI: no ROI, because cost or benefit is not stated" in html
    assert "Cost: not stated, so it cannot be placed in the budget" in html


def test_the_page_of_sums_begins_with_the_answer(company: Company) -> None:
    first = company.scored("First", fit=100)
    unscored = company.submitted("Unscored")
    unpriced = company.scored("No money", money=[])
    company.rank()
    client = signed_in(company.leader)
    said = {
        name: markup(client.get(f"/backlog/{pk}/"))
        for name, pk in (("first", first.pk), ("unscored", unscored.pk), ("unpriced", unpriced.pk))
    }
    assert "comes from “Expected ROI” (31.2 points) and “Strategic fit” (30.0" in said["first"]
    assert "It loses most on “Expected ROI”: 8.8 of 40.0 points." in said["first"]
    asks = "of the weight, and the framework asks for 80\u202f%."
    assert asks in said["unscored"]
    assert asks in said["unpriced"]


@pytest.mark.parametrize("who", ["leader", "marketing", "panelist"])
def test_queries_do_not_grow_with_the_list(company: Company, who: str) -> None:
    """A list drawn for the first time in this process takes more queries than the next time: the
    lines, the segments, and who stands at the line where there is one."""
    client, counts = signed_in(getattr(company, who)), []
    for number in range(3):
        company.scored(f"Number {number}")
        if number != 1:
            company.rank()
            caches["lines"].clear()
            for _ in range(2):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get("/backlog/").status_code == 200
                counts.append(len(queries))
    # Session and person are two of them; for a panelist, whether newer runs are closed is one more.
    more = who == "panelist"
    assert counts == [9 + more, 7 + more, 10 + more, 7 + more]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/proposals/",
        "/runs/",
        "/notifications/",
        "/admin/",
        "/api/v1/proposals/",
        "/api/v1/backlog/",
        "/api/v1/runs/",
        "/api/v1/scorecards/",
    ],
)
@pytest.mark.parametrize("who", ["leader", "panelist"])
def test_no_list_asks_once_for_each_row(company: Company, address: str, who: str) -> None:
    """A panelist has judged all that is ranked; what is open came after it."""
    client, counts = signed_in(getattr(company, who)), []
    for number in range(3):
        company.scored(f"Number {number}")
        company.draft(f"Draft {number}")
        if number != 1:
            for late in Proposal.objects.filter(title__startswith="Open"):
                company.score(late, company.panelist, 50, 25)
            company.rank()
            company.submitted(f"Open {number}")
            company.submitted(f"Open, too {number}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == (
                    302 if (address, who) == ("/admin/", "leader") else 200
                )
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_move_is_shown_and_adds_up(company: Company) -> None:
    """Late scores lift the second over the first; the parts of the change sum to it."""
    first = company.scored("Was first", pain=50, fit=100)
    second = company.submitted("Was second")
    company.score(second, company.curator, 50, 25)
    before = company.rank()
    company.score(second, company.panelist, 100, 100)
    card = first.scorecards.get(panelist=company.panelist)
    save_scorecard(
        actor=company.panelist,
        proposal=first,
        answers=company.answers(0, 0),
        change_reason="Seen the figures.",
        submit=True,
        expected_version=card.version,
    )
    after = company.rank()
    html = page(company)
    assert "up 1, why" in html
    assert "down 1, why" in html
    then, now = before.results.get(proposal=second), after.results.get(proposal=second)
    changes = changes_between(then, now)
    assert [(row.name, round(row.by, 6)) for row in changes if abs(row.by) > 0.01] == [
        ("Pain relieved", 3.75),
        ("Strategic fit", 11.25),
    ]
    total = sum(row.by for row in changes)
    assert total == pytest.approx((now.value or 0) - (then.value or 0), abs=1e-9)
    why = markup(signed_in(company.leader).get(f"/backlog/{second.pk}/"))
    assert f"Since run {before.pk}" in why
    assert "rank 2 then, 1 now" in why


def test_every_number_opens_its_sum(three: Company) -> None:
    client = signed_in(three.marketing)
    run = three.rank()
    first = run.results.order_by("position").first()
    assert first is not None
    html = markup(client.get(f"/backlog/{first.proposal_id}/"))
    for words in ("Strategic fit", "2 scores", "200,000", "10,000", "0.6", "value = Σ"):
        assert words in html


def test_what_is_drawn_is_kept_for_everybody_and_follows_what_is_not_sealed(
    company: Company,
) -> None:
    """A decision shows at once; a line that was drawn before is not read again."""
    first = company.scored("First", fit=100)
    company.scored("Other", fit=25)
    run = company.rank()
    assert "Greenlit</span>" not in page(company)
    decide(
        actor=company.leader,
        proposal=first,
        run=run,
        outcome=Decision.Outcome.GREENLIGHT,
        reason="The best there is.",
        creation_key=uuid4(),
    )
    html = page(company)
    assert html.count('class="state greenlit">Greenlit</span>') == 1
    assert re.search(r"<dt>Greenlit so far</dt>\s*<dd>1</dd>", html)
    with CaptureQueriesContext(connection) as queries:
        assert 'class="state greenlit"' in page(company)
    assert not [query for query in queries if "contributions" in query["sql"]]


def test_the_currency_of_a_line_is_that_of_its_run(company: Company) -> None:
    """Two runs with the very same results may differ in the currency alone."""
    company.scored("Alpha")
    before = company.rank()
    assert "EUR</td>" in page(company)
    company.cycle.currency = "USD"
    company.cycle.save(update_fields=["currency"])
    after = company.rank()
    assert after.result_digest == before.result_digest
    html = page(company)
    assert "USD</td>" in html
    assert "EUR" not in html


def test_a_line_above_a_proposal_without_a_stated_cost_names_no_price(company: Company) -> None:
    company.amend(coverage_limit="0.5")
    company.scored("Priceless", money=[])
    result = company.rank().results.get()
    assert (result.line, result.cost) == ("outside", None)
    for address in ("/backlog/", "/backlog/what-if/"):
        html = text(signed_in(company.leader).get(address))
        assert "Cut line: 250 k EUR" in html
        assert "would bring in" not in html
