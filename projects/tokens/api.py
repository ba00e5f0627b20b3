"""Who asks, where a program shows its token, and how often it may ask."""

from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from projects.people.models import User
from projects.tokens.models import Token
from projects.tokens.services import Refused, token_of

READ_ONLY = "This token may only read. Make one that may write too."


class Bearer(BaseAuthentication):
    """``Authorization: Bearer prio_...``; a token in an address is never looked at.

    What a view names in ``asking_actions`` is sent with POST, but changes nothing.
    """

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        word, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if word.lower() != "bearer":
            return None
        try:
            token = token_of(key.strip())
        except Refused as error:
            raise exceptions.AuthenticationFailed(str(error)) from None
        view = request.parser_context.get("view")
        asks = getattr(view, "action", None) in getattr(view, "asking_actions", ())
        if token.scope == Token.Scope.READ and request.method not in SAFE_METHODS and not asks:
            raise exceptions.PermissionDenied(READ_ONLY)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Prioritizer"'


class Pace(SimpleRateThrottle):
    """So many requests a minute for each token, and for each person without one.

    Counted in each web process, so that no request waits for a counter; 0 is no limit.
    """

    cache = caches["pace"]
    scope = "api"

    def get_rate(self) -> str | None:
        limit = settings.API_REQUESTS_PER_MINUTE
        return f"{limit}/minute" if limit else None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if isinstance(request.auth, Token):
            return f"token:{request.auth.pk}"
        return f"person:{request.user.pk}" if request.user.pk else None
