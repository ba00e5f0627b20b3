from typing import Any, ClassVar

from rest_framework import serializers

from projects.insights.models import Insight, ResearchRequest
from projects.people.models import User


class InsightSerializer(serializers.ModelSerializer[Insight]):
    """A finding. Stage, segment, persona by their ids; ``replaces`` by that of what it betters."""

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
            "persona",
            "link",
            "replaces",
            "created_at",
        ]
        # The service says what is wrong with one that replaces a replaced one.
        extra_kwargs: ClassVar[dict[str, Any]] = {"replaces": {"validators": []}}


class ResearchSerializer(serializers.ModelSerializer[ResearchRequest]):
    """A question to customers; ``state`` is Asked, Planned, Under way or Done."""

    state = serializers.CharField(read_only=True)

    class Meta:
        model = ResearchRequest
        fields = [
            "id",
            "question",
            "why",
            "stage",
            "segment",
            "state",
            "asked_by",
            "asked_at",
            "run_by",
            "planned_for",
            "answered_by",
        ]
        read_only_fields = ["asked_by", "run_by", "planned_for", "answered_by"]


class ResearchPlanSerializer(serializers.Serializer[Any]):
    run_by = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    planned_for = serializers.DateField()


class ResearchAnswerSerializer(serializers.Serializer[Any]):
    insight = serializers.PrimaryKeyRelatedField(queryset=Insight.objects.all())
