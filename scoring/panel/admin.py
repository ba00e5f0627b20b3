from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from projects.people.requests import confirmed
from projects.registers import Register
from scoring.panel.models import Seat


@admin.register(Seat)
class SeatAdmin(Register[Seat]):
    list_display = ("user", "team", "is_chair", "is_active", "until")
    list_select_related = ("user__team",)

    @admin.display(ordering="user__team__name")
    def team(self, seat: Seat) -> str:
        return str(seat.user.team or "")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            confirmed(request)
        return super().changeform_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
