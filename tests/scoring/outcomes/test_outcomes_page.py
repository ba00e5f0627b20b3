"""The page of outcomes, and lists of reports in and out."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Cycle, Proposal
from scoring.models import Report
from tests.company import Company
from tests.pages import signed_in, summary, words
from tests.scoring.outcomes.greenlit import greenlit, reported

TODAY = timezone.localdate().isoformat()
PAGE = "/outcomes/import/"


@pytest.fixture
def proposal(company: Company) -> Proposal:
    made = company.scored("Stop the double offer")
    greenlit(company, made)
    return Proposal.objects.get(pk=made.pk)


def file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("reports.csv", "\n".join(lines).encode())


def test_nothing_greenlit_leads_on(company: Company) -> None:
    page = signed_in(company.cx).get("/outcomes/")
    assert "Nothing is greenlit yet." in words(page)
    assert 'href="/backlog/"' in page.content.decode()


def test_the_page_says_how_things_stand(company: Company, proposal: Proposal) -> None:
    page = words(signed_in(company.cx).get("/outcomes/"))
    assert "1 greenlit · 1 not reported yet" in page.replace("greenlit 1", "greenlit · 1")
    reported(proposal, state="done", spent=120, brought=90)
    page = words(signed_in(company.cx).get("/outcomes/"))
    assert "120 k EUR more than expected" in page
    assert "90.0 k EUR less than expected" in page


def test_queries_at_one_and_three(company: Company) -> None:
    counts = []
    made: list[Proposal] = []
    Cycle.objects.update(budget=0)  # every one is decided outside the ranking
    person = signed_in(company.cx)
    person.get("/outcomes/")
    run = None
    for number in (1, 3):
        new = [company.scored(f"P{place}") for place in range(len(made), number)]
        made += new
        run = greenlit(company, *made)
        for proposal in new:
            reported(proposal, state="done", spent=100, brought=50)
        for address in ("/outcomes/", "/api/v1/outcomes/"):
            with CaptureQueriesContext(connection) as found:
                person.get(address)
            counts.append(len(found))
    assert run is not None
    assert counts[:2] == counts[2:]


def test_the_file_goes_out_and_comes_back(company: Company, proposal: Proposal) -> None:
    other = company.scored("=Not reported")
    greenlit(company, other)
    reported(proposal, state="done", spent=120.5, brought=-90, note="-Fine")
    answer = signed_in(company.cx).get("/outcomes/outcomes.csv")
    rows = {row["proposal"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
    assert rows[proposal.reference]["spent"] == "120500.00"
    assert rows[proposal.reference]["brought"] == "-90000.00"  # a number, not a text
    assert rows[proposal.reference]["note"] == "'-Fine"
    assert rows[other.reference]["state"] == ""
    assert rows[other.reference]["title"] == "'=Not reported"
    again = SimpleUploadedFile("outcomes.csv", answer.content)
    page = signed_in(company.curator).post(PAGE, {"file": again}, follow=True)
    assert "Kept: 1 report." in words(page)
    assert Report.objects.count() == 1  # the same is kept once


def test_a_list_is_checked_then_kept(company: Company, proposal: Proposal) -> None:
    lines = [
        "proposal,as_of,state,spent,brought,finish,note",
        f'{proposal.reference.lower()},{TODAY},Done,"1,200.50",,{TODAY},All out',
    ]
    person = signed_in(company.marketing)
    page = person.post(PAGE, {"file": file(*lines), "check": "1"})
    assert "The list is fine" in words(page)
    assert not Report.objects.exists()
    person.post(PAGE, {"file": file(*lines)})
    kept = Report.objects.get()
    assert (kept.state, str(kept.spent), kept.brought) == ("done", "1200.50", None)


def test_every_wrong_cell_is_named_and_nothing_is_kept(
    company: Company, proposal: Proposal
) -> None:
    theirs = company.scored("Theirs", marketing=company.other_marketing, cx=company.other_cx)
    greenlit(company, theirs)
    page = signed_in(company.marketing).post(
        PAGE,
        {
            "file": file(
                "proposal,as_of,state,spent",
                f"{proposal.reference},{TODAY},under way,5",
                f"P-0,{TODAY},done,5",
                f"{proposal.reference},yesterday,done,5",
                f"{proposal.reference},{TODAY},finished,5",
                f"{proposal.reference},{TODAY},delayed,much",
                f"{theirs.reference},{TODAY},delayed,5",
            )
        },
    )
    assert page.status_code == 422
    found = summary(page)
    assert [line.split(":")[0] for line in found] == [
        "row 3, proposal",
        "row 4, as_of",
        "row 5, state",
        "row 6, spent",
        "row 7, proposal",
    ]
    assert "Its owners and Finance" in found[-1]
    assert not Report.objects.exists()
