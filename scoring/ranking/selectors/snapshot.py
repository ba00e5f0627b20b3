"""What a run is computed from, read once and kept for ever as canonical JSON."""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import F, QuerySet
from django.utils import timezone

from projects.customers.models import CONFIDENCE, JourneyStage
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import estimates_of
from scoring.framework.models import Criterion, FrameworkVersion, Level
from scoring.framework.selectors import criteria_of, spec_of, with_structure
from scoring.ranking.models import RankingRun
from scoring.scorecards.models import Score, Scorecard

SCHEMA = 3  # 2 named no scorecards and no first scores, 1 neither its day nor that of evidence
KEPT_RUNS = 2  # unpacked, per process
# Where the parts of the canonical form begin or end.
PROPOSALS, ITEM, SCHEMA_MARK = b',"proposals":[', b'{"category":', b'],"schema":'
SCORES, STAGES = b',"scores":[', b'],"stages":{'


def read_snapshot(run: RankingRun) -> dict[str, Any]:
    """Everything the ranking of ``run`` depends on, as plain JSON values.

    Call it inside one transaction, so that all parts show the same moment.
    """
    version = with_structure(FrameworkVersion.objects.filter(pk=run.framework_version_id)).get()
    proposals = Proposal.objects.filter(cycle=run.cycle, status__in=Proposal.IN_BACKLOG)
    stages = {stage.name: str(stage.weight) for stage in JourneyStage.objects.all()}
    scales = {(item.key, item.scale_digest) for item in criteria_of(version)}
    judged = _judged(proposals, scales)
    return {
        "schema": SCHEMA,
        "date": str(timezone.localdate()),
        "framework": {"id": version.pk, "number": version.number, **spec_of(version)},
        "cycle": {
            "id": run.cycle_id,
            "name": run.cycle.name,
            "currency": run.cycle.currency,
            "budget": str(run.cycle.budget),
        },
        "journey": list(stages),
        "stages": stages,
        "confidence": {level: str(share) for level, share in CONFIDENCE.items()},
        "proposals": _proposals(proposals, judged.scorecards),
        "scores": judged.scores,
        "first_scores": judged.first_scores,
    }


def _proposals(
    proposals: QuerySet[Proposal], scorecards: dict[int, set[int]]
) -> list[dict[str, Any]]:
    estimates = estimates_of(proposals)
    rows: QuerySet[Proposal, Any] = proposals.order_by("pk").values_list(
        "pk",
        "reference",
        "title",
        "category",
        "marketing_owner__team__name",
        "cx_owner__team__name",
        "submitted_at",
        "submitted_revision__number",
        "submitted_revision__digest",
        "horizon_months",
        named=True,
    )
    return [
        {
            "id": row.pk,
            "reference": row.reference,
            "title": row.title,
            "category": row.category,
            "marketing_team": row.marketing_owner__team__name,
            "cx_team": row.cx_owner__team__name,
            "submitted_at": row.submitted_at.isoformat(),
            "revision": row.submitted_revision__number,
            "digest": row.submitted_revision__digest,
            "horizon_months": row.horizon_months,
            "scorecards": sorted(scorecards[row.pk]),
            **estimates[row.pk],
        }
        for row in rows.iterator()
    ]


class Judged(NamedTuple):
    """What the panel said, sorted rows of (proposal, criterion key, panelist, value).

    ``scores`` count; ``first_scores`` are those of them that were another value when first given,
    blind; ``scorecards`` are the ids of the entries that count, by proposal.
    """

    scores: list[tuple[int, str, int, str]]
    first_scores: list[tuple[int, str, int, str]]
    scorecards: dict[int, set[int]]


def _judged(proposals: QuerySet[Proposal], scales: set[tuple[str, str]]) -> Judged:
    """Per panelist and criterion the latest answer on the submitted text counts, from any version
    whose scale for the criterion is the same; an abstention takes an earlier score back, and who
    is recused is not counted.
    """
    # Numbers only from the large table; what they stand for comes from two small ones.
    criteria = Criterion.objects.values_list("pk", "key", "scale_digest")
    keys = {pk: key for pk, key, digest in criteria if (key, digest) in scales}
    values = {pk: str(value) for pk, value in Level.objects.values_list("pk", "value")}
    cards = Scorecard.objects.filter(
        revision=F("proposal__submitted_revision"), proposal__in=proposals.order_by().values("pk")
    )
    recused = set(
        cards.filter(status=Scorecard.Status.RECUSED).values_list("proposal_id", "panelist_id")
    )
    rows = (
        Score.objects.filter(
            scorecard__in=cards.filter(status=Scorecard.Status.SUBMITTED).values("pk"),
            criterion__in=list(keys),
        )
        .order_by("scorecard__submitted_at", "scorecard_id")
        .values_list(
            "scorecard__proposal_id",
            "criterion_id",
            "scorecard__panelist_id",
            "level_id",
            "scorecard_id",
        )
    )
    first: dict[tuple[int, str, int], int | None] = {}
    latest: dict[tuple[int, str, int], tuple[int | None, int]] = {}
    for proposal, criterion, panelist, level, card in rows.iterator(chunk_size=5_000):
        if (proposal, panelist) not in recused:
            at = (proposal, keys[criterion], panelist)
            first.setdefault(at, level)
            latest[at] = level, card
    scorecards: dict[int, set[int]] = defaultdict(set)
    for (proposal, _, _), (_, card) in latest.items():
        scorecards[proposal].add(card)
    counted = {at: level for at, (level, _) in latest.items() if level is not None}
    changed = {at: level for at, level in first.items() if level is not None and at in counted}
    return Judged(
        scores=sorted((*at, values[level]) for at, level in counted.items()),
        first_scores=sorted(
            (*at, values[level]) for at, level in changed.items() if level != counted[at]
        ),
        scorecards=scorecards,
    )


def canonical(value: object) -> bytes:
    """The one byte form of plain data: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def pack(payload: bytes) -> bytes:
    return zlib.compress(payload, 6)


def load_snapshot(run: RankingRun) -> dict[str, Any]:
    """The sealed inputs of a run, refused when they are not the ones the run was sealed with."""
    snapshot: dict[str, Any] = orjson.loads(_sealed_bytes(run))
    return snapshot


def load_part(run: RankingRun, proposal: int) -> dict[str, Any]:
    """The sealed inputs of a run with one proposal and its scores alone, refused alike.

    Errors: ValueError where the run does not have the proposal.
    """
    part: dict[str, Any] = orjson.loads(cut(_kept_bytes(run, run.input_digest), proposal))
    return part


def load_proposals(run: RankingRun) -> dict[str, Any]:
    """The sealed inputs of a run without the scores, by far the most of it; refused alike."""
    snapshot: dict[str, Any] = orjson.loads(_split(_kept_bytes(run, run.input_digest))[0])
    return snapshot


def load_pair(before: RankingRun, now: RankingRun) -> tuple[dict[str, Any], dict[str, Any]]:
    """The sealed inputs of two runs, without the scores where both have the very same."""
    payloads = [_kept_bytes(run, run.input_digest) for run in (before, now)]
    (then, scores_then), (today, scores_now) = map(_split, payloads)
    if scores_then != scores_now:
        then, today = payloads
    return orjson.loads(then), orjson.loads(today)


def _split(payload: bytes) -> tuple[bytes, bytes]:
    """A snapshot with an empty list of scores, and the scores."""
    start = payload.rfind(SCORES) + len(SCORES)
    end = payload.rfind(STAGES)
    return payload[:start] + payload[end:], payload[start:end]


def cut(payload: bytes, proposal: int) -> bytes:
    """Leave out all other proposals and their scores, without reading what they say.

    Parsing a snapshot of 10,000 proposals takes seconds, finding one takes milliseconds. The form
    is canonical: keys are sorted, nothing stands between them, and a quotation mark within a text
    is escaped, so that none of these marks can be part of one.
    """
    proposals = payload.find(PROPOSALS) + len(PROPOSALS)
    place = payload.find(b',"id":%d,"marketing_team":' % proposal, proposals)
    if place < 0:
        raise ValueError(f"There is no proposal {proposal} among these inputs.")
    start = payload.rfind(ITEM, proposals, place)
    schema = payload.find(SCHEMA_MARK, place)
    following = payload.find(b"," + ITEM, place, schema)
    item = payload[start : schema if following < 0 else following]
    scores = payload.find(SCORES, schema) + len(SCORES)
    own = b",".join(_own_scores(payload, scores, proposal))
    stages = payload.rfind(STAGES)
    return b"".join((payload[:proposals], item, payload[schema:scores], own, payload[stages:]))


def _own_scores(payload: bytes, start: int, proposal: int) -> Iterator[bytes]:
    """The scores of one proposal, which stand together: the list is sorted.

    A score is a number, a slug, a number and a number's text, so the first bracket ends it.
    """
    mark = b'[%d,"' % proposal
    place = payload.find(mark, start)
    while place >= 0 and payload.startswith(mark, place):
        end = payload.index(b"]", place) + 1
        yield payload[place:end]
        place = end + 1  # behind the comma


@lru_cache(maxsize=KEPT_RUNS)
def _kept_bytes(run: RankingRun, _digest: str) -> bytes:
    """Who asks why one rank asks about the next one, each in a run and in the one before."""
    return _sealed_bytes(run)


def forget() -> None:
    """Begin as a new process does."""
    _kept_bytes.cache_clear()


def _sealed_bytes(run: RankingRun) -> bytes:
    payload = unpack(bytes(run.snapshot.payload))
    if digest(payload) != run.input_digest:
        raise ValueError(f"The inputs of run {run.pk} do not match their digest.")
    return payload


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)
