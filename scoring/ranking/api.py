"""Ranking runs through the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.requests import signed_in
from scoring.ranking import serializers
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors import runs as run_reads
from scoring.ranking.services.runs import cancel_run, request_run


class RunViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RankingRun]
):
    """Ranking runs: ask for one, watch its progress, read its seal."""

    queryset = RankingRun.objects.none()
    serializer_class = serializers.RunSerializer
    filterset_fields = ["status", "cycle"]
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[RankingRun]:
        """Without runs that rank what the person has yet to judge."""
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return run_reads.open_to(signed_in(self.request), run_reads.runs())

    @extend_schema(request=None, responses={202: serializers.RunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a ranking. A run that still waits is handed back."""
        run = request_run(actor=signed_in(request), trigger=RankingRun.Trigger.API)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=serializers.RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancel a run that waits or works; one that is over answers 409."""
        run = self.get_object()
        cancel_run(actor=signed_in(request), run=run)
        return Response(self.get_serializer(self.get_object()).data)
