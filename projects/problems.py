"""Errors for programs in one form: RFC 9457, problem details."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"
WHOLE = "non_field_errors"  # what the library calls errors that belong to no single field


def problem(status: int, detail: str, *, errors: Mapping[str, list[str]] | None = None) -> Any:
    """The body of an error answer. ``errors``: sentences by the path of their field."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return body | ({"errors": dict(errors)} if errors else {})


def problem_of_fields(status: int, found: Any) -> Any:
    """The problem that ``found`` tells: sentences, in lists and by name, as deep as the body was.

    A field within a row is named by its path, such as ``money.1.low``.
    """
    errors: dict[str, list[str]] = {}
    for path, text in _sentences(found, ()):
        errors.setdefault(".".join(path), []).append(text)
    whole = errors.pop("", []) + errors.pop(WHOLE, [])
    if not errors:
        return problem(status, " ".join(whole))
    names = ", ".join(errors)
    return problem(status, " ".join([*whole, f"Needs a change: {names}."]), errors=errors)


def _sentences(found: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from _sentences(inner, (*path, str(name)))
    elif isinstance(found, list | tuple):
        for place, inner in enumerate(found):
            deeper = isinstance(inner, Mapping)
            yield from _sentences(inner, (*path, str(place)) if deeper else path)
    else:
        yield path, str(found)
