"""Who works on a proposal, in which quarter and for how many days."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from projects.models import Effort, Proposal, Team
from projects.proposals.selectors import content_of, digest_of, estimates_of, with_content
from projects.proposals.services import Change, Collision, copy_proposal, update_proposal
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, words

PATH = "/proposals/{}/edit/people/"


def work(team: str = "Data Platform", quarter: str = "2027-Q1", likely: int = 20) -> Effort:
    named = Team.objects.get(name=team)
    return Effort(team=named, quarter=quarter, low=likely // 2, likely=likely, high=likely * 2)


def written(company: Company, proposal: Proposal, *rows: Effort, version: int = 0) -> Proposal:
    return update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(efforts=rows),
        expected_version=version or Proposal.objects.get(pk=proposal.pk).version,
    )


def text_of(proposal: Proposal) -> dict[str, Any]:
    return content_of(with_content(Proposal.objects.filter(pk=proposal.pk)).get())


def said(likely: int = 20, quarter: str = "2027-Q1") -> dict[str, Any]:
    days = {"low": likely // 2, "likely": likely, "high": likely * 2}
    return {"team": "Data Platform", "quarter": quarter, **days}


def test_they_are_part_of_the_signed_text_and_of_what_a_run_reads(company: Company) -> None:
    proposal = company.draft()
    before = text_of(proposal)
    assert "efforts" not in before  # texts signed before they could be given stay signed
    assert "efforts" not in estimates_of(Proposal.objects.all())[proposal.pk]
    company.sign(proposal)
    written(company, proposal, work(), work(quarter="2027-Q2", likely=8))
    after = text_of(proposal)
    rows = [said(), said(8, "2027-Q2")]
    assert after == before | {"efforts": rows}
    assert digest_of(after) != digest_of(before)
    assert estimates_of(Proposal.objects.all())[proposal.pk]["efforts"] == rows
    assert not proposal.revisions.filter(signatures__voided_at=None).exists()


@pytest.mark.parametrize(
    ("rows", "path", "text"),
    [
        ([{"quarter": "2027"}], "efforts.0.quarter", "Write quarters as 2027-Q1."),
        ([{"quarter": "2027-Q5"}], "efforts.0.quarter", "Write quarters as 2027-Q1."),
        ([{"likely": 9}], "efforts.0.likely", "Likely must not be below low."),
        ([{"high": 19}], "efforts.0.high", "High must not be below likely."),
        ([{}, {"likely": 11}], "efforts.1.quarter", "This is already in the list."),
    ],
)
def test_what_is_wrong_names_row_and_field(
    company: Company, rows: list[dict[str, Any]], path: str, text: str
) -> None:
    proposal, given = company.draft(), []
    for row in rows:
        effort = work()
        for name, value in row.items():
            setattr(effort, name, value)
        given.append(effort)
    with pytest.raises(ValidationError) as caught:
        written(company, proposal, *given)
    assert caught.value.message_dict == {path: [text]}
    assert not Effort.objects.exists()


def test_two_who_write_at_once_keep_both_and_are_asked_about_the_same(company: Company) -> None:
    proposal = company.draft()
    read = proposal.version
    written(company, proposal, work(), version=read)
    newest = written(company, proposal, work(quarter="2027-Q2"), version=read).version
    assert [row["quarter"] for row in text_of(proposal)["efforts"]] == ["2027-Q1", "2027-Q2"]
    written(company, proposal, work(likely=30), work(quarter="2027-Q2"), version=newest)
    with pytest.raises(Collision) as caught:
        written(company, proposal, work(likely=40), work(quarter="2027-Q2"), version=newest)
    both = caught.value.fields["efforts: Data Platform, 2027-Q1"]
    assert (both.mine["likely"], both.theirs["likely"]) == (40, 30)


def test_a_copy_takes_them_along(company: Company) -> None:
    proposal = company.draft(efforts=[work()])
    made = copy_proposal(actor=company.marketing, proposal=proposal, creation_key=uuid4())
    assert text_of(made)["efforts"] == [said()]


def test_the_step_offers_three_years_saves_and_keeps_what_is_older(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = "projects.proposals.forms.rows.timezone.localdate"
    monkeypatch.setattr(clock, lambda: date(2026, 12, 31))
    proposal, client = company.draft(efforts=[work(quarter="2026-Q2")]), signed_in(company.cx)
    path = PATH.format(proposal.pk)
    page = words(client.get(path))
    assert "2026-Q2 2026-Q4 2027-Q1" in page
    assert "2029-Q3 " in page
    assert "2029-Q4" not in page
    sent = {
        "version": proposal.version,
        "efforts-TOTAL_FORMS": 3,
        "efforts-INITIAL_FORMS": 0,
        "efforts-0-team": Team.objects.get(name="Data Platform").pk,
        "efforts-0-quarter": "2026-Q2",
        "efforts-0-low": "1",
        "efforts-0-likely": "2",
        "efforts-0-high": "1",
        "efforts-1-quarter": "2027-Q1",
        "efforts-2-low": "5",
    }
    wrong = client.post(path, sent)
    assert wrong.status_code == 422
    assert 'value="5"' in wrong.content.decode()
    assert "This field is required." in words(wrong)
    right = sent | {"efforts-0-high": "1,200", "efforts-2-low": ""}
    done = client.post(path, right, follow=True)
    assert done.redirect_chain[-1][0] == f"/proposals/{proposal.pk}/edit/success/"
    row = Effort.objects.get()
    assert (row.quarter, row.low, row.likely, row.high) == ("2026-Q2", 1, 2, 1200)
    shown = " ".join(words(client.get(f"/proposals/{proposal.pk}/")).split())
    assert "Data Platform 2026-Q2 1 days 2 days 1,200 days" in shown


def test_the_interface_names_teams_by_name(company: Company) -> None:
    proposal, api = company.draft(), Api(company.marketing)
    path = f"/proposals/{proposal.pk}/"
    answer = api.send("PATCH", path, {"efforts": [said()]}, version=proposal.version)
    assert answer.json()["efforts"] == [said()]
    wrong = {"efforts": [said() | {"low": 21}]}
    refused = api.send("PATCH", path, wrong, version=answer.json()["version"])
    assert refused.json()["errors"] == {"efforts.0.likely": ["Likely must not be below low."]}


def test_revisions_tell_what_changed(company: Company) -> None:
    proposal = company.sign(company.draft(efforts=[work()]))
    company.sign(written(company, proposal, work(likely=30)))
    page = words(signed_in(company.cx).get(f"/proposals/{proposal.pk}/revisions/"))
    assert "Days: Data Platform, 2027-Q1 10 / 20 / 40 15 / 30 / 60" in " ".join(page.split())
