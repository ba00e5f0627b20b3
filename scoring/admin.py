"""Plain lists for the administrator: people, teams, seats, cycles, journey, segments."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from projects.audit.models import AuditEntry
from projects.customers.models import JourneyStage, Segment
from projects.cycles.models import Cycle
from projects.people.models import Team, User
from scoring.panel.models import Seat

# Rights follow from team, seat and flags; a group would be a second way that nothing shows.
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("username", "first_name", "last_name", "team", "is_leader", "is_active")
    list_filter = ("is_active", "is_leader", "team__function")
    list_select_related = ("team",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "team")}),
        ("Rights", {"fields": ("is_active", "is_leader", "is_superuser")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "usable_password", "password1", "password2"),
            },
        ),
    )
    filter_horizontal = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # People are switched off, never deleted: their signatures and scores stay.
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    list_display = ("name", "function")
    list_filter = ("function",)
    search_fields = ("name",)


@admin.register(Seat)
class SeatAdmin(admin.ModelAdmin[Seat]):
    list_display = ("user", "team", "is_chair", "is_active")
    list_select_related = ("user__team",)

    @admin.display(ordering="user__team__name")
    def team(self, seat: Seat) -> str:
        return str(seat.user.team or "")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Cycle)
class CycleAdmin(admin.ModelAdmin[Cycle]):
    list_display = ("name", "intake_opens", "intake_closes", "budget", "currency", "is_current")


@admin.register(JourneyStage)
class JourneyStageAdmin(admin.ModelAdmin[JourneyStage]):
    list_display = ("name", "position", "weight")


@admin.register(Segment)
class SegmentAdmin(admin.ModelAdmin[Segment]):
    list_display = ("name",)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    list_display = ("number", "at", "actor", "action", "subject")
    list_filter = ("action",)
    list_select_related = ("actor",)
    search_fields = ("subject",)

    def get_exclude(self, request: HttpRequest, obj: AuditEntry | None = None) -> list[str]:
        # Nobody reads a person's scorecard, administrators included; the chain keeps it.
        return ["data"] if obj is not None and obj.action.startswith("scorecard.") else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
