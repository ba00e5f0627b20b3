"""Reads of proposals."""

from projects.proposals.selectors.comments import asked_of, comments_for, may_resolve, threads_on
from projects.proposals.selectors.content import (
    COMMITMENT_FIELDS,
    EFFECT_FIELDS,
    MONEY_FIELDS,
    commitment_content,
    content_of,
    digest_of,
    effect_content,
    estimates_of,
    money_content,
    with_content,
)
from projects.proposals.selectors.reading import (
    links_among,
    links_of,
    owned_by,
    readable_revisions,
    recently_submitted,
    visible_to,
    with_owners,
)
from projects.proposals.selectors.standing import (
    OwnedDraft,
    gaps,
    live_signatures,
    missing_for_submission,
    owned_drafts,
    owned_submitted,
    owner_function,
)

__all__ = [
    "COMMITMENT_FIELDS",
    "EFFECT_FIELDS",
    "MONEY_FIELDS",
    "OwnedDraft",
    "asked_of",
    "comments_for",
    "commitment_content",
    "content_of",
    "digest_of",
    "effect_content",
    "estimates_of",
    "gaps",
    "links_among",
    "links_of",
    "live_signatures",
    "may_resolve",
    "missing_for_submission",
    "money_content",
    "owned_by",
    "owned_drafts",
    "owned_submitted",
    "owner_function",
    "readable_revisions",
    "recently_submitted",
    "threads_on",
    "visible_to",
    "with_content",
    "with_owners",
]
