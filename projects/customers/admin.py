from django.contrib import admin

from projects.customers.models import JourneyStage, Segment
from projects.registers import Register


@admin.register(JourneyStage)
class JourneyStageAdmin(Register[JourneyStage]):
    list_display = ("name", "position", "weight", "owner", "pain")


@admin.register(Segment)
class SegmentAdmin(Register[Segment]):
    list_display = ("name",)
