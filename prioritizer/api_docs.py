"""The API as a page of the product: the schema, read aloud. No scripts from elsewhere."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from projects.problems import MEDIA_TYPE

METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
@login_required
def api_docs(request: HttpRequest) -> HttpResponse:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    context = {"info": schema["info"], "groups": _groups(schema)}
    return render(request, "api_docs.html", context | {"limit": settings.API_REQUESTS_PER_MINUTE})


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "projects.tokens.api.Bearer"
    name = "token"

    def get_security_definition(self, _schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "about:blank: the status says what kind it is."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in a sentence."},
        "errors": {
            "type": "object",
            "description": "Sentences by the path of the field, such as money.1.low.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


def with_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Add to the schema what every operation answers when it refuses."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    refused = {
        "description": "Refused, with the reason.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for item in result["paths"].values():
        for method in METHODS:
            if method in item:
                item[method]["responses"]["default"] = refused
    return result


def _groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by resource, in the order of their addresses."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in item:
                name = item[method]["tags"][0]
                resource = path.removeprefix("/api/v1/").partition("/")[0]
                groups.setdefault(resource or name, []).append(
                    _operation(schema, path, method, item[method])
                )
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(
    schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "description": operation.get("description", ""),
        "parameters": [
            {
                "name": row["name"],
                "where": row["in"],
                "required": row.get("required", False),
                "type": _type(row["schema"]),
                "description": row.get("description", ""),
            }
            for row in operation.get("parameters", [])
        ],
        "fields": _fields(schema, body.get("schema", {})),
        "answers": sorted(operation["responses"]),
    }


def _fields(schema: dict[str, Any], shape: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a request body; components are looked up one level deep."""
    shape = _resolved(schema, shape)
    required = shape.get("required", [])
    return [
        {
            "name": name,
            "type": _type(_resolved(schema, row)) if "$ref" in row else _type(row),
            "required": name in required,
            "description": row.get("description", ""),
        }
        for name, row in shape.get("properties", {}).items()
        if not row.get("readOnly")
    ]


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else shape
    return found


def _type(shape: dict[str, Any]) -> str:
    """A shape in a word or two, such as "list of object" or "one of a, b"."""
    if "enum" in shape:
        return "one of " + ", ".join(str(value) or "empty" for value in shape["enum"])
    for key in ("allOf", "oneOf"):
        if key in shape:
            names = [row.get("$ref", "").rpartition("/")[2] or _type(row) for row in shape[key]]
            return " or ".join(names)
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    if shape.get("type") == "array":
        return f"list of {_type(shape['items'])}"
    return str(shape.get("format") or shape.get("type", "any"))
