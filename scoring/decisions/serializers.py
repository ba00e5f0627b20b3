from typing import Any

from rest_framework import serializers

from projects.proposals.models.proposals import Proposal
from projects.proposals.serializers import VisibleProposalField
from scoring.decisions.models import Condition, Decision
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


class MeetSerializer(serializers.Serializer[Any]):
    how = serializers.CharField(max_length=500, allow_blank=True, required=False)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    conditions = ConditionSerializer(many=True, required=False)
    decided_by = serializers.CharField(source="decided_by.username", read_only=True)
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
            "letter",
            "rank",
            "line",
            "budget",
            "decided_by",
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
