"""Reading requests: the signed-in person and plain numbers."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from projects.people.models import User

MOST_DIGITS = 18  # what a 64-bit column holds for certain


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that ``login_required`` let through."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def number_from(request: HttpRequest, name: str) -> int:
    """A whole number from the POST data; -1, which matches nothing, for anything else."""
    text = request.POST.get(name, "")
    plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if plain else -1
