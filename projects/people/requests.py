"""Who is behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from projects.people.models import User


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
