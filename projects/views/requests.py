"""Reading requests: the signed-in person and plain numbers."""

from django.http import HttpRequest

from projects.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that ``login_required`` let through."""
    assert isinstance(request.user, User)
    return request.user


def number_from(request: HttpRequest, name: str) -> int:
    """A whole number from the POST data; -1, which matches nothing, for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
