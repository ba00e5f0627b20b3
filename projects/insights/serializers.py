from typing import Any, ClassVar

from rest_framework import serializers

from projects.insights.models import Insight


class InsightSerializer(serializers.ModelSerializer[Insight]):
    """A finding. Stage and segment by their ids; ``replaces`` by the id of what it betters."""

    link = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="An address, or empty."
    )

    class Meta:
        model = Insight
        fields = [
            "id",
            "reference",
            "finding",
            "kind",
            "source",
            "sample",
            "gathered_on",
            "stage",
            "segment",
            "link",
            "replaces",
            "created_at",
        ]
        # The service says what is wrong with one that replaces a replaced one.
        extra_kwargs: ClassVar[dict[str, Any]] = {"replaces": {"validators": []}}
