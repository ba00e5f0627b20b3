"""The plan as JSON; null is missing, never zero."""

from typing import Any

from rest_framework import serializers

from scoring.what_if.models import Scenario


class PlanSerializer(serializers.ModelSerializer[Scenario]):
    """A scenario that was adopted, with what it funded and brought as it was then."""

    adopted_by = serializers.CharField(source="adopted_by.username", read_only=True)
    outcome = serializers.JSONField(read_only=True)

    class Meta:
        model = Scenario
        fields = ["id", "name", "query", "cycle", "run", "adopted_by", "adopted_at", "outcome"]
        read_only_fields = fields


class AdoptSerializer(serializers.Serializer[Any]):
    """``query`` as in the address of the plan; ``seen`` the plan that stands, 0 where none does."""

    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=2000, allow_blank=True)
    seen = serializers.IntegerField(min_value=0, default=0)


class PoolSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    spent = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    wrong = serializers.CharField(help_text="too much, too little, or nothing")
    unit = serializers.CharField(help_text="days, or nothing where it is money")
    unstated = serializers.IntegerField(help_text="Chosen proposals that state no days of work.")


class MixSerializer(serializers.Serializer[Any]):
    proposals = serializers.ListField(child=serializers.IntegerField())
    spent = serializers.FloatField()
    left = serializers.FloatField()
    returns = serializers.FloatField(help_text="Expected, of those whose return is known.")
    returns_p10 = serializers.FloatField(source="low")
    returns_p90 = serializers.FloatField(source="high")
    without_return = serializers.IntegerField(source="unknown")
    impact = serializers.FloatField()
    without_impact = serializers.IntegerField(source="unfelt")
    gap = serializers.FloatField(allow_null=True)
    pools = PoolSerializer(many=True)


class PriceSerializer(serializers.Serializer[Any]):
    """What taking an exception back would bring."""

    proposal = serializers.IntegerField()
    gain = serializers.FloatField()
    impact = serializers.FloatField()
    pushes_out = serializers.ListField(child=serializers.CharField())


class ShareSerializer(serializers.Serializer[Any]):
    proposal = serializers.IntegerField()
    share = serializers.FloatField()


class NumberSerializer(serializers.Serializer[Any]):
    """An uncertain number of a proposal, and what knowing it is worth at most, in money."""

    proposal = serializers.IntegerField()
    name = serializers.CharField()
    worth = serializers.FloatField()
    inside = serializers.BooleanField(help_text="Whether the best mix holds the proposal now.")


class WaysSerializer(serializers.Serializer[Any]):
    """The budget spent three ways; ``torn`` names rules that cannot hold together."""

    torn = serializers.ListField(child=serializers.CharField())
    listed = MixSerializer(allow_null=True)
    best = MixSerializer(allow_null=True)
    sure = MixSerializer(allow_null=True)
    in_futures = ShareSerializer(
        many=True, help_text="In which share of the futures the best mix holds a proposal."
    )
    exceptions = PriceSerializer(many=True)
