"""What the frame of every page makes once per process, and what it must not keep."""

import pytest
from django.template import engines
from django.test import override_settings
from django.urls import set_script_prefix


def drawn(source: str) -> str:
    return engines["django"].from_string("{% load icons shell %}" + source).render({})


def test_an_address_follows_the_routes_and_the_prefix() -> None:
    assert drawn('{% address "backlog" %}') == "/backlog/"
    assert drawn('{% address "no-such-page" %}') == ""
    try:
        set_script_prefix("/tools/")
        assert drawn('{% address "backlog" %}') == "/tools/backlog/"
    finally:
        set_script_prefix("/")
    with override_settings(ROOT_URLCONF="prioritizer.api_urls"):
        assert drawn('{% address "backlog" %}') == ""
    assert drawn('{% address "backlog" %}') == "/backlog/"


@pytest.mark.parametrize("debug", [False, True])
def test_the_admin_has_its_own_styles(debug: bool) -> None:
    with override_settings(DEBUG=debug):
        assert "css/admin.css" in drawn("{% styles in_admin=True %}")
        assert "css/admin.css" not in drawn("{% styles %}")
        assert 'rel="stylesheet" href="/static/css/base.css"' in drawn("{% styles %}")


def test_an_icon_is_markup_of_its_name_and_size() -> None:
    assert drawn('{% icon "plus" %}').strip().endswith('<path d="M8 3v10M3 8h10" /></svg>')
    assert 'class="icon large"' in drawn('{% icon "plus" size="large" %}')
    assert 'class="icon"' in drawn('{% icon "minus" %}')
