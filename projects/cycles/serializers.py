from rest_framework import serializers

from projects.cycles.models import Cycle


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    class Meta:
        model = Cycle
        fields = [
            "id",
            "name",
            "intake_opens",
            "intake_closes",
            "time_zone",
            "budget",
            "currency",
            "allows_solo",
            "is_current",
        ]
