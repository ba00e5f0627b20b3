from django.contrib import admin

from projects.customers.models import JourneyStage, Segment


@admin.register(JourneyStage)
class JourneyStageAdmin(admin.ModelAdmin[JourneyStage]):
    list_display = ("name", "position", "weight")


@admin.register(Segment)
class SegmentAdmin(admin.ModelAdmin[Segment]):
    list_display = ("name",)
