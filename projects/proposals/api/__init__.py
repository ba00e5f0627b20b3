"""Intake through the API."""

from projects.proposals.api.around import (
    CoAuthorViewSet,
    CommentViewSet,
    FileViewSet,
    LinkViewSet,
)
from projects.proposals.api.proposals import (
    CustomFieldViewSet,
    ProposalViewSet,
    SegmentFigureViewSet,
)

__all__ = [
    "CoAuthorViewSet",
    "CommentViewSet",
    "CustomFieldViewSet",
    "FileViewSet",
    "LinkViewSet",
    "ProposalViewSet",
    "SegmentFigureViewSet",
]
