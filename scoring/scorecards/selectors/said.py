"""What the panel said of a proposal, for who has judged it; who said what once all are in."""

from dataclasses import dataclass

from django.db.models import QuerySet

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import Criterion
from scoring.scorecards.models import Question, Score, Scorecard
from scoring.scorecards.selectors.assignments import awaited
from scoring.scorecards.selectors.cards import visible_to

ABSTAINED = "abstained"


@dataclass(slots=True)
class Said:
    """One judge on one criterion: what counts, what was said first, and why it changed.

    ``is_named`` where it may be shown whose it is.
    """

    panelist: User
    score: Score
    first: str
    is_named: bool
    reason: str = ""

    @property
    def has_changed(self) -> bool:
        return self.first != self.level

    @property
    def level(self) -> str:
        return self.score.level.label if self.score.level else ABSTAINED

    @property
    def points(self) -> float:
        """Worst first; who abstained comes before."""
        return -1.0 if self.score.level is None else float(self.score.level.value)


@dataclass(frozen=True, slots=True)
class OnCriterion:
    criterion: Criterion
    said: list[Said]
    own: Said | None

    @property
    def span(self) -> str:
        """From the lowest to the highest level that was given, in words."""
        given = [one.level for one in self.said if one.score.level is not None]
        if not given:
            return ""
        return given[0] if given[0] == given[-1] else f"{given[0]} to {given[-1]}"


@dataclass(frozen=True, slots=True)
class PanelSaid:
    """``awaited`` judges are still to come; until then nothing says whose a score is."""

    rows: list[OnCriterion]
    comments: list[Scorecard]
    awaited: int
    questions: list[Question]

    @property
    def askable(self) -> list[Said]:
        """Scores of others that a question can be about."""
        if self.awaited:
            return []
        return [one for row in self.rows for one in row.said if one is not row.own]


def panel_said(user: User, proposal: Proposal, criteria: list[Criterion]) -> PanelSaid | None:
    """None until the person's own scorecard is in."""
    cards = visible_to(user).filter(
        revision=proposal.submitted_revision_id, status=Scorecard.Status.SUBMITTED
    )
    given = list(
        cards.prefetch_related("scores__level", "scores__criterion").order_by(
            "panelist__username", "entry"
        )
    )
    if not any(card.panelist_id == user.pk for card in given):
        return None
    waiting = awaited([proposal]).get(proposal.pk, 0)
    return PanelSaid(
        rows=[_on(criterion, given, user, named=not waiting) for criterion in criteria],
        comments=[card for card in _last(given) if card.comment and card.panelist_id != user.pk],
        awaited=waiting,
        questions=list(questions_on(cards)),
    )


def _last(cards: list[Scorecard]) -> list[Scorecard]:
    """Of each panelist's entries, which come in their order, the last one."""
    return list({card.panelist_id: card for card in cards}.values())


def questions_on(cards: QuerySet[Scorecard]) -> QuerySet[Question]:
    """Questions about scores of ``cards``, the first asked first."""
    return Question.objects.filter(
        score__scorecard__in=cards.order_by().values("pk")
    ).select_related("asker", "score__criterion", "score__scorecard__panelist")


def open_questions(user: User) -> QuerySet[Question]:
    """What others have asked the person, and waits for an answer."""
    own = visible_to(user).filter(panelist=user, proposal__status=Proposal.Status.SUBMITTED)
    return (
        questions_on(own)
        .filter(answered_at__isnull=True)
        .select_related("score__scorecard__proposal")
    )


def _on(criterion: Criterion, cards: list[Scorecard], user: User, *, named: bool) -> OnCriterion:
    said: dict[int, Said] = {}
    for card in cards:
        for score in card.scores.all():
            if score.criterion.key == criterion.key:
                label = score.level.label if score.level else ABSTAINED
                is_named = named or card.panelist_id == user.pk
                row = said.setdefault(card.panelist_id, Said(card.panelist, score, label, is_named))
                row.score, row.reason = score, card.change_reason
    ordered = sorted(said.values(), key=lambda one: one.points)
    return OnCriterion(criterion, ordered, said.get(user.pk))
