"""Headers that every answer carries, and a plain 503 where the database does not answer."""

from collections.abc import Callable
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone

from projects.formats import proposed_by, written_for
from projects.people.models import User
from projects.problems import MEDIA_TYPE, problem
from scoring.panel.requests import lacks_second_factor

OUTAGES = (OperationalError, InterfaceError)
log = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = "5"
API_PREFIX = "/api/"
DENIED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in DENIED_FEATURES)
OUTAGE_DETAIL = "The database does not answer. Please try again in a few seconds."


class HeadersMiddleware:
    """No answer is stored by a browser or a proxy, and no page asks for a device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class DatabaseOutageMiddleware:
    """Views that lose the database answer 503 with Retry-After."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OUTAGES):
            return outage_response(request, exception)
        return None


class SecondFactorMiddleware:
    """Who must have a second factor, and has none, gets to the pages that set one up."""

    OPEN = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "confirm",
            "confirmed",
            "openid_connect_login",
            "openid_connect_callback",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_view_recovery_codes",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or request.path.startswith(API_PREFIX):
            return None  # the API has a permission for it, which knows tokens too
        if match is not None and match.view_name in self.OPEN:
            return None
        return redirect("mfa_index") if lacks_second_factor(request, user) else None


class ReaderMiddleware:
    """Pages show times in the reader's zone, dates and numbers in the reader's form.

    Programs get the house's: an instant is an instant, and a number one for machines.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API_PREFIX):
            return self.get_response(request)
        user = request.user if isinstance(request.user, User) else None
        accepted = request.headers.get("Accept-Language", "")
        language = (user and user.formats) or proposed_by(accepted)
        with timezone.override(user.zone if user else None), written_for(language):
            return self.get_response(request)


def api_problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JsonResponse:
    """An error of the API that is answered before, or instead of, one of its views."""
    body = problem(status, detail)
    return JsonResponse(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def outage_response(request: HttpRequest, exception: BaseException) -> HttpResponse:
    log.error("database_outage", path=request.path, exc_info=exception)
    headers = {"Retry-After": RETRY_AFTER_SECONDS}
    if request.path.startswith(API_PREFIX):
        return api_problem(503, OUTAGE_DETAIL, headers)
    # Without the request's context processors, which would ask the database who is signed in.
    page = render_to_string("503.html", {"request": request})
    return HttpResponse(page, status=503, headers=headers)
