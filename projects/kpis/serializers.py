from typing import Any, ClassVar

from rest_framework import serializers

from projects.kpis.models import Kpi, KpiValue


class KpiSerializer(serializers.ModelSerializer[Kpi]):
    """A number that Marketing and CX both read; ``stage`` by its id."""

    class Meta:
        model = Kpi
        fields = [
            "id",
            "name",
            "definition",
            "unit",
            "better",
            "stage",
            "function",
            "source",
            "every",
            "created_at",
        ]
        # The service names the field, also where two add the same at once.
        extra_kwargs: ClassVar[dict[str, Any]] = {"name": {"validators": []}}


class KpiValueSerializer(serializers.ModelSerializer[KpiValue]):
    class Meta:
        model = KpiValue
        fields = ["id", "kpi", "as_of", "value", "created_at"]
