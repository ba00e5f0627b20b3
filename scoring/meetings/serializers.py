from typing import Any

from rest_framework import serializers


class QuestionWorthSerializer(serializers.Serializer[Any]):
    """A criterion on a proposal on which answers differ, in points of 100."""

    proposal = serializers.IntegerField()
    reference = serializers.CharField()
    title = serializers.CharField()
    criterion = serializers.CharField(help_text="The criterion's key.")
    low = serializers.FloatField()
    high = serializers.FloatField()
    judges = serializers.IntegerField()
    worth = serializers.FloatField(
        allow_null=True,
        help_text="Chance that settling it takes the proposal over the budget line; null without "
        "a ranking that is open to the reader.",
    )
