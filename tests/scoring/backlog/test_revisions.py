"""Two texts of a proposal: what went, what came, and who may read which of them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Proposal
from projects.proposals.selectors import readable_revisions
from projects.proposals.services import Change, recall_proposal, submit_proposal, update_proposal
from projects.proposals.wording import changed_words
from tests.company import Company
from tests.pages import signed_in, text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", []),
        ("Same.", "Same.", [("same", "Same.")]),
        ("", "All new", [("new", "All new")]),
        ("All gone", "", [("gone", "All gone")]),
        (
            "Stop 3,000 letters, now.",
            "Stop 4,000 letters now.",
            [
                ("same", "Stop "),
                ("gone", "3,000"),
                ("new", "4,000"),
                ("same", " letters"),
                ("gone", ","),
                ("same", " now."),
            ],
        ),
    ],
)
def test_words_that_went_and_came(before: str, after: str, said: list[tuple[str, str]]) -> None:
    parts = changed_words(before, after)
    assert [tuple(part) for part in parts] == said
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after


def changed(company: Company, proposal: Proposal, **fields: object) -> None:
    """The text says something else; Marketing alone signs it."""
    proposal.refresh_from_db()
    update_proposal(
        actor=company.marketing,
        proposal=proposal,
        change=Change(fields=fields),
        expected_version=proposal.version,
    )
    company.sign(proposal, company.marketing)


@pytest.fixture
def twice(company: Company) -> Proposal:
    """Submitted, taken back, changed and signed by one owner."""
    proposal = company.submitted("Stop the double offer", problem="Three letters\na year.")
    proposal.refresh_from_db()
    recall_proposal(actor=company.marketing, proposal=proposal, expected_version=proposal.version)
    changed(company, proposal, problem="Four letters\na <b>year</b>.", horizon_months=24)
    return proposal


def submitted_again(company: Company, proposal: Proposal) -> None:
    proposal.refresh_from_db()
    submit_proposal(actor=company.marketing, proposal=proposal, expected_version=proposal.version)


def test_the_page_marks_words_and_tells_numbers(company: Company, twice: Proposal) -> None:
    answer = signed_in(company.cx).get(f"/proposals/{twice.pk}/revisions/")
    page = text(answer)
    assert "<del>Three</del><ins>Four</ins> letters a " in page
    assert b"<ins>&lt;b&gt;</ins>year" in answer.content
    assert re.search(r"Horizon</th> <td> 36 months </td> <td> 24 months", page)
    assert "Customer job" not in page  # it says the same
    assert "What changed from one to the next" in text(
        signed_in(company.cx).get(f"/proposals/{twice.pk}/")
    )
    back = text(signed_in(company.cx).get(f"/proposals/{twice.pk}/revisions/?from=2&to=1"))
    assert "<del>Four</del><ins>Three</ins>" in back
    same = text(signed_in(company.cx).get(f"/proposals/{twice.pk}/revisions/?from=2&to=2"))
    assert "Both texts say the same." in same


def test_a_text_that_one_owner_signed_is_not_for_everybody(
    company: Company, twice: Proposal
) -> None:
    company.sign(twice, company.cx)
    submitted_again(company, twice)
    twice.refresh_from_db()
    recall_proposal(actor=company.cx, proposal=twice, expected_version=twice.version)
    changed(company, twice, problem="A secret of the owners.")
    changed(company, twice, problem="Five letters a year.")
    company.sign(twice, company.cx)
    submitted_again(company, twice)

    def numbers(user: object) -> list[int]:
        return [row.number for row in readable_revisions(user, twice)]  # type: ignore[arg-type]

    assert numbers(company.marketing) == numbers(company.admin) == [1, 2, 3, 4]
    assert numbers(company.leader) == numbers(company.panelist) == [1, 2, 4]
    path = f"/proposals/{twice.pk}/revisions/"
    for query in ("", "?from=3&to=4", "?from=1&to=3"):
        page = text(signed_in(company.leader).get(path + query))
        assert "secret" not in page
        assert "Revision 3" not in page
    assert "secret" in text(signed_in(company.cx).get(f"{path}?from=3&to=4"))


def test_a_text_signed_twice_is_one_text(company: Company, twice: Proposal) -> None:
    changed(company, twice, problem="Three letters\na year.", horizon_months=36)
    company.sign(twice, company.cx)  # the first text again
    submitted_again(company, twice)
    assert [row.number for row in readable_revisions(company.leader, twice)] == [1]


def test_one_text_is_nothing_to_compare(company: Company) -> None:
    proposal = company.submitted()
    page = text(signed_in(company.leader).get(f"/proposals/{proposal.pk}/revisions/"))
    assert "There are no two signed texts to compare yet." in page


def test_queries_do_not_grow_with_the_texts(company: Company, twice: Proposal) -> None:
    client, path = signed_in(company.marketing), f"/proposals/{twice.pk}/revisions/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    few = queries()
    for number in range(3):
        changed(company, twice, problem=f"Text {number}.")
    assert queries() == few


def test_a_judge_is_led_to_what_changed_since(company: Company) -> None:
    proposal = company.submitted(problem="Three letters a year.")
    path, client = f"/admin/score/{proposal.pk}/", signed_in(company.panelist)
    company.score(proposal, company.panelist, 50, 25)
    assert "since you judged it" not in text(client.get(path))
    proposal.refresh_from_db()
    recall_proposal(actor=company.marketing, proposal=proposal, expected_version=proposal.version)
    changed(company, proposal, problem="Four letters a year.")
    company.sign(proposal, company.cx)
    submitted_again(company, proposal)
    page = text(client.get(path))
    link = f"/proposals/{proposal.pk}/revisions/?from=1&to=2"
    assert f'{link}">what changed since you judged it' in page.replace("&amp;", "&")
    assert "<del>Three</del><ins>Four</ins>" in text(client.get(link))
    # Another one, who has not judged the text of before, is led nowhere.
    assert "since you judged it" not in text(signed_in(company.curator).get(path))
