"""A client of the API that holds every answer against the published OpenAPI schema."""

import json
import re
from functools import cache
from typing import Any

from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from projects.models import User
from tests.pages import come_in

PREFIX = "/api/v1"
METHODS = ("get", "post", "put", "patch", "delete")


def refusal_of(answer: Any) -> Any:
    """What a problem says: its sentences by field, or its one sentence as ``detail``."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["detail"]
    return body.get("errors") or {"detail": body["detail"]}


@cache
def document() -> dict[str, Any]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found: dict[str, Any] = json.loads(json.dumps(schema, default=str))
    return found


def operations() -> set[str]:
    """Every operation as "GET /api/v1/runs/{id}/"."""
    return {
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    }


class Api(Client):
    """Sends and reads JSON as one person; remembers which operations succeeded."""

    def __init__(self, person: User | None) -> None:
        super().__init__()
        self.succeeded: set[str] = set()
        if person is not None:
            come_in(self, person)

    def send(
        self, method: str, path: str, body: Any = None, *, version: int | None = None, key: str = ""
    ) -> Any:
        headers = {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if key:
            headers["Idempotency-Key"] = key
        content = "" if body is None else json.dumps(body)
        response = self.generic(
            method, f"{PREFIX}{path}", content, content_type="application/json", headers=headers
        )
        self._compare(method, response)
        return response

    def read(self, path: str) -> Any:
        response = self.send("GET", path)
        assert response.status_code == 200, response.content
        return response.json()

    def _compare(self, method: str, response: Any) -> None:
        if response.status_code >= 300:
            return
        template = template_of(response.wsgi_request.path)
        documented = document()["paths"][template][method.lower()]["responses"]
        status = str(response.status_code)
        assert status in documented, f"{method} {template} answers {status}, which is undocumented"
        self.succeeded.add(f"{method} {template}")
        kinds = documented[status].get("content", {})
        if "application/json" not in kinds:
            # A file of the documented kind, or nothing at all.
            assert bool(response.getvalue()) == bool(kinds)
            return
        content = kinds["application/json"]
        schema = _plain(content["schema"]) | {"components": _plain(document()["components"])}
        errors = [
            f"{error.json_path}: {error.message}"
            for error in Draft202012Validator(schema).iter_errors(response.json())
        ]
        assert not errors, f"{method} {template}: {errors}"


def template_of(path: str) -> str:
    templates: list[str] = sorted(document()["paths"], key=lambda found: found.count("{"))
    fitting = (
        template
        for template in templates
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    )
    return next(fitting)


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` becomes a choice with null."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _plain(part) for name, part in schema.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain
