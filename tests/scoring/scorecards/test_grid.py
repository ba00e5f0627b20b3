"""Scoring side by side: each line is saved on its own, by the service of the single page."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Proposal
from scoring.models import Scorecard
from scoring.scorecards.services import Answer, save_scorecard
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/grid/"


def sent(company: Company, *lines: tuple[Proposal, int, int | None, int | None]) -> dict[str, Any]:
    """(proposal, version, pain, fit); None leaves a cell empty."""
    body: dict[str, Any] = {"proposal": [line[0].pk for line in lines]}
    for proposal, version, pain, fit in lines:
        body[f"version-{proposal.pk}"] = version
        keys = list(company.answers(0, 0))
        chosen = company.answers(pain or 0, fit or 0)
        for key, given in zip(keys, (pain, fit), strict=True):
            body[f"score-{proposal.pk}-{key}"] = "" if given is None else chosen[key].level
    return body


def scores(proposal: Proposal) -> dict[str, float | None]:
    card = Scorecard.objects.get(proposal=proposal)
    return {
        score.criterion.key: None if score.level is None else float(score.level.value)
        for score in card.scores.all()
    }


def test_changed_lines_are_saved_and_complete_ones_submitted(company: Company) -> None:
    alpha, beta, gamma = (company.submitted(name) for name in ("Alpha", "Beta", "Gamma"))
    client = signed_in(company.panelist)
    body = sent(company, (alpha, 0, 100, 25), (beta, 0, 50, None), (gamma, 0, None, None))
    page = text(client.post(PAGE, body | {"act": "save"}, follow=True))
    assert "Nobody sees it until you submit it." in page
    assert set(Scorecard.objects.values_list("proposal", "status")) == {
        (alpha.pk, "draft"),
        (beta.pk, "draft"),
    }
    assert scores(beta) == {"pain": 50}
    body = sent(company, (alpha, 1, 100, 25), (beta, 1, 50, None), (gamma, 0, None, None))
    page = text(client.post(PAGE, body | {"act": "submit"}, follow=True))
    assert "1 scorecard submitted." in page
    assert "Nobody sees" not in page  # Beta is as it was
    assert "Alpha" not in page
    assert Scorecard.objects.get(proposal=alpha).status == "submitted"
    assert Scorecard.objects.get(proposal=beta).version == 1


def test_a_stale_line_is_refused_alone_and_keeps_what_was_chosen(company: Company) -> None:
    alpha, beta = company.submitted("Alpha"), company.submitted("Beta")
    company.score(alpha, company.panelist, 0, 0, submit=False)
    client = signed_in(company.panelist)
    body = sent(company, (alpha, 0, 100, 25), (beta, 0, 100, 25))
    answer = client.post(PAGE, body | {"act": "submit"})
    assert answer.status_code == 422
    page = text(answer)
    assert "Alpha</a>: Your scorecard was changed" in page
    assert "1 scorecard submitted." in page
    chosen = company.answers(100, 25)
    for given in chosen.values():
        assert f'<option value="{given.level}" selected>' in page
    assert scores(alpha) == {"pain": 0, "strategic-fit": 0}
    wrong = client.post(PAGE, sent(company, (alpha, 1, 100, 25)) | {"proposal": "x", "act": "save"})
    assert wrong.status_code == 302
    assert scores(alpha) == {"pain": 0, "strategic-fit": 0}


def test_comment_and_abstention_of_the_single_page_stay(company: Company) -> None:
    alpha = company.submitted("Alpha")
    pain, _ = company.answers(0, 0)
    save_scorecard(
        actor=company.panelist,
        proposal=alpha,
        answers={pain: Answer(abstention_reason="Not my field.")},
        comment="Think of the letters.",
        submit=False,
        expected_version=0,
    )
    client = signed_in(company.panelist)
    assert '<option value="abstain" selected>abstained</option>' in text(client.get(PAGE))
    body = sent(company, (alpha, 1, 0, 25)) | {f"score-{alpha.pk}-{pain}": "abstain"}
    client.post(PAGE, body | {"act": "submit"})
    card = Scorecard.objects.get()
    assert (card.status, card.comment) == ("submitted", "Think of the letters.")
    assert card.scores.get(criterion=pain).abstention_reason == "Not my field."
    assert "Nothing is waiting for you." in text(client.get(PAGE))


def test_a_cell_that_was_not_sent_stays(company: Company) -> None:
    alpha = company.submitted("Alpha")
    company.score(alpha, company.panelist, 50, 25, submit=False)
    body = sent(company, (alpha, 1, 100, 25))
    body = {name: value for name, value in body.items() if not name.startswith("score-")}
    pain, answer = next(iter(company.answers(100, 25).items()))
    body[f"score-{alpha.pk}-{pain}"] = answer.level
    signed_in(company.panelist).post(PAGE, body | {"act": "save"})
    assert scores(alpha) == {"pain": 100, "strategic-fit": 25}


def test_what_is_not_the_persons_is_left_alone(company: Company) -> None:
    alpha = company.submitted("Alpha", marketing=company.other_marketing, cx=company.other_cx)
    company.panelist.team = company.other_cx.team
    company.panelist.save()
    client = signed_in(company.panelist)
    assert "Alpha" not in text(client.get(PAGE))
    client.post(PAGE, sent(company, (alpha, 0, 100, 25)) | {"act": "submit"})
    assert not Scorecard.objects.exists()
    assert signed_in(company.admin).get(PAGE).status_code == 403


@pytest.mark.parametrize("proposals", [1, 3])
def test_the_queries_stay_as_many(company: Company, proposals: int) -> None:
    for number in range(proposals):
        company.score(company.submitted(f"P{number}"), company.panelist, 50, 25, submit=False)
    client = signed_in(company.panelist)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as found:
        client.get(PAGE)
    assert len(found) <= 15
