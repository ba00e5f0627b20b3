"""What is in is kept: a change is a further entry, and the first ones stay."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict, StaleVersion
from projects.immutability import unsealed
from projects.models import Proposal, Signature, User
from scoring.models import Score, Scorecard
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.scorecards.selectors.cards import (
    own_scorecard,
    pending_for,
    queue_progress,
    submitted_count,
    visible_to,
)
from scoring.scorecards.services import recuse, save_scorecard
from tests.company import Company


def change(company: Company, card: Scorecard, pain: int, fit: int, why: str = "New") -> Scorecard:
    return save_scorecard(
        actor=card.panelist,
        proposal=card.proposal,
        answers=company.answers(pain, fit),
        change_reason=why,
        submit=True,
        expected_version=card.version,
    )


def test_a_change_is_a_further_entry_with_its_reason(company: Company) -> None:
    proposal = company.submitted()
    first = company.score(proposal, company.panelist, 50, 25)
    with pytest.raises(ValidationError) as caught:
        change(company, first, 100, 25, why="  ")
    assert caught.value.message_dict == {"change_reason": ["Say why you change your judgement."]}
    second = change(company, first, 100, 25, why="The survey is in.")
    columns = ("scorecard__entry", "scorecard__change_reason", "level__value")
    assert sorted(Score.objects.values_list(*columns)) == [
        (1, "", 25),
        (1, "", 50),
        (2, "The survey is in.", 25),
        (2, "The survey is in.", 100),
    ]
    assert second.version == first.version + 1
    assert own_scorecard(company.panelist, proposal, company.version) == second
    with pytest.raises(StaleVersion):
        change(company, first, 0, 0)
    assert submitted_count(proposal) == 1
    progress = queue_progress(company.panelist, company.version)
    assert (progress.done, progress.total) == (1, 1)


def test_what_is_in_is_refused_a_change_by_the_database(company: Company) -> None:
    card = company.score(company.submitted(), company.panelist, 50, 25)
    level = company.answers(100, 100)
    for write in (
        lambda: Scorecard.objects.update(comment="Better so."),
        lambda: Score.objects.update(abstention_reason="x"),
        lambda: Score.objects.create(scorecard=card, criterion_id=next(iter(level))),
    ):
        with pytest.raises(DatabaseError, match=r"sealed|UNIQUE"), transaction.atomic():
            write()


@pytest.mark.parametrize("tie", ["owner", "team", "signed"])
def test_the_database_refuses_a_score_of_ones_own(company: Company, tie: str) -> None:
    proposal = company.submitted()
    if tie == "owner":
        Proposal.objects.update(cx_owner=company.panelist)
    elif tie == "team":
        User.objects.filter(pk=company.panelist.pk).update(team=company.cx.team)
    else:
        with unsealed():
            Signature.objects.filter(signer=company.cx).update(signer=company.panelist)
    criterion, answer = next(iter(company.answers(50, 25).items()))
    made = {
        "proposal": proposal,
        "revision": proposal.revisions.get(),
        "framework_version": company.version,
    }
    for judge, refused in ((company.panelist, True), (company.curator, False)):
        card = Scorecard.objects.create(panelist=judge, **made)
        score = Score(scorecard=card, criterion_id=criterion, level_id=answer.level)
        if refused:
            with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
                score.save()
        else:
            score.save()


def test_the_latest_entry_counts_and_the_first_ones_say_how_sure_the_panel_is(
    company: Company,
) -> None:
    """Who moves towards the others after reading them adds no certainty."""
    cards = []
    for number in range(12):
        proposal = company.submitted(f"P{number}")
        company.score(proposal, company.curator, 100, 100)
        cards.append(company.score(proposal, company.panelist, 0, 0))
    before = load_snapshot(company.rank())
    for card in cards:
        change(company, card, 100, 100, why="I see it as the chair does.")
    run = company.rank()
    after = load_snapshot(run)
    assert before["first_scores"] == []
    assert {score[3] for score in after["scores"]} == {"100.000"}
    rater = company.panelist.pk
    assert after["first_scores"] == sorted(
        [item["id"], key, rater, "0.000"]
        for item in after["proposals"]
        for key in ("pain", "strategic-fit")
    )
    latest = {card.pk for card in Scorecard.objects.filter(entry=2)}
    assert {pk for item in after["proposals"] for pk in item["scorecards"]} == latest | set(
        Scorecard.objects.filter(panelist=company.curator).values_list("pk", flat=True)
    )
    spreads = {row["key"]: row["spread"] for row in run.facts["criteria"]}
    # Two blind judgements 100 apart: a standard deviation of 100 / sqrt(2).
    assert spreads["pain"] == pytest.approx(70.710678, abs=1e-6)


def test_who_is_recused_is_counted_no_more_and_all_is_kept(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.curator, 100, 100)
    card = company.score(proposal, company.panelist, 50, 25)
    with pytest.raises(ValidationError):
        recuse(actor=company.panelist, proposal=proposal, reason=" ", expected_version=card.version)
    recused = recuse(
        actor=company.panelist,
        proposal=proposal,
        reason="Former team",
        expected_version=card.version,
    )
    assert Score.objects.filter(scorecard=card).count() == 2
    assert submitted_count(proposal) == 1
    assert list(pending_for(company.panelist, company.version)) == []
    assert list(visible_to(company.panelist)) == [recused], "nor does the person see the others'"
    assert [seen.panelist for seen in visible_to(company.curator)] == [company.curator]
    scores = load_snapshot(company.rank())["scores"]
    assert {score[2] for score in scores} == {company.curator.pk}
    with pytest.raises(Conflict, match="You recused yourself"):
        change(company, recused, 100, 100)
