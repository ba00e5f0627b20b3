"""Who is behind a request."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from projects.people.models import User

AGAIN = "Sign in again: this needs a sign-in of the last {minutes} minutes, or a token."


def client_address(request: HttpRequest) -> str:
    """Who asks; behind a proxy that is the last address of the chain, its own word."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return str(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def signed_in(request: HttpRequest | Request) -> User:
    """The person behind a request of a page or of the API that let only people through."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def administrator(request: HttpRequest | Request) -> User:
    """The administrator behind a request; nobody else gets in."""
    user = signed_in(request)
    if not user.is_superuser:
        raise PermissionDenied("Only administrators do this.")
    return user


def is_confirmed(request: HttpRequest) -> bool:
    """True when the person signed in, or showed once more who they are, a short while ago."""
    records = get_authentication_records(request, signed_in(request))
    latest = max((record["at"] for record in records), default=0.0)
    return bool(time.time() - latest < settings.CONFIRMED_FOR.total_seconds())


def confirmed(request: HttpRequest) -> User:
    """The person behind a request, asked again who they are where that is long ago.

    What a page sent is kept meanwhile, and goes on once they have answered.
    """
    user = signed_in(request)
    if not is_confirmed(request):
        raise ReauthenticationRequired
    return user


def confirmed_in_api(request: Request) -> User:
    """The same for the API, which can only refuse. A token was confirmed when it was made."""
    user = signed_in(request)
    if request.auth is None and not is_confirmed(request._request):  # noqa: SLF001
        minutes = int(settings.CONFIRMED_FOR.total_seconds() // 60)
        raise PermissionDenied(AGAIN.format(minutes=minutes))
    return user
