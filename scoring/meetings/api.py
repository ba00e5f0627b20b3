"""Where the panel differs, through the API. Meetings are held by people, on their pages."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.requests import signed_in
from scoring.framework.selectors import published_scales
from scoring.meetings.selectors.differences import differences
from scoring.meetings.serializers import QuestionWorthSerializer
from scoring.panel.selectors import is_panelist


class DifferenceViewSet(viewsets.ViewSet):
    """Questions on which the panel's answers differ, most worth talking about first."""

    @extend_schema(responses=QuestionWorthSerializer(many=True))
    def list(self, request: Request) -> Response:
        """On open proposals that one has judged; for the panel."""
        user, version = signed_in(request), published_scales()
        if not is_panelist(user):
            raise PermissionDenied("Only people with a panel seat see where the panel differs.")
        found = differences(user, version).questions if version is not None else []
        rows = [
            {
                "proposal": proposal.pk,
                "reference": proposal.reference,
                "title": proposal.title,
                "criterion": cell.criterion.key,
                "low": cell.low,
                "high": cell.high,
                "judges": cell.judges,
                "worth": cell.worth,
            }
            for proposal, cell in found
        ]
        return Response(QuestionWorthSerializer(rows, many=True).data)
