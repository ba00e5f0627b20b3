"""Bringing lists of proposals in through the API, by the same reader as the pages."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.imports import serializers
from projects.imports.models import Batch
from projects.imports.services.batches import (
    ask_worker,
    import_batch,
    is_long,
    open_batch,
    save_batch,
    table_of,
    undo_batch,
)
from projects.people.requests import signed_in

READ = {200: serializers.ReadListSerializer}


class ImportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Batch]
):
    """Lists on their way in. For administrators."""

    queryset = Batch.objects.none()
    filterset_fields = ["state", "cycle"]
    lookup_value_converter = "int"

    def get_serializer_class(self) -> Any:
        if self.action == "list":
            return serializers.ListSerializer
        return serializers.ReadListSerializer

    def get_queryset(self) -> QuerySet[Batch]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        if not signed_in(self.request).is_superuser:
            raise PermissionDenied("Only an administrator imports a list.")
        lists = Batch.objects.all()
        return lists.defer("content") if self.action == "list" else lists

    @extend_schema(
        request=serializers.UploadSerializer, responses={201: serializers.ReadListSerializer}
    )
    def create(self, request: Request) -> Response:
        """Open a file. The answer says how it is read; nothing comes in yet."""
        body = serializers.UploadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        batch = open_batch(actor=signed_in(request), **body.validated_data)
        return self._answer(batch, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.ChangeSerializer, responses=READ)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what columns become, cells, rows left out, or how the file is read."""
        batch = self.get_object()
        body = serializers.ChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        save_batch(actor=signed_in(request), batch=batch, **body.validated_data)
        return self._answer(batch)

    @extend_schema(
        request=None,
        responses=READ | {202: serializers.ReadListSerializer},
        operation_id="imports_bring_in",
    )
    @action(detail=True, methods=["post"], url_path="bring-in")
    def bring_in(self, request: Request, pk: int) -> Response:
        """Bring the list in, all rows or none; a long one by a worker (202)."""
        batch, user = self.get_object(), signed_in(request)
        if is_long(table_of(batch)):
            ask_worker(actor=user, batch=batch, work=Batch.Work.IMPORT)
            return self._answer(batch, status.HTTP_202_ACCEPTED)
        report = import_batch(actor=user, batch=batch)
        if report.errors:
            raise ValidationError(
                {f"{error.row}.{error.column}": error.message for error in report.errors}
            )
        return self._answer(batch)

    @extend_schema(request=None, responses=READ)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """Take back what came of it, as long as nobody has built on it."""
        batch = self.get_object()
        undo_batch(actor=signed_in(request), batch=batch)
        return self._answer(batch)

    def _answer(self, batch: Batch, code: int = status.HTTP_200_OK) -> Response:
        batch.refresh_from_db()
        return Response(self.get_serializer(batch).data, status=code)
