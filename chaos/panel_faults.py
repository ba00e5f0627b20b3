"""Planted faults of the panel: each breaks one thing that `panel_rules` look at."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import F

from chaos.panel import set_panel_at_odds
from chaos.panel_rules import broken
from projects.immutability import unsealed
from projects.models import Proposal
from scoring.models import Ballot, FrameworkVersion, Score, Scorecard, Vote
from scoring.scorecards.selectors.cards import latest

ROUNDS = 40


def panel_faults() -> Iterator[tuple[str, Callable[[], list[str]], str]]:
    """(fault, how it is planted, what the rules must say of it), after rounds in which all held."""
    assert not set_panel_at_odds(ROUNDS)
    counting = Scorecard.Status.SUBMITTED
    votes = Vote.objects.filter(round__revealed_at__isnull=False).order_by("-round", "pk")
    vote = next(vote for vote in votes if _counts(vote))
    judged = vote.round.revision.proposal
    cards = judged.scorecards.filter(status=counting)
    card = cards.filter(panelist=vote.panelist_id).latest("entry")
    other = cards.exclude(panelist=vote.panelist_id).earliest("pk")

    def judged_after_leaving() -> None:
        Scorecard.objects.filter(pk=card.pk).update(
            status=Scorecard.Status.RECUSED, recusal_reason="A friend."
        )
        Scorecard.objects.create(
            panelist=card.panelist,
            proposal=judged,
            revision=card.revision,
            framework_version=card.framework_version,
            entry=card.entry + 1,
        )

    def gap() -> None:
        Scorecard.objects.filter(pk=card.pk).update(entry=F("entry") + 5)

    def own() -> None:
        Proposal.objects.filter(pk=judged.pk).update(cx_owner=card.panelist)

    def lost_score() -> None:
        Score.objects.filter(scorecard=other).earliest("pk").delete()

    def lost_vote() -> None:
        levels = vote.round.criterion.levels.exclude(pk=vote.level_id)
        Vote.objects.filter(pk=vote.pk).update(level=levels.first())

    def without_vote() -> None:
        in_force = FrameworkVersion.objects.get(status=FrameworkVersion.Status.PUBLISHED)
        Ballot.objects.filter(framework_version=in_force).delete()

    for name, plant, sign in (
        ("a judge who stepped back and judged", judged_after_leaving, "judged after that"),
        ("an entry that is missing", gap, "are numbered"),
        ("a judge of an own proposal", own, "of their own"),
        ("a scorecard that lacks a score", lost_score, "scores"),
        ("an answer that was shown and does not count", lost_vote, "does not count"),
        ("rules that nobody voted for", without_vote, "is in force by"),
    ):
        yield name, lambda plant=plant: _with(plant, judged), sign


def _counts(vote: Vote) -> bool:
    own = Scorecard.objects.filter(
        revision=vote.round.revision_id, panelist=vote.panelist_id, status="submitted"
    )
    card = latest(own).first()
    return (
        card is not None
        and card.scores.filter(criterion=vote.round.criterion_id, level=vote.level_id).exists()
    )


def _with(plant: Callable[[], None], proposal: Proposal) -> list[str]:
    """What the rules find of the fault, which is gone again afterwards."""
    with transaction.atomic():
        with unsealed():
            plant()
        found = list(broken(proposal))
        transaction.set_rollback(True)
    return found
