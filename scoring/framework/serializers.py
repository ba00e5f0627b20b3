from typing import Any

from rest_framework import serializers

from scoring.framework.models import Ballot, DraftComment, FrameworkVersion, WeightOpinion
from scoring.framework.selectors import spec_of
from scoring.framework.services.opinions import EACH, POOLED


class FrameworkVersionSerializer(serializers.ModelSerializer[FrameworkVersion]):
    framework = serializers.CharField(source="framework.name", read_only=True)

    class Meta:
        model = FrameworkVersion
        fields = [
            "id",
            "framework",
            "number",
            "status",
            "summary",
            "published_at",
            "vote_closes",
            "after_cycle",
            "version",
        ]


class FrameworkSpecSerializer(FrameworkVersionSerializer):
    """A version with its whole specification, in the form in which a draft is written."""

    spec = serializers.SerializerMethodField()

    class Meta(FrameworkVersionSerializer.Meta):
        fields = [*FrameworkVersionSerializer.Meta.fields, "spec"]

    def get_spec(self, version: FrameworkVersion) -> dict[str, Any]:
        return spec_of(version)


class SpecBodySerializer(serializers.Serializer[Any]):
    spec = serializers.DictField(help_text="As in the answer of a version. Weights sum to 100.")


class VoteSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(required=False, help_text="7 if left out.")
    at_once = serializers.BooleanField(
        required=False,
        help_text="Ask for rules that also count for proposals which are judged already.",
    )


class BallotSerializer(serializers.Serializer[Any]):
    text = serializers.IntegerField(help_text="The version of the draft that was read.")
    choice = serializers.ChoiceField(Ballot.Choice.choices)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=500, help_text="Needed for a no."
    )


class DraftCommentSerializer(serializers.ModelSerializer[DraftComment]):
    class Meta:
        model = DraftComment
        fields = ["id", "clause", "author", "text", "written_at"]


class CommentBodySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=1000)
    clause = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text="The change by its name; empty for the whole draft.",
    )


class OpinionSerializer(serializers.Serializer[Any]):
    group = serializers.CharField(
        allow_blank=True, max_length=40, help_text="A dimension's key; empty for the dimensions."
    )
    method = serializers.ChoiceField(WeightOpinion.Method.choices)
    answers = serializers.DictField(
        help_text="direct, swing, rank: a number for each key. pairwise: for a pair of keys, such "
        "as cost:fit, how many times as important the first is; negative for the second. "
        "best_worst: best, worst, and over and under with a number for each key."
    )


class WeighedItemSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    own = serializers.FloatField(allow_null=True, help_text="Per cent.")
    mean = serializers.FloatField(allow_null=True, help_text="Per cent.")
    lowest = serializers.FloatField(allow_null=True, help_text="Per cent.")
    highest = serializers.FloatField(allow_null=True, help_text="Per cent.")


class WeighedGroupSerializer(serializers.Serializer[Any]):
    """Others' weights are null until one's own are in."""

    group = serializers.CharField(help_text="A dimension's key; empty for the dimensions.")
    name = serializers.CharField()
    given = serializers.IntegerField(help_text="How many members have weighed it.")
    items = WeighedItemSerializer(many=True)


class WeightsSerializer(serializers.Serializer[Any]):
    asked_at = serializers.DateTimeField(allow_null=True, help_text="Null where nobody is asked.")
    groups = WeighedGroupSerializer(many=True)


class TakeWeightsSerializer(serializers.Serializer[Any]):
    how = serializers.ChoiceField(
        choices=[EACH, POOLED],
        default=EACH,
        help_text="The mean of all members' weights, or everybody's pairs together.",
    )
