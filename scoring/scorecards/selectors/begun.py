"""What somebody has on their proposals so far: the scorecard, or answers given before it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.scorecards.models import Score, Scorecard

ABSTAIN = "abstain"
Choices = dict[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Begun:
    """The latest entry under the version, and by criterion id a level's id or ABSTAIN, and why."""

    card: Scorecard | None
    choices: Choices

    @property
    def version(self) -> int:
        return self.card.version if self.card else 0

    @property
    def comment(self) -> str:
        return self.card.comment if self.card else ""


def begun(
    user: User,
    proposals: Collection[Proposal],
    version: FrameworkVersion,
    criteria: list[Criterion],
) -> dict[int, Begun]:
    """By proposal what the person's scorecard says, or what they gave on the same yardstick."""
    cards = {
        card.proposal_id: card
        for card in Scorecard.objects.filter(
            panelist=user,
            proposal__in=proposals,
            revision=F("proposal__submitted_revision"),
            framework_version=version,
        )
        .prefetch_related("scores")
        .order_by("entry")
    }
    earlier = earlier_scores(user, [one for one in proposals if one.pk not in cards], criteria)
    return {
        one.pk: Begun(cards[one.pk], _on(cards[one.pk]))
        if one.pk in cards
        else Begun(None, earlier.get(one.pk, {}))
        for one in proposals
    }


def _on(card: Scorecard) -> Choices:
    return {
        item.criterion_id: (
            str(item.level_id) if item.level_id else ABSTAIN,
            item.abstention_reason,
        )
        for item in card.scores.all()
    }


def earlier_scores(
    user: User, proposals: Collection[Proposal], criteria: list[Criterion]
) -> dict[int, Choices]:
    """By proposal what the person gave on the same yardstick under earlier versions.

    On the same text, so that an amendment of weights does not ask anybody to judge again.
    """
    by_scale = {(item.key, item.scale_digest): item for item in criteria}
    levels = {(item.pk, level.value): level.pk for item in criteria for level in item.levels.all()}
    scores = (
        Score.objects.filter(
            scorecard__panelist=user,
            scorecard__proposal__in=proposals,
            scorecard__revision=F("scorecard__proposal__submitted_revision"),
            scorecard__status=Scorecard.Status.SUBMITTED,
        )
        .order_by("scorecard__submitted_at")
        .values_list(
            "scorecard__proposal",
            "criterion__key",
            "criterion__scale_digest",
            "level__value",
            "abstention_reason",
        )
    )
    found: dict[int, Choices] = {}
    for proposal, key, digest, value, reason in scores:
        item = by_scale.get((key, digest))
        if item is not None:
            choice = (ABSTAIN, reason) if reason else (str(levels.get((item.pk, value), "")), "")
            found.setdefault(proposal, {})[item.pk] = choice
    return found
