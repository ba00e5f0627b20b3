"""The frame of every page: what is the same for everybody is made once per process."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from projects.formats import reader_formats

register = template.Library()


@register.simple_tag
def address(name: str) -> str:
    """The address of a page that takes no argument; empty where the site has no such page."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=128)
def _address(name: str, urlconf: str, _prefix: str) -> str:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


@register.simple_tag
def reader_language() -> str:
    """By whose signs scripts write numbers too."""
    return reader_formats().language


@register.simple_tag
def styles(*, in_admin: bool = False) -> str:
    """The links of ``_styles.html``; while somebody works on them (DEBUG), as they stand."""
    return _styles_now(in_admin) if settings.DEBUG else _styles(in_admin)


def _styles_now(in_admin: bool) -> str:
    return render_to_string("_styles.html", {"in_admin": in_admin})


_styles = lru_cache(maxsize=2)(_styles_now)
