from typing import Any, ClassVar

from rest_framework import serializers

from projects.customers.models import JourneyStage, Persona, Promise, Segment, SegmentFigure
from projects.customers.selectors import segment_of


class JourneyStageSerializer(serializers.ModelSerializer[JourneyStage]):
    class Meta:
        model = JourneyStage
        fields = ["id", "name", "position", "weight", "pain", "owner"]


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    class Meta:
        model = Segment
        fields = ["id", "name"]


class PersonaSerializer(serializers.ModelSerializer[Persona]):
    """A portrait; ``segments`` by their ids, ``replaces`` by the id of the older one."""

    class Meta:
        model = Persona
        fields = ["id", "name", "segments", *Persona.TOLD, "buyer_facts", "replaces", "created_at"]
        # The service says what is wrong with one that replaces a replaced one.
        extra_kwargs: ClassVar[dict[str, Any]] = {"replaces": {"validators": []}}


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    """A promise; ``deliverer`` is a person's id, ``agreed_at`` empty until they agree."""

    class Meta:
        model = Promise
        fields = ["id", "words", "where", "deliverer", "agreed_at", "created_at"]
        read_only_fields = ["agreed_at"]


class DelivererSerializer(serializers.ModelSerializer[Promise]):
    class Meta:
        model = Promise
        fields = ["deliverer"]


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
