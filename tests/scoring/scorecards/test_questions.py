"""What the panel said of a proposal: by whom once all are in, and questions about a score."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict
from projects.models import Notification, Proposal
from scoring.models import Assignment, Question, Score, Scorecard, Seat
from scoring.scorecards.selectors.assignments import awaited
from scoring.scorecards.services import answer, ask, declare_conflict, recuse, save_scorecard
from tests.company import Company
from tests.contract import Api
from tests.pages import signed_in, text


@pytest.fixture
def alpha(company: Company) -> Proposal:
    """Panelist: pain 0; curator: pain 100; Ina of the leader's team has a seat too."""
    company.leader.first_name, company.leader.last_name = "Ina", "Third"
    company.leader.save()
    Seat.objects.create(user=company.leader)
    proposal = company.submitted("Alpha")
    company.score(proposal, company.panelist, 0, 25)
    company.score(proposal, company.curator, 100, 25)
    return proposal


def pain_of(card: Scorecard) -> Score:
    return card.scores.get(criterion__key="pain")


def of(proposal: Proposal, username: str) -> Score:
    return pain_of(proposal.scorecards.get(panelist__username=username))


def test_who_is_awaited(company: Company, alpha: Proposal) -> None:
    beta = company.submitted("Beta")
    assert awaited([alpha, beta]) == {alpha.pk: 1, beta.pk: 3}
    Seat.objects.create(user=company.cx_mate)  # of the owner's team
    assert awaited([alpha]) == {alpha.pk: 1}
    declare_conflict(actor=company.leader, person=company.cx, reason="A friend.")
    assert awaited([alpha, beta]) == {alpha.pk: 0, beta.pk: 2}
    Assignment.objects.create(proposal=beta, panelist=company.curator, assigned_by=company.curator)
    assert awaited([beta]) == {beta.pk: 1}
    Proposal.objects.filter(pk=beta.pk).update(status=Proposal.Status.DECLINED)
    beta.refresh_from_db()
    assert awaited([beta]) == {}


def test_names_show_once_all_are_in(company: Company, alpha: Proposal) -> None:
    path = f"/admin/score/{alpha.pk}/"
    page = text(signed_in(company.panelist).get(path))
    assert "1 of those who judge is still to come." in page
    assert "Level 100" in page
    assert str(company.curator) not in page
    assert "Ask somebody" not in page
    assert "yours at first: Level 0; the panel: Level 0 to Level 100" in page
    names = [card["panelist"] for card in Api(company.panelist).read("/scorecards/")["results"]]
    assert sorted(names, key=str) == [None, "panelist"]
    company.score(alpha, company.leader, 50, 25)
    page = text(signed_in(company.panelist).get(path))
    assert "still to come" not in page
    assert str(company.curator) in page
    assert "Ask somebody" in page
    names = [card["panelist"] for card in Api(company.panelist).read("/scorecards/")["results"]]
    assert sorted(names) == ["curator", "leader", "panelist"]


def test_a_comment_is_read_by_who_has_judged(company: Company, alpha: Proposal) -> None:
    card = save_scorecard(
        actor=company.leader,
        proposal=alpha,
        answers=company.answers(50, 25),
        comment="Think of the letters.",
        submit=True,
        expected_version=0,
    )
    assert card.comment
    assert "Think of the letters." in text(
        signed_in(company.panelist).get(f"/admin/score/{alpha.pk}/")
    )


def test_a_question_and_its_answer(company: Company, alpha: Proposal) -> None:
    company.score(alpha, company.leader, 50, 25)
    client = signed_in(company.panelist)
    score = of(alpha, "curator")
    client.post(f"/admin/score/{alpha.pk}/ask/", {"score": score.pk, "text": " Why so much? "})
    question = Question.objects.get()
    told = Notification.objects.get(recipient=company.curator, text__contains="Why so much?")
    assert told.text == "panelist on your score of Pain relieved: Why so much?"
    chair = signed_in(company.curator)
    assert "Why so much?" in text(chair.get("/admin/"))
    answered = f"/admin/score/{alpha.pk}/questions/{question.pk}/"
    assert client.post(answered, {"text": "Mine."}).status_code == 404
    chair.post(answered, {"text": "Two letters fewer."})
    assert "Why so much?" not in text(chair.get("/admin/"))
    page = text(signed_in(company.leader).get(f"/admin/score/{alpha.pk}/"))
    assert "Two letters fewer." in page
    assert Notification.objects.filter(
        recipient=company.panelist, text="curator on Pain relieved: Two letters fewer."
    ).exists()
    again = chair.post(answered, {"text": "More."}, follow=True)
    assert "answered it already" in text(again)


def test_who_may_not_ask_or_answer(company: Company, alpha: Proposal) -> None:
    score = of(alpha, "curator")
    with pytest.raises(Conflict, match="once all who judge are in"):
        ask(actor=company.panelist, score=score, text="Why?")
    with pytest.raises(PermissionDenied):
        ask(actor=company.leader, score=score, text="Why?")
    company.score(alpha, company.leader, 50, 25)
    with pytest.raises(ValidationError, match="your own score"):
        ask(actor=company.curator, score=score, text="Why?")
    with pytest.raises(ValidationError):
        ask(actor=company.panelist, score=score, text=" ")
    asked = ask(actor=company.panelist, score=score, text="Why?")
    with pytest.raises(PermissionDenied):
        answer(actor=company.panelist, question=asked, text="Because.")
    with pytest.raises(ValidationError):
        answer(actor=company.curator, question=asked, text=" ")
    recuse(actor=company.panelist, proposal=alpha, reason="A friend.", expected_version=1)
    answer(actor=company.curator, question=asked, text="Because.")
    assert not Notification.objects.filter(
        recipient=company.panelist, text__contains="Because."
    ).exists()
    with pytest.raises(PermissionDenied):
        ask(actor=company.panelist, score=score, text="And?")
    for change in (
        lambda: Question.objects.update(answer="Other."),
        lambda: Question.objects.create(score=score, asker=company.leader, text=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
