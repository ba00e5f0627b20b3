"""What a run is computed from, read once and kept for ever as canonical JSON."""

import hashlib
import json
import zlib
from typing import Any

import orjson

from projects.models import JourneyStage, Proposal
from projects.models.customers import CONFIDENCE
from projects.selectors.proposals import content_of, with_content
from scoring.models import FrameworkVersion, RankingRun, Score, Scorecard
from scoring.selectors.frameworks import criteria_of, spec_of, with_structure

SCHEMA = 1


def read_snapshot(run: RankingRun) -> dict[str, Any]:
    """Everything the ranking of ``run`` depends on, as plain JSON values.

    Call it inside one transaction, so that all parts show the same moment.
    """
    version = with_structure(FrameworkVersion.objects.filter(pk=run.framework_version_id)).get()
    proposals = list(
        with_content(Proposal.objects.filter(cycle=run.cycle, status__in=Proposal.IN_BACKLOG))
        .select_related("submitted_revision")
        .order_by("pk")
    )
    stages = {stage.name: str(stage.weight) for stage in JourneyStage.objects.all()}
    scales = {(item.key, item.scale_digest): item.key for item in criteria_of(version)}
    return {
        "schema": SCHEMA,
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
        "proposals": [_proposal(proposal) for proposal in proposals],
        "scores": _scores(proposals, scales),
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    content = content_of(proposal)
    revision, submitted_at = proposal.submitted_revision, proposal.submitted_at
    if revision is None or submitted_at is None:  # the database refuses such a row
        raise ValueError(f"Proposal {proposal.pk} is in the backlog without a submitted text.")
    return {
        "id": proposal.pk,
        "reference": proposal.reference,
        "title": proposal.title,
        "category": proposal.category,
        "marketing_team": str(proposal.marketing_owner.team),
        "cx_team": str(proposal.cx_owner.team),
        "submitted_at": submitted_at.isoformat(),
        "revision": revision.number,
        "digest": revision.digest,
        "horizon_months": proposal.horizon_months,
        "money": content["money"],
        "effects": content["effects"],
        "measures": content["measures"],
    }


def _scores(
    proposals: list[Proposal], scales: dict[tuple[str, str], str]
) -> list[tuple[int, str, int, str]]:
    """(proposal, criterion key, panelist, value) for the scores that count, sorted.

    Per panelist and criterion the latest answer on the submitted text counts, from any version
    whose scale for the criterion is the same; an abstention takes an earlier score back.
    """
    revisions = {proposal.submitted_revision_id for proposal in proposals}
    rows = (
        Score.objects.filter(
            scorecard__status=Scorecard.Status.SUBMITTED,
            scorecard__proposal__cycle=proposals[0].cycle_id if proposals else None,
            scorecard__proposal__status__in=Proposal.IN_BACKLOG,
        )
        .order_by("scorecard__submitted_at", "scorecard_id")
        .values_list(
            "scorecard__revision_id",
            "scorecard__proposal_id",
            "criterion__key",
            "criterion__scale_digest",
            "scorecard__panelist_id",
            "level__value",
        )
    )
    latest: dict[tuple[int, str, int], str | None] = {}
    for revision, proposal, key, digest, panelist, value in rows.iterator(chunk_size=5_000):
        if revision in revisions and (key, digest) in scales:
            abstained: bool = value is None
            latest[proposal, key, panelist] = None if abstained else str(value)
    return sorted((*key, value) for key, value in latest.items() if value is not None)


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
    payload = unpack(bytes(run.snapshot.payload))
    if digest(payload) != run.input_digest:
        raise ValueError(f"The inputs of run {run.pk} do not match their digest.")
    snapshot: dict[str, Any] = orjson.loads(payload)
    return snapshot


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)
