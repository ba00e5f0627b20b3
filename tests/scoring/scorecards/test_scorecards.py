"""Scoring: blind, against anchored levels, never on one's own team's proposal."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.errors import Conflict, StaleVersion
from projects.models import Proposal, User
from projects.proposals.services import recall_proposal, submit_proposal
from scoring.models import Score, Scorecard, Seat
from scoring.ranking.selectors.runs import current_run, finished_runs, judgements_due
from scoring.scorecards.selectors.cards import (
    pending_for,
    queue_progress,
    unseen_proposal_ids,
    visible_to,
)
from scoring.scorecards.services import Answer, save_scorecard
from tests.company import Company
from tests.pages import signed_in, text


def test_a_scorecard_goes_from_draft_to_submitted_and_leaves_the_queue(company: Company) -> None:
    first, second = company.submitted("First"), company.submitted("Second")
    assert list(pending_for(company.panelist, company.version)) == [first, second]
    draft = company.score(first, company.panelist, 50, 25, submit=False)
    assert draft.status == "draft"
    assert first in pending_for(company.panelist, company.version)
    done = save_scorecard(
        actor=company.panelist,
        proposal=first,
        answers=company.answers(100, 25),
        submit=True,
        expected_version=draft.version,
    )
    assert done.pk == draft.pk
    assert list(pending_for(company.panelist, company.version)) == [second]
    progress = queue_progress(company.panelist, company.version)
    assert (progress.done, progress.total, progress.remaining) == (1, 2, 1)
    values = {
        score.criterion.key: score.level.value if score.level else None
        for score in Score.objects.filter(scorecard=done).select_related("criterion", "level")
    }
    assert values == {"pain": 100, "strategic-fit": 25}


def test_submitting_needs_an_answer_on_every_judged_criterion(company: Company) -> None:
    proposal = company.submitted()
    answers = company.answers(50, 25)
    answers.popitem()
    with pytest.raises(ValidationError) as caught:
        save_scorecard(
            actor=company.panelist,
            proposal=proposal,
            answers=answers,
            submit=True,
            expected_version=0,
        )
    assert caught.value.message_dict == {
        "strategic-fit": ["Choose a level for “Strategic fit”, or abstain and say why."]
    }
    assert Scorecard.objects.count() == 0


def test_abstaining_needs_a_reason_and_counts_as_an_answer(company: Company) -> None:
    proposal = company.submitted()
    pain, fit = company.answers(50, 25)
    blank = {pain: Answer(abstention_reason="  "), fit: company.answers(50, 25)[fit]}
    with pytest.raises(ValidationError, match="abstain and say why"):
        save_scorecard(
            actor=company.panelist,
            proposal=proposal,
            answers=blank,
            submit=True,
            expected_version=0,
        )
    card = company.score(proposal, company.panelist, -1, 25)
    assert card.status == "submitted"
    assert Score.objects.get(criterion=pain).abstention_reason == "Cannot judge this."


def test_a_level_of_another_criterion_is_refused(company: Company) -> None:
    proposal = company.submitted()
    (pain, first), (fit, second) = company.answers(50, 25).items()
    with pytest.raises(ValidationError) as caught:
        save_scorecard(
            actor=company.panelist,
            proposal=proposal,
            answers={pain: second, fit: first},
            submit=True,
            expected_version=0,
        )
    assert set(caught.value.message_dict) == {"pain", "strategic-fit"}


@pytest.mark.parametrize("who", ["leader", "admin", "marketing", "other_cx"])
def test_only_the_panel_scores(company: Company, who: str) -> None:
    with pytest.raises(PermissionDenied, match="Only members of the panel"):
        company.score(company.submitted(), getattr(company, who), 50, 25)


def test_a_lost_seat_ends_scoring_but_keeps_the_scores(company: Company) -> None:
    company.score(company.submitted("Old"), company.panelist, 50, 25)
    Seat.objects.filter(user=company.panelist).update(is_active=False)
    former = User.objects.get(pk=company.panelist.pk)
    with pytest.raises(PermissionDenied):
        company.score(company.submitted("New"), former, 50, 25)
    assert Score.objects.count() == 2


def test_a_stale_scorecard_changes_nothing(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.panelist, 50, 25)
    with pytest.raises(StaleVersion):
        company.score(proposal, company.panelist, 100, 100)
    assert sorted(Score.objects.values_list("level__value", flat=True)) == [25, 50]


def test_a_submitted_scorecard_changes_only_by_submitting_again(company: Company) -> None:
    proposal = company.submitted()
    card = company.score(proposal, company.panelist, 50, 25)
    with pytest.raises(Conflict):
        save_scorecard(
            actor=company.panelist,
            proposal=proposal,
            answers=company.answers(0, 0),
            submit=False,
            expected_version=card.version,
        )


def test_others_scores_are_invisible_until_the_own_scorecard_is_in(company: Company) -> None:
    proposal = company.submitted()
    theirs = company.score(proposal, company.curator, 100, 100)
    assert list(visible_to(company.panelist)) == []
    company.score(proposal, company.panelist, 0, 0, submit=False)
    assert theirs not in visible_to(company.panelist)
    card = Scorecard.objects.get(panelist=company.panelist)
    save_scorecard(
        actor=company.panelist,
        proposal=proposal,
        answers=company.answers(0, 0),
        submit=True,
        expected_version=card.version,
    )
    assert theirs in visible_to(company.panelist)


@pytest.mark.parametrize("who", ["marketing", "cx", "marketing_mate", "leader", "admin"])
def test_who_does_not_judge_never_sees_a_scorecard(company: Company, who: str) -> None:
    company.scored("Judged")
    assert list(visible_to(getattr(company, who))) == []


def test_another_panelists_draft_stays_invisible(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.panelist, 50, 25)
    company.score(proposal, company.curator, 50, 25, submit=False)
    assert [card.panelist for card in visible_to(company.panelist)] == [company.panelist]


def test_a_panelist_sees_the_newest_run_without_what_is_still_to_be_judged(
    company: Company,
) -> None:
    """Any rank would tell a panelist what the others think of the rest."""
    company.scored("Judged by both")
    first = company.rank()
    late = company.submitted("Judged by the chair only")
    company.score(late, company.curator, 100, 100)
    second = company.rank()
    assert unseen_proposal_ids(company.panelist) == {late.pk}
    assert current_run(company.panelist) == first
    assert list(finished_runs(company.panelist)) == [first]
    assert judgements_due(company.panelist, first) == 1
    for who in (company.curator, company.leader, company.marketing, company.admin, None):
        assert current_run(who) == second
        assert list(finished_runs(who)) == [second, first]
    assert judgements_due(company.curator, second) == 0
    company.score(late, company.panelist, 50, 25)
    assert current_run(company.panelist) == second
    assert judgements_due(company.panelist, second) == 0


def test_a_text_that_came_back_closes_the_run_that_ranked_the_earlier_one(
    company: Company,
) -> None:
    proposal = company.scored("Comes back")
    run = company.rank()
    recall_proposal(
        actor=company.marketing,
        proposal=proposal,
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )
    assert current_run(company.panelist) == run
    Proposal.objects.filter(pk=proposal.pk).update(problem="It is another one by now.")
    company.sign(Proposal.objects.get(pk=proposal.pk))
    submit_proposal(
        actor=company.marketing,
        proposal=proposal,
        expected_version=Proposal.objects.get(pk=proposal.pk).version,
    )
    assert current_run(company.panelist) is None
    assert judgements_due(company.panelist, None) == 1


def test_only_submitted_undecided_proposals_are_scored(company: Company) -> None:
    draft = company.draft()
    with pytest.raises(Conflict, match="Only a submitted proposal"):
        company.score(draft, company.panelist, 50, 25)


def test_much_at_the_top_is_shown_while_judging(company: Company) -> None:
    for number in range(10):
        high = number < 6
        proposal = company.submitted(f"Proposal {number}")
        company.score(proposal, company.panelist, 100 if high else 0, 100 if high else 25)
    page = f"/admin/score/{company.submitted('The next').pk}/"
    shown = text(signed_in(company.panelist).get(page))
    assert "You gave the highest level in 60\u202f% of your 20 scores" in shown
    assert "You gave the highest level" not in text(signed_in(company.curator).get(page))
    company.score(company.submitted("A lower one"), company.panelist, 0, 25)
    assert "You gave the highest level" not in text(signed_in(company.panelist).get(page))
