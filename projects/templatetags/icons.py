"""Icons as a tag: each is drawn once per process, and a page has a dozen of them."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str, size: str = "") -> str:
    """One icon of ``_icon.html``; decorative, so the word stands beside it."""
    return render_to_string("_icon.html", {"name": name, "size": size})
