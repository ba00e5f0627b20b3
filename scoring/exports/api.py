"""Exports of the backlog through the API."""

import orjson
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import Conflict
from projects.http import creation_key, repeatable
from projects.people.requests import signed_in
from scoring.backlog.filters import view_address
from scoring.exports import serializers
from scoring.exports.files.json import SCHEMA
from scoring.exports.files.signing import public_key
from scoring.exports.models import ExportJob
from scoring.exports.selectors import exports_of
from scoring.exports.services.requests import request_export
from scoring.exports.services.send import file_response
from scoring.ranking.selectors import runs as run_reads


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
        return exports_of(signed_in(self.request))

    @repeatable
    @extend_schema(
        request=serializers.ExportBodySerializer, responses={202: serializers.ExportSerializer}
    )
    def create(self, request: Request) -> Response:
        """Ask for an export of the current backlog. Answers before the file is there."""
        body = serializers.ExportBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = signed_in(request)
        run = run_reads.current_run(user)
        if run is None:
            if due := run_reads.judgements_due(user, None):
                raise PermissionDenied(run_reads.closed_to_judges(due))
            raise Conflict("Nothing is ranked yet, so there is nothing to export.")
        made = request_export(
            actor=user,
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
