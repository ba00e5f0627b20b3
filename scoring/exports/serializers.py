from typing import Any

from rest_framework import serializers

from scoring.exports.models import ExportJob


class ExportSerializer(serializers.ModelSerializer[ExportJob]):
    """An export of one's own. Its file is at ``file/`` once the status is done."""

    filter = serializers.CharField(source="query", read_only=True)

    class Meta:
        model = ExportJob
        fields = [
            "id",
            "run",
            "format",
            "filter",
            "status",
            "stage",
            "progress",
            "error",
            "rows",
            "size",
            "created_at",
            "finished_at",
            "expires_at",
        ]


class ExportFormSerializer(serializers.Serializer[Any]):
    schema = serializers.DictField(help_text="JSON schema of a JSON export.")
    key = serializers.CharField(help_text="Public key, for verify_export --key.")


class ExportBodySerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=ExportJob.Format.choices)
    filter = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="As in an address of the backlog, such as status=submitted&sort=-roi.",
    )
