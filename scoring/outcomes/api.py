"""Outcomes through the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.requests import signed_in
from projects.proposals.models.proposals import Proposal
from scoring.outcomes import serializers
from scoring.outcomes.models import Report
from scoring.outcomes.selectors import greenlit, standings
from scoring.outcomes.services import progress_of, report_progress


class ReportViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Report]):
    """Reports on greenlit proposals. One is kept; of a day the one entered last counts."""

    queryset = Report.objects.select_related("reported_by")
    serializer_class = serializers.ReportSerializer
    filterset_fields = ("proposal", "as_of", "state")

    @extend_schema(responses={201: serializers.ReportSerializer})
    def create(self, request: Request) -> Response:
        """Report on a greenlit proposal: its owners and Finance. The same again is kept once."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        kept = report_progress(actor=signed_in(request), report=Report(**body.validated_data))
        return Response(self.get_serializer(kept).data, status=status.HTTP_201_CREATED)


class OutcomeViewSet(viewsets.GenericViewSet[Proposal]):
    """What was expected of greenlit proposals, and what came of it."""

    queryset = greenlit()
    serializer_class = serializers.ProgressSerializer

    @extend_schema(responses=serializers.ProgressSerializer(many=True))
    def list(self, _request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        found = standings(greenlit().filter(pk__in=[proposal.pk for proposal in page or []]))
        rows = serializers.ProgressSerializer(progress_of(found), many=True).data
        return self.get_paginated_response(rows)
