"""Decisions through the API."""

from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.http import creation_key
from projects.people.requests import signed_in
from scoring.decisions import serializers
from scoring.decisions.filters import DecisionFilter
from scoring.decisions.models import Decision
from scoring.decisions.services import decide


class DecisionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Decision]
):
    """Decisions. Recorded once, never changed."""

    queryset = Decision.objects.select_related("decided_by")
    serializer_class = serializers.DecisionSerializer
    filterset_class = DecisionFilter
    lookup_value_converter = "int"

    def create(self, request: Request) -> Response:
        """Decide on a proposal of the current run. Leaders only."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = decide(
            actor=signed_in(request), creation_key=creation_key(request), **body.validated_data
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)
