"""Intake through the API."""

from projects.proposals.api.around import (
    CoAuthorViewSet,
    CommentViewSet,
    FileViewSet,
    LinkViewSet,
)
from projects.proposals.api.proposals import ProposalViewSet, SegmentFigureViewSet

__all__ = [
    "CoAuthorViewSet",
    "CommentViewSet",
    "FileViewSet",
    "LinkViewSet",
    "ProposalViewSet",
    "SegmentFigureViewSet",
]
