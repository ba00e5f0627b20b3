"""Scoring: blind, against anchored levels, never on one's own team's proposal."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from projects.errors import Conflict, StaleVersion
from projects.immutability import unsealed
from projects.models import Proposal, Signature, Team, User
from projects.proposals.services import recall_proposal, submit_proposal
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import Score, Scorecard, Seat
from scoring.panel.selectors import is_conflicted
from scoring.ranking.selectors.runs import current_run, finished_runs, judgements_due
from scoring.ranking.selectors.snapshot import load_snapshot
from scoring.scorecards.selectors.cards import (
    own_scorecard,
    pending_for,
    queue_progress,
    submitted_count,
    unseen_proposal_ids,
    visible_to,
)
from scoring.scorecards.services import Answer, recuse, save_scorecard
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


@pytest.mark.parametrize("who", ["marketing", "cx", "marketing_mate", "cx_mate"])
def test_nobody_scores_a_proposal_of_the_own_team(company: Company, who: str) -> None:
    judge = getattr(company, who)
    Seat.objects.create(user=judge)
    own, foreign = (
        company.submitted("Own"),
        company.submitted("Foreign", marketing=company.other_marketing, cx=company.other_cx),
    )
    with pytest.raises(PermissionDenied, match="have a part in this proposal"):
        company.score(own, judge, 50, 25)
    with pytest.raises(PermissionDenied):
        recuse(actor=judge, proposal=own, reason="Mine", expected_version=0)
    assert list(pending_for(judge, company.version)) == [foreign]
    company.score(foreign, judge, 50, 25)


def move(person: User, team: Team | None) -> User:
    person.team = team
    person.save()
    return User.objects.select_related("team", "seat").get(pk=person.pk)


def test_moving_to_another_team_does_not_end_a_conflict(company: Company) -> None:
    own, elsewhere = company.submitted("Own"), Team.objects.create(name="New", function="it")
    mate = company.marketing_mate
    Seat.objects.create(user=mate)
    moved = move(mate, elsewhere)
    assert is_conflicted(moved, own)
    with pytest.raises(ProtectedError):
        Team.objects.get(past_members__user=moved).delete()
    assert list(pending_for(moved, company.version)) == []
    with pytest.raises(PermissionDenied, match="have a part in this proposal"):
        company.score(own, moved, 50, 25)
    # What was begun after the move has nothing to do with the team that was left.
    later = company.submitted("Later")
    assert list(pending_for(moved, company.version)) == [later]


def test_nor_does_the_move_of_an_owner_or_of_both(company: Company) -> None:
    own = company.submitted("Own")
    elsewhere = Team.objects.create(name="New", function="marketing")
    mate = company.marketing_mate
    Seat.objects.create(user=mate)
    move(company.marketing, elsewhere)
    assert is_conflicted(mate, own)
    assert is_conflicted(move(mate, None), own)
    assert not is_conflicted(company.panelist, own)


def test_who_signed_once_does_not_judge(company: Company) -> None:
    own = company.submitted("Own", marketing=company.other_marketing, cx=company.other_cx)
    assert not is_conflicted(company.marketing, own)
    revision = own.submitted_revision
    assert revision is not None
    revision.signatures.update(voided_at=timezone.now())
    Signature.objects.create(revision=revision, function="marketing", signer=company.marketing)
    assert is_conflicted(company.marketing, own)


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


def fit_for(company: Company, *functions: str) -> None:
    """An amendment by which the fit is judged by these functions alone."""
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Those who know judge the fit."}
    spec["dimensions"][2]["criteria"][0]["judged_by"] = list(functions)
    number = draft.version
    draft = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=number)
    company.version = company.ratified(draft)


def test_a_criterion_is_judged_by_its_functions_alone(company: Company) -> None:
    fit_for(company, "it")
    alpha = company.submitted("Alpha")
    page = text(signed_in(company.curator).get(f"/admin/score/{alpha.pk}/"))
    assert ("Pain relieved" in page, "Strategic fit" in page) == (True, False)
    assert "Strategic fit" in text(signed_in(company.panelist).get(f"/admin/score/{alpha.pk}/"))
    with pytest.raises(ValidationError, match="is judged by IT/Data alone"):
        company.score(alpha, company.curator, 50, 25)
    pain = {pk: company.answers(50, 25)[pk] for pk in list(company.answers(50, 25))[:1]}
    given: dict[str, Any] = {
        "proposal": alpha,
        "answers": pain,
        "submit": True,
        "expected_version": 0,
    }
    with pytest.raises(ValidationError, match="Choose a level for “Strategic fit”"):
        save_scorecard(actor=company.panelist, **given)
    assert save_scorecard(actor=company.curator, **given).status == "submitted"
    company.score(alpha, company.panelist, 50, 100)
    run = company.rank()
    # Two judged the pain, one the fit; that nobody else did lowers nothing.
    counts = [term[4] for term in run.results.get().contributions]
    assert (counts, run.results.get().coverage) == ([0, 0, 2, 1], 1.0)
    assert "Judged by IT/Data alone." in text(signed_in(company.cx).get("/framework/"))


def test_a_function_without_a_seat_cannot_be_the_only_judge(company: Company) -> None:
    with pytest.raises(ValidationError, match="Nobody of CX has a seat"):
        fit_for(company, "cx")
    with pytest.raises(ValidationError, match="Name functions, each once"):
        fit_for(company, "sales")
