"""The admin: the panel's and the curator's workplace, behind the same sign-in as the pages."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from projects.models import User
from scoring.panel.selectors import is_panelist
from scoring.scorecards.views.panel import queue
from scoring.urls import panel_urls


class PrioritizerAdminSite(AdminSite):
    site_title = "Prioritizer"
    site_header = "Prioritizer"
    index_title = "Panel and framework"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            isinstance(user, User) and (user.is_superuser or is_panelist(user)) and user.is_active
        )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Ours first: Django's catch-all for unknown admin addresses comes last.
        return [*panel_urls(self.admin_view), *super().get_urls()]

    def index(  # type: ignore[override] # Django's own index is a TemplateResponse
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The personal queue; for administrators also the registers."""
        return queue(request, registers=self.get_app_list(request))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send visitors to the one sign-in page; refuse signed-in people without admin access."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.path)
