"""Proposals that say nearly the same: alike in words, for the same customers, of one promise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from scipy import sparse

from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.proposals import Proposal

WORD = re.compile(r"\w+")
SHORT = 3  # letters; shorter words say nothing of an idea
STEM = 5  # letters that tell words apart: answer, answers, answered are one
# Ours, of 1: alike enough alone, and where both move the same customers at the same stage.
ALIKE, ALIKE_HERE = 0.4, 0.2
MOST = 1_000  # proposals of which every pair is looked at


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two proposals by their ids, how alike their words are (0 to 1), and why they are named."""

    one: int
    other: int
    alike: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    pk: int
    words: frozenset[str]
    promise: int | None
    promised: str


def overlaps_of(proposal: Proposal, among: QuerySet[Proposal]) -> list[Overlap]:
    """Those of ``among`` that ``proposal`` overlaps with, the closest first."""
    one = _texts(Proposal.objects.filter(pk=proposal.pk))
    return _overlaps(one, _texts(_standing(among).exclude(pk=proposal.pk)))


def overlaps_within(proposals: QuerySet[Proposal]) -> list[Overlap]:
    """Every pair of the first ``MOST`` of ``proposals`` once, the closest first."""
    texts = sorted(_texts(_standing(proposals)[:MOST]), key=lambda text: text.pk)
    return [pair for pair in _overlaps(texts, texts) if pair.one < pair.other]


def _standing(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.exclude(status=Proposal.Status.WITHDRAWN)


def _texts(proposals: QuerySet[Proposal]) -> list[_Text]:
    names = ("pk", "title", "customer_job", "promise", "promise__words")
    return [
        _Text(pk, _stems(f"{title} {job}"), promise, promised or "")
        for pk, title, job, promise, promised in proposals.values_list(*names)
    ]


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in WORD.findall(text.casefold()) if len(word) > SHORT)


def _likeness(ones: Sequence[_Text], others: Sequence[_Text]) -> sparse.coo_matrix:
    """Cosine of the words, each by how rare it is among all of these: (ones, others)."""
    texts = [*ones, *others]
    known = {word: place for place, word in enumerate(sorted({w for t in texts for w in t.words}))}
    row = [place for place, text in enumerate(texts) for _ in text.words]
    column = [known[word] for text in texts for word in sorted(text.words)]
    used = np.bincount(column, minlength=len(known))
    rarity = np.log1p(len(texts) / np.maximum(used, 1))[np.array(column, dtype=np.intp)]
    weights = sparse.csr_matrix((rarity, (row, column)), shape=(len(texts), len(known)))
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    unit = sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ weights
    return sparse.coo_matrix(unit[: len(ones)] @ unit[len(ones) :].T)


def _overlaps(ones: list[_Text], others: list[_Text]) -> list[Overlap]:
    if not ones or not others:
        return []
    likeness = _likeness(ones, others)
    near = likeness.data >= ALIKE_HERE
    places = zip(likeness.row[near].tolist(), likeness.col[near].tolist(), strict=True)
    alike = dict(zip(places, likeness.data[near].tolist(), strict=True))
    by_promise: dict[int, list[int]] = {}
    for column, other in enumerate(others):
        if other.promise is not None:
            by_promise.setdefault(other.promise, []).append(column)
    promised = {
        (row, column)
        for row, one in enumerate(ones)
        for column in by_promise.get(one.promise or 0, ())
    }
    pairs = {pair for pair in alike.keys() | promised if ones[pair[0]].pk != others[pair[1]].pk}
    named = {ones[row].pk for row, _ in pairs} | {others[column].pk for _, column in pairs}
    felt = _places(named)
    found = []
    for row, column in pairs:
        one, other, close = ones[row], others[column], alike.get((row, column), 0.0)
        shared = sorted(felt.get(one.pk, set()) & felt.get(other.pk, set()))
        if close >= ALIKE or shared or (row, column) in promised:
            reasons = ["similar words"] * (close > 0)
            reasons += [f"the same customers: {'; '.join(shared)}"] * bool(shared)
            reasons += [f"the same promise: {one.promised}"] * ((row, column) in promised)
            found.append(Overlap(one.pk, other.pk, round(close, 4), tuple(reasons)))
    return sorted(found, key=lambda pair: (-pair.alike, pair.one, pair.other))


def _places(proposals: set[int]) -> dict[int, set[str]]:
    """Proposal -> the stages and segments that it has an effect on."""
    found: dict[int, set[str]] = {}
    effects = CustomerEffect.objects.filter(proposal__in=proposals)
    for pk, stage, segment in effects.values_list("proposal", "stage__name", "segment__name"):
        found.setdefault(pk, set()).add(f"{stage}, {segment}")
    return found
