from rest_framework import serializers

from projects.customers.models import JourneyStage, Segment


class JourneyStageSerializer(serializers.ModelSerializer[JourneyStage]):
    class Meta:
        model = JourneyStage
        fields = ["id", "name", "position", "weight"]


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    class Meta:
        model = Segment
        fields = ["id", "name"]
