"""Plain numbers from requests."""

from django.http import HttpRequest

MOST_DIGITS = 18  # what a 64-bit column holds for certain


def number_from(request: HttpRequest, name: str) -> int:
    """A whole number from the POST data."""
    return whole_number(request.POST.get(name, ""))


def numbers_from(request: HttpRequest, name: str) -> list[int]:
    """The same of a field that comes several times."""
    return [whole_number(text) for text in request.POST.getlist(name)]


def whole_number(text: str) -> int:
    """The number that a text is; -1, which matches nothing, for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if plain else -1
