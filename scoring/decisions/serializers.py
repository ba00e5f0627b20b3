from typing import Any

from rest_framework import serializers

from projects.proposals.models.proposals import Proposal
from projects.proposals.serializers import VisibleProposalField
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.what_if.models import Override


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    """What must be true first, who sees to it (a person's id) and by when."""

    met_by = serializers.CharField(
        source="met_by.username", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Condition
        fields = ["id", "text", "owner", "due", "how", "met_by", "met_at"]
        read_only_fields = ["how", "met_at"]


class ConditionToBeSerializer(serializers.Serializer[Any]):
    """A condition of a decision that is not recorded yet."""

    text = serializers.CharField()
    owner = serializers.IntegerField()
    due = serializers.DateField()


class MeetSerializer(serializers.Serializer[Any]):
    how = serializers.CharField(max_length=500, allow_blank=True, required=False)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    conditions = ConditionSerializer(many=True, required=False)
    decided_by = serializers.CharField(source="decided_by.username", read_only=True)
    seconded_by = serializers.CharField(
        source="seconded_by.username", read_only=True, allow_null=True, default=None
    )
    # Null where it is hidden, see below.
    line = serializers.CharField(read_only=True, allow_null=True)
    override_code = serializers.ChoiceField(
        choices=Override.choices, allow_blank=True, allow_null=True, required=False
    )

    class Meta:
        model = Decision
        fields = [
            "id",
            "proposal",
            "run",
            "framework_version",
            "outcome",
            "reason",
            "conditions",
            "override_code",
            "exception",
            "hold_until",
            "letter",
            "rank",
            "line",
            "budget",
            "decided_by",
            "seconded_by",
            "decided_at",
        ]
        read_only_fields = ["framework_version", "letter", "rank", "line", "budget", "decided_at"]

    def to_representation(self, instance: Decision) -> dict[str, Any]:
        """Where it stood stays hidden from a panelist to whom the run is not open yet.

        The letter is for the owners, who decided, leaders and administrators.
        """
        shown = dict(super().to_representation(instance))
        if not getattr(instance, "has_letter", True):
            shown["letter"] = ""
        if not getattr(instance, "is_open", True):
            shown |= dict.fromkeys(("rank", "line", "override_code"))
        return shown


class PreparedSerializer(serializers.ModelSerializer[PreparedDecision]):
    """What waits for a second leader; ``decision`` once that one agreed."""

    prepared_by = serializers.CharField(source="prepared_by.username", read_only=True)
    override_code = serializers.ChoiceField(choices=Override.choices, allow_blank=True)
    conditions = ConditionToBeSerializer(many=True, read_only=True)

    class Meta:
        model = PreparedDecision
        fields = [
            "id",
            "proposal",
            "run",
            "outcome",
            "reason",
            "override_code",
            "exception",
            "conditions",
            "why",
            "prepared_by",
            "prepared_at",
            "ended_at",
            "ended_because",
            "decision",
        ]
        read_only_fields = fields


class TurnDownSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=500)
