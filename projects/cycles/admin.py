from django.contrib import admin

from projects.cycles.models import Cycle


@admin.register(Cycle)
class CycleAdmin(admin.ModelAdmin[Cycle]):
    list_display = ("name", "intake_opens", "intake_closes", "budget", "currency", "is_current")
