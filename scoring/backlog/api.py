"""The backlog through the API: runs, results, exports and decisions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.requests import signed_in
from scoring.backlog import serializers
from scoring.backlog.filters import BacklogFilter, view_address
from scoring.backlog.models import SavedView
from scoring.backlog.selectors.backlog import results_before, results_of
from scoring.backlog.services.ledger import ledger_of
from scoring.backlog.services.saved_views import remove_view, save_view
from scoring.ranking.models import RankedProposal
from scoring.ranking.selectors import runs as run_reads
from scoring.ranking.selectors.snapshot import load_part


class BacklogViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RankedProposal]
):
    """The one shared backlog: the current run's results in their order."""

    queryset = RankedProposal.objects.none()
    filterset_class = BacklogFilter
    lookup_field = "proposal"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[RankedProposal]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        user = signed_in(self.request)
        run = run_reads.current_run_id(user)
        if run is None:
            if due := run_reads.judgements_due(user, None):
                raise PermissionDenied(run_reads.closed_to_judges(due))
            return super().get_queryset()
        return results_of(run).select_related("run", "proposal")

    def filter_queryset(
        self, queryset: QuerySet[RankedProposal, Any]
    ) -> QuerySet[RankedProposal, Any]:
        asked = set(self.request.query_params) - {"page"}
        return super().filter_queryset(queryset) if asked else queryset

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The lines in their order, laid out from the columns: a list is read far more often."""
        found = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(found.values_list(*serializers.LINE_COLUMNS))
        return self.get_paginated_response([serializers.line_of(row) for row in page or ()])

    def get_serializer_class(self) -> type[Any]:
        if self.action == "retrieve":
            return serializers.ExplainedProposalSerializer
        return serializers.RankedProposalSerializer

    @extend_schema(responses=serializers.LedgerSerializer)
    @action(detail=True)
    def ledger(self, request: Request, proposal: int) -> Response:
        """Why value and rank moved since the run before: causes with exact shares."""
        result = self.get_object()
        before = results_before(result.run, signed_in(request)).filter(proposal=proposal).first()
        found = before and ledger_of(before, result, load_part(result.run, proposal))
        if not found:
            raise NotFound("There is no run before that this move could be split from.")
        return Response(serializers.LedgerSerializer(found).data)


class SavedViewViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[SavedView]):
    """Filters of the backlog that the person keeps under a name."""

    queryset = SavedView.objects.none()
    serializer_class = serializers.SavedViewSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[SavedView]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return SavedView.objects.filter(owner=signed_in(self.request))

    def create(self, request: Request) -> Response:
        """Keep a filter: ``query`` is the part of an address after the question mark."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        query = view_address(QueryDict(body.validated_data["query"]))
        made = save_view(actor=signed_in(request), name=body.validated_data["name"], query=query)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: int) -> Response:
        remove_view(actor=signed_in(request), view=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
