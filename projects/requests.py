"""Plain numbers from requests."""

from django.http import HttpRequest

MOST_DIGITS = 18  # what a 64-bit column holds for certain


def number_from(request: HttpRequest, name: str) -> int:
    """A whole number from the POST data; -1, which matches nothing, for anything else."""
    text = request.POST.get(name, "")
    plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if plain else -1
