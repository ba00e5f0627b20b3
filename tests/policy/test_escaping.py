"""No text that anybody wrote becomes markup: every text in the database, on every page."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Left

from projects.immutability import unsealed
from tests.policy.check import _ask, _text, cells
from tests.policy.making import make_world
from tests.policy.table import TABLE

OURS = ("jobs", "projects", "scoring")
# Ends a tag, an attribute in either kind of quotes, and a text; then it would be an element.
TEXT = "'\"></p><b x=1>"
MARKUP, ESCAPED = "<b x=1>", "&lt;b x=1&gt;"
# What programs write and read: never what somebody typed.
NOT_TYPED = re.compile(
    r".*digest|.*token|password|username|email|recipient|currency|time_zone|formats|query|cause|"
    r"ended_because|quarter|url|link|.*version|key|kind|category|part|function|group|line|items|"
    r"action|stage"
)
PAGES = ("text/html", "image/svg+xml")
LEAST = 60  # pages of each that show the text


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def typed(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Fields that hold what people write."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField | models.URLField)
        and not field.choices
        and not NOT_TYPED.fullmatch(field.name)
    ]


def poison() -> int:
    """Every text that is there begins with ``TEXT``; returns how many columns hold it."""
    columns = 0
    with unsealed():
        for model in apps.get_models():
            if model._meta.app_label in OURS and model._meta.managed:
                for field in typed(model):
                    longest = field.max_length or 1_000_000
                    if longest >= len(TEXT):
                        told = Left(Concat(Value(TEXT), F(field.name)), longest)
                        rows = model._default_manager.exclude(**{field.name: ""})
                        columns += bool(rows.update(**{field.name: told}))
    return columns


@pytest.mark.sqlite  # what a page escapes does not depend on the database
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["curator", "leader", "admin"])
def test_no_text_becomes_markup_on_any_page(role: str, record_property: Any) -> None:
    world = make_world(role)
    columns = poison()
    assert columns > 30
    world.company.rank()
    client, shown, wrong = world.client(), 0, []
    for cell in cells(TABLE, role):
        if cell.method != "GET":
            continue
        response = _ask(world, cell, client)
        body = _text(response)
        if response.headers.get("Content-Type", "").startswith(PAGES):
            shown += ESCAPED in body
            if MARKUP in body:
                place = body.index(MARKUP)
                wrong.append(f"{cell}: {body[max(place - 60, 0) : place + 20]!r}")
    assert not wrong, "\n".join(wrong)
    assert shown > LEAST
    record_property("pages that show a text made to be markup", shown)
