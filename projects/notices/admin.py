"""What left the house, and what could not."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from jobs.models import Message
from projects.errors import Conflict
from projects.notices.services import resend_message
from projects.people.requests import signed_in


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    list_display = ("created_at", "recipient", "subject", "status", "attempt", "error")
    list_filter = ("status", "kind")
    search_fields = ("recipient", "subject")
    # Not the text: administrators run the installation, and need not read other people's mail.
    fields = (
        ("kind", "recipient"),
        "subject",
        ("status", "attempt"),
        "error",
        ("created_at", "finished_at"),
    )
    actions = ("send_again",)

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        for message in chosen.order_by("pk"):
            try:
                resend_message(actor=signed_in(request), message=message)
            except Conflict as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"“{message.subject}” is sent again.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
