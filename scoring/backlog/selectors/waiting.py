"""What a proposal waits for: who does what, by when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.proposals.models.comments import Comment
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Waiting:
    who: str
    what: str
    by: date | None


def waiting_for(
    proposal: Proposal,
    *,
    signed: Collection[str],
    missing: Sequence[Any],
    threads: Sequence[Comment],
    conditions: Sequence[Any],
    links: Sequence[Link],
) -> list[Waiting]:
    """In the order in which it goes on; ``conditions`` of the decision that stands."""
    found = _of_draft(proposal, signed, missing) if proposal.is_draft else []
    found += [
        Waiting(str(thread.to), f"answer {thread.author}", thread.due)
        for thread in threads
        if thread.to is not None and thread.resolved_at is None
    ]
    found += [
        Waiting(str(owner), f"agree, or not: {link}", None)
        for link in links
        for owner in link.awaited
    ]
    if proposal.status == Proposal.Status.CONDITIONAL:
        found += [
            Waiting(str(row.owner or "Nobody named"), f"meet: {row}", row.due)
            for row in conditions
            if row.met_at is None
        ]
    return found


def _of_draft(proposal: Proposal, signed: Collection[str], missing: Sequence[Any]) -> list[Waiting]:
    closes, either = proposal.cycle.intake_closes, " or ".join(map(str, proposal.owners))
    if missing:
        parts = "part" if len(missing) == 1 else "parts"
        return [Waiting(either, f"write {len(missing)} {parts}", closes)]
    owners = zip(Proposal.KEYS, proposal.owners, strict=True)
    unsigned = [Waiting(str(owner), "sign", closes) for key, owner in owners if key not in signed]
    return unsigned or [Waiting(either, "submit", closes)]
