"""Greenlit work in the tracker of a team, and the way back."""

import csv
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from projects.models import Proposal
from scoring.outcomes.selectors import not_in_tracker
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in
from tests.scoring.outcomes.greenlit import greenlit, reported

ISSUE = "https://tracker.example/browse/CX-12"


@pytest.fixture
def proposal(company: Company) -> Proposal:
    made, *others = [company.scored(title) for title in ("One", "=Two", "Three", "Four")]
    greenlit(company, made, *others[:2])
    reported(others[1], state="stopped")
    return Proposal.objects.get(pk=made.pk)


def listed(company: Company, kind: str) -> list[list[str]]:
    page = signed_in(company.cx).get(f"/outcomes/for-{kind}.csv")
    assert page["Content-Disposition"] == f'attachment; filename="greenlit-for-{kind}.csv"'
    return list(csv.reader(StringIO(page.content.decode())))


def test_new_work_has_the_columns_that_a_tracker_knows(
    company: Company, proposal: Proposal
) -> None:
    head, one, two = listed(company, "jira")
    assert head == ["Summary", "Issue Type", "Description", "Labels", "External Issue ID"]
    assert (one[0], one[1], one[4]) == ("One", "Task", proposal.reference)
    assert one[2].startswith(proposal.problem)
    assert f"Marketing ({company.marketing}): {proposal.marketing_part}" in one[2]
    assert one[2].endswith(f"/proposals/{proposal.pk}/")
    assert two[0] == "'=Two"  # no spreadsheet runs it
    head, one, _ = listed(company, "asana")
    assert head == ["Name", "Notes", "Section/Column", "Tags"]
    assert one[0] == f"{proposal.reference} One"
    assert signed_in(company.cx).get("/outcomes/for-paper.csv").status_code == 404


def test_a_link_that_came_back_stands_on_the_page_and_ends_the_asking(
    company: Company, proposal: Proposal
) -> None:
    api = Api(company.marketing)
    said = {
        "proposal": proposal.pk,
        "as_of": str(timezone.localdate()),
        "state": "under_way",
        "link": ISSUE,
    }
    made = api.send("POST", "/reports/", said)
    assert made.json()["link"] == ISSUE
    assert [standing.proposal.title for standing in not_in_tracker()] == ["=Two"]
    reported(proposal, spent=5)  # says nothing of it: the one before stands
    page = signed_in(company.cx).get(f"/proposals/{proposal.pk}/progress/part/")
    assert f'href="{ISSUE}"' in page.content.decode()
    form = signed_in(company.marketing).get(f"/proposals/{proposal.pk}/progress/")
    assert f'value="{ISSUE}"' in form.content.decode()
    reported(proposal, link=f"{ISSUE}0")
    page = signed_in(company.cx).get(f"/proposals/{proposal.pk}/progress/part/")
    assert f'href="{ISSUE}0"' in page.content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "tracker", "ftp://tracker.example/1"])
def test_what_is_no_address_is_refused(company: Company, proposal: Proposal, link: str) -> None:
    with pytest.raises(ValidationError) as refused:
        reported(proposal, link=link)
    assert set(refused.value.message_dict) == {"link"}
    form = {"state": "under_way", "as_of": str(timezone.localdate()), "link": link}
    page = signed_in(company.marketing).post(f"/proposals/{proposal.pk}/progress/", form)
    assert page.status_code == 422
    assert f'value="{link}"' in page.content.decode()
