from typing import Any

from rest_framework import serializers

from projects.proposals.models.proposals import Proposal
from projects.proposals.serializers import VisibleProposalField
from scoring.outcomes.models import Report


class ReportSerializer(serializers.ModelSerializer[Report]):
    """How a greenlit proposal stood on one day; ``spent`` and ``brought`` since the greenlight."""

    proposal = VisibleProposalField(queryset=Proposal.objects.all())
    link = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="An address, or empty."
    )
    reported_by = serializers.CharField(source="reported_by.username", read_only=True)

    class Meta:
        model = Report
        fields = [
            "id",
            "proposal",
            "as_of",
            "state",
            "spent",
            "brought",
            "finish",
            "note",
            "link",
            "reported_by",
            "created_at",
        ]


class ExpectedSerializer(serializers.Serializer[Any]):
    """P10, P50 and P90 of a sum by the day."""

    low = serializers.FloatField()
    likely = serializers.FloatField()
    high = serializers.FloatField()


class ProgressSerializer(serializers.Serializer[Any]):
    """What was expected of a greenlit proposal by the day of its newest report, and what came."""

    proposal = serializers.IntegerField(source="standing.proposal.pk")
    decision = serializers.IntegerField(source="standing.decision.pk")
    report = ReportSerializer(allow_null=True)
    months = serializers.FloatField(help_text="Since the decision.")
    spent = ExpectedSerializer()
    brought = ExpectedSerializer()
    promised_roi = serializers.FloatField(source="promised", allow_null=True)
    on_course_roi = serializers.FloatField(source="on_course", allow_null=True)
