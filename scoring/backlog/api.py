"""The backlog through the API: runs, results, exports and decisions."""

from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import FileResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import Conflict
from projects.http import creation_key, person
from scoring.backlog import serializers
from scoring.backlog.filters import BacklogFilter, DecisionFilter, view_address
from scoring.backlog.selectors.backlog import results_before, results_of
from scoring.backlog.services.ledger import ledger_of
from scoring.decisions.models import Decision
from scoring.decisions.services import decide
from scoring.exports.files.json import SCHEMA
from scoring.exports.files.signing import public_key
from scoring.exports.models import ExportJob
from scoring.exports.selectors import exports_of
from scoring.exports.services.requests import request_export
from scoring.exports.services.send import file_response
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors import runs as run_reads
from scoring.ranking.selectors.snapshot import load_part
from scoring.ranking.services.runs import cancel_run, request_run
from scoring.what_if import serializers as shapes


class RunViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[RankingRun]
):
    """Ranking runs: ask for one, watch its progress, read its seal."""

    queryset = run_reads.runs()
    serializer_class = serializers.RunSerializer
    filterset_fields = ["status", "cycle"]
    lookup_value_converter = "int"

    @extend_schema(request=None, responses={202: serializers.RunSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a ranking. A run that still waits is handed back."""
        run = request_run(actor=person(request), trigger=RankingRun.Trigger.API)
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=serializers.RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """Cancel a run that waits or works; one that is over answers 409."""
        run = self.get_object()
        cancel_run(actor=person(request), run=run)
        return Response(self.get_serializer(self.get_object()).data)


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
        run = run_reads.current_run_id()
        if run is None:
            return super().get_queryset()
        return results_of(run, person(self.request)).select_related("run", "proposal")

    def filter_queryset(
        self, queryset: QuerySet[RankedProposal, Any]
    ) -> QuerySet[RankedProposal, Any]:
        asked = view_address(self.request.query_params)
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

    @extend_schema(responses=shapes.LedgerSerializer)
    @action(detail=True)
    def ledger(self, request: Request, proposal: int) -> Response:
        """Why value and rank moved since the run before: causes with exact shares."""
        result = self.get_object()
        before = results_before(result.run).filter(proposal=proposal).first()
        found = before and ledger_of(before, result, load_part(result.run, proposal))
        if not found:
            raise NotFound("There is no run before that this move could be split from.")
        return Response(shapes.LedgerSerializer(found).data)


class ExportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ExportJob]
):
    """One's own exports of the backlog, written by a worker and kept for a day."""

    queryset = ExportJob.objects.none()
    serializer_class = serializers.ExportSerializer
    filterset_fields = ["status", "format"]
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[ExportJob]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return exports_of(person(self.request))

    @extend_schema(
        request=serializers.ExportBodySerializer, responses={202: serializers.ExportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Ask for an export of the current backlog. Answers before the file is there."""
        body = serializers.ExportBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        run = run_reads.current_run()
        if run is None:
            raise Conflict("Nothing is ranked yet, so there is nothing to export.")
        made = request_export(
            actor=person(request),
            run=run,
            kind=body.validated_data["format"],
            query=view_address(QueryDict(body.validated_data["filter"])),
            creation_key=creation_key(request),
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: int) -> FileResponse:
        """The file itself. 404 before it is there and after its day."""
        return file_response(self.get_object())

    @extend_schema(responses=serializers.ExportFormSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def form(self, request: Request) -> Response:
        """The JSON schema of the files, and the public key that signs them now."""
        return Response({"schema": orjson.loads(SCHEMA.read_bytes()), "key": public_key()})


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
            actor=person(request), creation_key=creation_key(request), **body.validated_data
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)
