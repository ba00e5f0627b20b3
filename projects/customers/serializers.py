from rest_framework import serializers

from projects.customers.models import JourneyStage, Segment, SegmentFigure
from projects.customers.selectors import segment_of


class JourneyStageSerializer(serializers.ModelSerializer[JourneyStage]):
    class Meta:
        model = JourneyStage
        fields = ["id", "name", "position", "weight"]


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    class Meta:
        model = Segment
        fields = ["id", "name"]


class SegmentFigureSerializer(serializers.ModelSerializer[SegmentFigure]):
    """Figures of one day. A segment of a new name is made with its first figures."""

    segment = serializers.CharField(max_length=60)
    currency = serializers.CharField(
        max_length=3, required=False, help_text="Left out, that of the current cycle."
    )

    class Meta:
        model = SegmentFigure
        fields = [
            "id",
            "segment",
            "as_of",
            "customers",
            "margin",
            "retention",
            "acquisition_cost",
            "currency",
            "source",
            "created_at",
        ]

    def figure(self) -> SegmentFigure:
        """The row to keep."""
        data = dict(self.validated_data)
        return SegmentFigure(segment=segment_of(data.pop("segment")), **data)
