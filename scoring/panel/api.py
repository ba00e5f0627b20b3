"""What the API asks of everybody who comes."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from projects.people.models import User
from projects.people.selectors import has_second_factor, provider_of
from scoring.panel.requests import lacks_second_factor
from scoring.panel.selectors import must_have_second_factor


class SecondFactor(BasePermission):
    """Who must have a second factor has one; a token counts for its account."""

    message = "Set up a second factor first: what this account may do needs one."

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not isinstance(user, User):
            return True  # whether strangers get in is another rule's
        if request.auth is None:
            return not lacks_second_factor(request._request, user)  # noqa: SLF001
        if not must_have_second_factor(user) or has_second_factor(user):
            return True
        provider = provider_of(user)
        return provider is not None and provider.asks_second_factor
