"""The page that compares two runs: which two, what it says, who sees what."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import Cycle
from projects.proposals.services import recall_proposal
from scoring.backlog.views import comparison
from scoring.ranking.selectors import snapshot
from tests.company import Company
from tests.pages import come_in, markup


def signed_in(company: Company, who: str = "leader") -> Client:
    client = Client()
    come_in(client, getattr(company, who))
    return client


def page(company: Company, query: str = "", who: str = "leader") -> str:
    response = signed_in(company, who).get(f"/runs/compare/{query}")
    assert response.status_code == 200
    return markup(response)


def test_with_less_than_two_runs_there_is_nothing_to_compare(company: Company) -> None:
    for _ in range(2):
        assert "Two finished runs are needed to compare." in page(company)
        assert signed_in(company).get("/runs/compare.svg").status_code == 404
        assert "Compare</button>" not in signed_in(company).get("/runs/").content.decode()
        if not company.cycle.runs.exists():
            company.rank()


def test_the_same_inputs_say_that_nothing_changed(company: Company) -> None:
    company.scored("Alpha")
    company.rank()
    company.rank()
    html = page(company)
    assert "Nothing changed. 1 kept its rank." in html
    assert "Nothing changed: both runs read the same inputs under the same rules." in html


def test_the_default_is_the_backlog_and_the_run_before(company: Company) -> None:
    runs = [company.rank() for _ in range(3)]
    assert f"Run {runs[1].pk} and run {runs[2].pk}" in page(company)
    html = signed_in(company).get("/runs/").content.decode()
    assert f'<option value="{runs[1].pk}" selected>' in html
    assert f'<option value="{runs[2].pk}" selected>' in html


def test_any_two_in_any_order(company: Company) -> None:
    first, second, third = (company.rank() for _ in range(3))
    assert f"Run {first.pk} and run {third.pk}" in page(company, f"?a={third.pk}&b={first.pk}")
    assert f"Run {first.pk} and run {third.pk}" in page(company, f"?a={first.pk}")
    assert f"Run {second.pk} and run {third.pk}" in page(company, f"?b={third.pk}")
    assert "This is one and the same run." in page(company, f"?a={first.pk}&b={first.pk}")


@pytest.mark.parametrize("number", ["0", "999999", "-1", "x", "1.5", "\u0661", "9" * 40])
def test_a_run_that_is_not_there_is_not_found(company: Company, number: str) -> None:
    company.rank()
    client = signed_in(company)
    for address in ("/runs/compare/", "/runs/compare.svg"):
        assert client.get(address, {"a": number}).status_code == 404


def test_what_changed_and_who_moved(company: Company) -> None:
    first = company.scored("Stays", fit=100)
    gone = company.scored("Goes", fit=25)
    before = company.rank()
    recall_proposal(actor=gone.marketing_owner, proposal=gone, expected_version=gone.version)
    company.scored("Comes", pain=100, fit=100)
    Cycle.objects.filter(pk=company.cycle.pk).update(budget=Decimal(300_000))
    company.rank()
    html = page(company)
    assert "1 moved down, 1 came in, 1 left the ranking." in html
    assert "<td> 250,000 EUR </td> <td> 300,000 EUR </td>" in html
    assert "withdrawn or declined" in html
    # Two panelists scored the one that came, and the one that left.
    row = '<td class="num">2</td> <td class="num">0</td> <td class="num">2</td>'
    assert html.count(row) == 2
    assert html.count(f'href="/backlog/{first.pk}/"') == 1
    assert f'href="/backlog/{gone.pk}/"' not in html
    file = signed_in(company).get("/runs/compare.svg").content.decode()
    assert before.result_digest in file
    for title in ("Stays", "Goes", "Comes"):
        assert title in html
        assert title in file


def test_older_runs_have_no_links_to_sums_that_are_not_theirs(company: Company) -> None:
    gone = company.scored("Goes")
    runs = [company.rank(), company.rank()]
    recall_proposal(actor=gone.marketing_owner, proposal=gone, expected_version=gone.version)
    kept = company.scored("Kept")
    company.rank()
    html = page(company, f"?a={runs[0].pk}&b={runs[1].pk}")
    assert "Goes" in html
    assert f"/backlog/{gone.pk}/" not in html
    assert f"/backlog/{kept.pk}/" in page(company)


def test_another_cycle_can_be_compared(company: Company) -> None:
    company.scored("Old")
    company.rank()
    Cycle.objects.filter(pk=company.cycle.pk).update(is_current=False)
    company.cycle = Cycle.objects.create(
        name="Next year",
        intake_opens=company.cycle.intake_opens,
        intake_closes=company.cycle.intake_closes,
        budget=1,
        is_current=True,
    )
    company.scored("New")
    company.rank()
    html = page(company)
    assert "<td>This year</td><td>Next year</td>" in html
    assert "1 came in, 1 left the ranking." in html


@pytest.mark.parametrize("who", ["leader", "panelist"])
def test_queries_do_not_grow_with_the_list(company: Company, who: str) -> None:
    client, counts = signed_in(company, who), []
    company.rank()
    for number in range(3):
        company.scored(f"Number {number}")
        company.submitted(f"Open {number}")
        if number != 1:
            company.rank()
            snapshot.forget()
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/runs/compare/").status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_a_second_look_reads_only_the_lines_of_its_page(company: Company, monkeypatch) -> None:
    monkeypatch.setattr(comparison, "PAGE", 2)
    company.rank()
    for number in range(3):
        company.scored(f"Number {number}")
    company.rank()
    client = signed_in(company)
    client.get("/runs/compare/")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/runs/compare/?page=2").content.decode()
    assert "1–2 of 3" not in answer
    assert "3–3 of 3" in answer
    assert not [one for one in queries if "snapshot" in one["sql"]]
    reads = [one["sql"] for one in queries if 'FROM "scoring_rankedproposal"' in one["sql"]]
    assert len(reads) == 3  # the page in either run, and what has a page of sums
    assert all(" IN (" in sql for sql in reads)
