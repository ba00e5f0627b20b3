from rest_framework import serializers

from scoring.ranking.models import RankingRun


class RunSerializer(serializers.ModelSerializer[RankingRun]):
    requested_by = serializers.CharField(
        source="requested_by.username", default=None, read_only=True
    )

    class Meta:
        model = RankingRun
        fields = [
            "id",
            "status",
            "trigger",
            "requested_by",
            "cycle",
            "framework_version",
            "created_at",
            "started_at",
            "finished_at",
            "stage",
            "progress",
            "error",
            "seed",
            "draws",
            "engine_version",
            "input_digest",
            "result_digest",
            "facts",
        ]
