from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from projects.cycles.models import Cycle
from projects.imports.models import Batch
from projects.imports.services.batches import errors_in, table_of
from projects.imports.services.table import ENCODINGS, SEPARATORS
from projects.people.requests import signed_in
from projects.proposals.serializers import Base64Field

SCALES = (1, 1_000, 1_000_000)


class ListSerializer(serializers.ModelSerializer[Batch]):
    """A list, without what is in it."""

    class Meta:
        model = Batch
        fields = ["id", "file_name", "cycle", "state", "status", "progress", "error", "created_at"]


class CellSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="As numbered in the file; 0 means the whole list.")
    column = serializers.CharField()
    message = serializers.CharField()


class ChoicesSerializer(serializers.Serializer[Any]):
    targets = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=80),
        help_text="What each column becomes, such as title or money.retention.likely.",
    )
    scales = serializers.DictField(
        child=serializers.ChoiceField(SCALES),
        required=False,
        help_text="What the amounts of a column are multiplied with.",
    )
    marketing_owner = serializers.CharField(required=False, allow_blank=True, max_length=150)
    cx_owner = serializers.CharField(required=False, allow_blank=True, max_length=150)
    new_places = serializers.BooleanField(
        required=False, help_text="Create journey stages and segments that are not here yet."
    )
    marketing_team = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=18,
        help_text="Number of the team that unknown Marketing owners become people of.",
    )
    cx_team = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=18,
        help_text="Number of the team that unknown CX owners become people of.",
    )
    attestation = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="Where and when both owners agreed: the proposals come in signed and submitted.",
    )


class ReadingSerializer(serializers.Serializer[Any]):
    """How the file is read, where it was not found out rightly."""

    sheet = serializers.CharField(required=False, max_length=200)
    encoding = serializers.ChoiceField(list(ENCODINGS), required=False)
    delimiter = serializers.ChoiceField(list(SEPARATORS), required=False)
    head_row = serializers.IntegerField(required=False, min_value=1, max_value=1_000)
    decimal = serializers.ChoiceField([".", ","], required=False)
    days_first = serializers.BooleanField(required=False)


class DialectSerializer(serializers.Serializer[Any]):
    """How the file is read; null where nothing in it tells."""

    sheet = serializers.CharField(allow_blank=True)
    encoding = serializers.CharField(allow_blank=True)
    delimiter = serializers.CharField(allow_blank=True)
    head_row = serializers.IntegerField()
    decimal = serializers.CharField(allow_null=True)
    days_first = serializers.BooleanField(allow_null=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """What to change of a list; what is not named stays."""

    choices = ChoicesSerializer(required=False)
    reading = ReadingSerializer(required=False)
    mended = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)),
        required=False,
        help_text="Cells typed anew: row, then column, then text.",
    )
    left_out = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Rows that stay outside."
    )


class UploadSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, help_text="With its ending: .csv, .xlsx, .ods.")
    content = Base64Field(help_text="The file in Base64.")
    cycle = serializers.PrimaryKeyRelatedField(queryset=Cycle.objects.all())


class ReadListSerializer(ListSerializer):
    """A list as it is read now: what each column becomes, and what an import would refuse.

    While ``status`` is queued or running, a worker reads it: ask again until it is done.
    """

    choices = ChoicesSerializer()
    read_as = serializers.SerializerMethodField(help_text="How the file is read.")
    rows = serializers.SerializerMethodField(help_text="How many would come in.")
    wrong = serializers.SerializerMethodField(help_text="Cells that an import would refuse.")
    made = serializers.SerializerMethodField(help_text="Numbers of the proposals that came of it.")

    class Meta(ListSerializer.Meta):
        fields = [
            *ListSerializer.Meta.fields,
            *("columns", "choices", "read_as", "mended", "left_out", "rows", "wrong", "made"),
        ]

    def to_representation(self, instance: Batch) -> dict[str, Any]:
        self._table = table_of(instance)
        return super().to_representation(instance)

    @extend_schema_field(DialectSerializer)
    def get_read_as(self, _batch: Batch) -> dict[str, Any]:
        return asdict(self._table.dialect)

    def get_rows(self, _batch: Batch) -> int:
        return len(self._table.rows)

    @extend_schema_field(CellSerializer(many=True))
    def get_wrong(self, batch: Batch) -> list[dict[str, Any]]:
        if batch.state != Batch.State.OPEN or batch.is_active:
            return []
        actor = signed_in(self.context["request"])
        found = errors_in(actor=actor, batch=batch, table=self._table)
        return [asdict(error) for error in found]

    def get_made(self, batch: Batch) -> list[int]:
        return [number for number, _ in batch.made]
