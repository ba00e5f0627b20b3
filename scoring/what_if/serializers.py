"""Forms of what can be asked of the backlog through the API: ledgers, views, scenarios."""

from typing import Any

from rest_framework import serializers

from scoring.what_if.models import Scenario


class ScenarioSerializer(serializers.ModelSerializer[Scenario]):
    created_by = serializers.CharField(source="created_by.username", read_only=True)

    class Meta:
        model = Scenario
        fields = ["id", "name", "query", "cycle", "run", "created_by", "created_at"]
        read_only_fields = ["cycle", "run", "created_at"]


class QuestionSerializer(serializers.Serializer[Any]):
    query = serializers.CharField(max_length=2000, allow_blank=True)


class LineSerializer(serializers.Serializer[Any]):
    proposal = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True)
    rank_in_run = serializers.IntegerField(source="was", allow_null=True)
    value = serializers.FloatField(allow_null=True)
    cost = serializers.FloatField(allow_null=True)
    inside = serializers.BooleanField()
    inside_in_run = serializers.BooleanField(source="was_inside")


class OutcomeSerializer(serializers.Serializer[Any]):
    """A list under a question, beside the run; null is missing, never zero."""

    budget = serializers.FloatField(source="answer.budget")
    spent = serializers.FloatField(source="answer.spent")
    lines = LineSerializer(many=True)
