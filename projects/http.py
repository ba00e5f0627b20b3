"""What all API views share: the demanded version, the key of a repeatable request."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from projects.errors import Conflict, StaleVersion
from projects.problems import MEDIA_TYPE, problem, problem_of_fields

MOST_DIGITS = 18  # what a 64-bit column holds for certain

needs_version = extend_schema(
    parameters=[
        OpenApiParameter(
            "If-Match",
            str,
            OpenApiParameter.HEADER,
            required=True,
            description='The version that was read, such as "3". Without it: 428.',
        )
    ]
)
repeatable = extend_schema(
    parameters=[
        OpenApiParameter(
            "Idempotency-Key",
            str,
            OpenApiParameter.HEADER,
            description="A UUID. A request that repeats it makes no second object.",
        )
    ]
)


class VersionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = 'Send the version that you read in If-Match, such as If-Match: "3".'
    default_code = "version_required"


def required_version(request: Request) -> int:
    """The version in ``If-Match``; without one a write is refused (428)."""
    text = request.headers.get("If-Match", "").strip().strip('"')
    if not text:
        raise VersionRequired
    plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if plain else -1


def creation_key(request: Request) -> UUID:
    """The client's ``Idempotency-Key`` (a UUID); without one a repeat makes another object."""
    text = request.headers.get("Idempotency-Key", "")
    if not text:
        return uuid4()
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError({"Idempotency-Key": "Send a UUID."}) from None


def versioned(data: Any, version: int, *, code: int = status.HTTP_200_OK) -> Response:
    """An answer that names the version to send back in ``If-Match``."""
    return Response(data, status=code, headers={"ETag": f'"{version}"'})


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as a problem: 400 by field, 409 for a state, 412 for a stale write."""
    if isinstance(error, ValidationError):
        found = error.message_dict if hasattr(error, "error_dict") else error.messages
        return _answer(problem_of_fields(status.HTTP_400_BAD_REQUEST, found))
    if isinstance(error, Conflict):
        return _answer(problem(status.HTTP_409_CONFLICT, str(error)))
    if isinstance(error, StaleVersion):
        stale = status.HTTP_412_PRECONDITION_FAILED
        return _answer(problem(stale, str(error), errors=error.by_field()))
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        body = problem_of_fields(answer.status_code, answer.data)
    else:
        said = answer.data["detail"]
        # The sentence that a service refused with, instead of the library's.
        own = str(error) if isinstance(error, PermissionDenied) else ""
        body = problem(answer.status_code, own or str(said))
    return _answer(body, dict(answer.headers))


def _answer(body: Any, headers: dict[str, str] | None = None) -> Response:
    kept = {name: text for name, text in (headers or {}).items() if name != "Content-Type"}
    return Response(body, status=body["status"], headers=kept, content_type=MEDIA_TYPE)
