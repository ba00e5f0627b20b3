from typing import Any

from rest_framework import serializers

from scoring.framework.models import Ballot, FrameworkVersion
from scoring.framework.selectors import spec_of


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


class BallotSerializer(serializers.Serializer[Any]):
    text = serializers.IntegerField(help_text="The version of the draft that was read.")
    choice = serializers.ChoiceField(Ballot.Choice.choices)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=500, help_text="Needed for a no."
    )
