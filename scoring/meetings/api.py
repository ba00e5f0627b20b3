"""Where the panel differs, through the API. Meetings are held by people, on their pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from scoring.framework.selectors import published_scales
from scoring.meetings.selectors.differences import differences
from scoring.meetings.serializers import QuestionWorthSerializer
from scoring.panel.requests import panelist


class DifferenceViewSet(viewsets.ViewSet):
    """Questions on which the panel's answers differ, most worth talking about first."""

    @extend_schema(responses=QuestionWorthSerializer(many=True))
    def list(self, request: Request) -> Response:
        """On open proposals that one has judged; for the panel."""
        user, version = panelist(request), published_scales()
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
