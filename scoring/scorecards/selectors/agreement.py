"""How a panel judges: what the scores that somebody may read say of criteria, and of oneself."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from django.db.models import F, QuerySet

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.analysis.arrays import Floats
from scoring.analysis.panel_health import CriterionHealth, criteria_health
from scoring.analysis.severity import adjust
from scoring.framework.models import TOP, Criterion, FrameworkVersion
from scoring.framework.selectors import judged_criteria
from scoring.scorecards.models import Score, Scorecard
from scoring.scorecards.selectors.cards import visible_to

FEW = 10  # scores, below which nothing is said of a criterion or of a person
SAME_LEVEL, UNSURE, FLAT, ALIKE = 0.8, 0.25, 5.0, 0.9
WELL, FAIRLY = 0.8, 0.667  # Krippendorff's own limits
LEAST_OTHERS = 2
MOST_SCORES = 60_000  # read at once; of more, every second, third, ... proposal is taken


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion, its figures, how far judges agree in words, and what to look at."""

    criterion: Criterion
    health: CriterionHealth
    agreement: str
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Own:
    """What one judge gives: scores, and points above the average judge of the same questions."""

    scores: int
    at_top: float | None
    severity: float | None


@dataclass(frozen=True, slots=True)
class OfFunction:
    """How mild the judges of one function are: points above the average judge, in the mean."""

    function: str
    judges: int
    severity: float


@dataclass(frozen=True, slots=True)
class Judgements:
    """``every``: of how many proposals one was taken; 1 where all were."""

    proposals: int
    every: int
    judges: int
    findings: list[Finding]
    own: Own
    functions: list[OfFunction]


def judgements(user: User, version: FrameworkVersion) -> Judgements:
    """What ``user`` may know of how the panel judges the current cycle.

    Only from scorecards that are open to the person: on each proposal the own one came first, and
    what is closed by recusal or by the own team is not in it. Needs ``with_structure``.
    """
    criteria = judged_criteria(version)
    place_of = {(row.key, row.scale_digest): place for place, row in enumerate(criteria)}
    cards = visible_to(user).filter(
        status=Scorecard.Status.SUBMITTED,
        revision=F("proposal__submitted_revision"),
        proposal__cycle__is_current=True,
        proposal__status__in=Proposal.IN_BACKLOG,
    )
    cards, every = _thinned(cards, len(criteria))
    rows = [
        (proposal, judge, place_of[key, digest], value)
        for proposal, judge, key, digest, value in Score.objects.filter(scorecard__in=cards)
        .order_by("scorecard__proposal", "scorecard__panelist", "scorecard__entry")
        .values_list(
            "scorecard__proposal",
            "scorecard__panelist",
            "criterion__key",
            "criterion__scale_digest",
            "level__value",
        )
        if (key, digest) in place_of
    ]
    proposals = list(dict.fromkeys(row[0] for row in rows))
    judges = list(dict.fromkeys(row[1] for row in rows))
    scores, abstained = _tables(rows, proposals, judges, len(criteria))
    found, effects = criteria_health(scores, abstained), _effects(scores, judges)
    return Judgements(
        proposals=len(proposals),
        every=every,
        judges=len(judges),
        findings=[
            Finding(row, health, _in_words(health), list(_remarks(health, criteria)))
            for row, health in zip(criteria, found, strict=True)
        ],
        own=_own(scores, judges, user, effects),
        functions=_by_function(effects, user),
    )


def _thinned(cards: QuerySet[Scorecard], criteria: int) -> tuple[QuerySet[Scorecard], int]:
    """The cards of every n-th proposal, and n, so that no more scores are read than are needed."""
    every = ceil(cards.count() * criteria / MOST_SCORES)
    if every <= 1:
        return cards, 1
    proposals = cards.order_by("proposal").values_list("proposal", flat=True).distinct()
    return cards.filter(proposal__in=list(proposals)[::every]), every


def _tables(
    rows: list[tuple[int, int, int, Any]], proposals: list[int], judges: list[int], criteria: int
) -> tuple[Floats, np.ndarray]:
    """Points and abstentions (proposals, judges, criteria).

    Of several answers the first counts: it was given without knowing the others'.
    """
    scores = np.full((len(proposals), len(judges), criteria), np.nan)
    abstained = np.zeros(scores.shape, dtype=np.bool_)
    proposal_at = {pk: place for place, pk in enumerate(proposals)}
    judge_at = {pk: place for place, pk in enumerate(judges)}
    for proposal, judge, place, value in rows:
        cell = proposal_at[proposal], judge_at[judge], place
        if abstained[cell] or not np.isnan(scores[cell]):
            continue
        if value is None:
            abstained[cell] = True
        else:
            scores[cell] = float(value)
    return scores, abstained


def _in_words(health: CriterionHealth) -> str:
    alpha = health.agreement.alpha
    if health.scores < FEW or alpha is None:
        return "too few to say"
    return "well" if alpha >= WELL else "fairly" if alpha >= FAIRLY else "little"


def _remarks(health: CriterionHealth, criteria: list[Criterion]) -> Iterable[str]:
    if health.scores < FEW:
        return
    if health.top_share is not None and health.top_share >= SAME_LEVEL:
        yield "Nearly everything gets the highest level: it tells no proposal from another."
    elif health.between is not None and health.between < FLAT:
        yield "Proposals hardly differ on it."
    if health.abstained is not None and health.abstained >= UNSURE:
        yield "Many cannot judge it: ask somebody else, or measure it."
    if health.twin is not None and health.likeness is not None and health.items >= FEW:
        other = criteria[health.twin].name
        if health.likeness >= ALIKE:
            yield f"Moves as {other} does: the two may ask the same, and count it twice."
        elif health.likeness <= -ALIKE:
            yield f"Moves against {other}: what one gives the other takes."


def _effects(scores: Floats, judges: list[int]) -> dict[int, float]:
    """By judge the points above the average judge, from the questions that others answered too.

    Who has answered too few of those is left out.
    """
    if not scores.size:
        return {}
    cells = scores.transpose(0, 2, 1).reshape(-1, len(judges))
    shared = cells[(~np.isnan(cells)).sum(axis=1) > 1]
    item, rater = np.nonzero(~np.isnan(shared))
    given = np.bincount(rater, minlength=len(judges))
    found = adjust(item, rater, shared[item, rater], len(shared), len(judges))
    return {
        judge: float(found.effect[place])
        for place, judge in enumerate(judges)
        if given[place] >= FEW
    }


def _own(scores: Floats, judges: list[int], user: User, effects: dict[int, float]) -> Own:
    if user.pk not in judges:
        return Own(0, None, None)
    given = scores[:, judges.index(user.pk)]
    given = given[~np.isnan(given)]
    return Own(
        scores=given.size,
        at_top=float((given >= TOP).mean()) if given.size >= FEW else None,
        severity=effects.get(user.pk),
    )


def _by_function(effects: dict[int, float], user: User) -> list[OfFunction]:
    """The mean of each function; not where one person beside the reader would be meant."""
    people = User.objects.filter(pk__in=effects).select_related("team")
    members: dict[str, list[User]] = {}
    for person in people:
        if person.team is not None:
            members.setdefault(person.team.get_function_display(), []).append(person)
    return [
        OfFunction(function, len(found), sum(effects[person.pk] for person in found) / len(found))
        for function, found in sorted(members.items())
        if sum(person != user for person in found) >= LEAST_OTHERS
    ]
