from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from projects.audit.models import AuditEntry


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
