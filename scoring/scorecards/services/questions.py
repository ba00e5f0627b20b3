"""Questions about a score, from one judge to another."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from scoring.panel.selectors import is_panelist
from scoring.scorecards.models import Question, Score, Scorecard
from scoring.scorecards.selectors.assignments import awaited
from scoring.scorecards.selectors.cards import visible_to


def ask(*, actor: User, score: Score, text: str) -> Question:
    """Ask who gave ``score`` about it; they are told. It needs to be shown whose it is."""
    card = score.scorecard
    _require_sees(actor, card)
    if card.panelist_id == actor.pk:
        raise ValidationError({"score": "It is your own score. Ask somebody else."})
    if awaited([card.proposal]).get(card.proposal_id, 0):
        raise Conflict("Who gave which score is shown, and asked, once all who judge are in.")
    asked = Question(score=score, asker=actor, text=text.strip())
    asked.full_clean(validate_constraints=False)
    with transaction.atomic():
        asked.save(force_insert=True)
        record(
            actor=actor,
            action="score.ask",
            subject=f"proposal:{card.proposal_id}",
            criterion=score.criterion_id,
        )
        _tell(card.panelist, f"{actor} on your score of {score.criterion}: {asked.text}", card)
    return asked


def answer(*, actor: User, question: Question, text: str) -> Question:
    """Answer, once; who asked is told."""
    if question.score.scorecard.panelist_id != actor.pk:
        raise PermissionDenied("Only who gave the score answers.")
    card = question.score.scorecard
    _require_sees(actor, card)
    if not text.strip():
        raise ValidationError({"answer": "Say something, or leave the question open."})
    with transaction.atomic():
        fresh = Question.objects.select_for_update().get(pk=question.pk)
        if fresh.answered_at is not None:
            raise Conflict("You have answered it already.")
        fresh.answer, fresh.answered_at = text.strip(), timezone.now()
        fresh.full_clean(validate_constraints=False)
        fresh.save(update_fields=["answer", "answered_at"])
        record(actor=actor, action="score.answer", subject=f"proposal:{card.proposal_id}")
        _tell(fresh.asker, f"{actor} on {question.score.criterion}: {fresh.answer}", card)
    return fresh


def _require_sees(actor: User, card: Scorecard) -> None:
    """Whoever has stepped back, or left the panel, neither asks nor answers."""
    if not is_panelist(actor) or not visible_to(actor).filter(pk=card.pk).exists():
        raise PermissionDenied("Only who judges this proposal asks about its scores.")


def _tell(person: User, text: str, card: Scorecard) -> None:
    """A notice of what was said, unless the person may no longer read it."""
    if visible_to(person).filter(pk=card.pk).exists():
        url = reverse("admin:score", args=[card.proposal_id]) + "#others"
        notify(recipients=[person], text=text[:300], url=url)
