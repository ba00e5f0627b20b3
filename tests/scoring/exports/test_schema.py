"""The published form of a JSON export is what is written, and is served."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, ValidationError

from scoring.exports.files.json import SCHEMA
from scoring.exports.files.signing import public_key


@pytest.fixture
def schema() -> Any:
    found = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(found)
    return found


def test_an_export_follows_the_schema(written: Callable[[str], Path], schema: Any) -> None:
    data = json.loads(written("json").read_text())
    Draft202012Validator(schema).validate(data)
    # Every column has its line in the schema: contributions by pattern, the rest by name.
    named = schema["properties"]["proposals"]["items"]["required"]
    row = [key for key in data["proposals"][0] if not key.startswith(("contribution_", "weight_"))]
    assert row == named


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [("seal", "run", "1"), ("proposals", "value", 101), ("proposals", "extra", 1)],
)
def test_the_schema_refuses_what_is_not_an_export(
    written: Callable[[str], Path], schema: Any, place: str, key: str, value: Any
) -> None:
    data = json.loads(written("json").read_text())
    (data[place] if place == "seal" else data[place][0])[key] = value
    with pytest.raises(ValidationError):
        Draft202012Validator(schema).validate(data)


def test_schema_and_public_key_are_served(leader: Client, schema: Any) -> None:
    answer = leader.get("/api/v1/exports/form/").json()
    assert answer == {"schema": schema, "key": public_key()}
