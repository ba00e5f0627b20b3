"""The form of a framework specification, checked before anything in it is read."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

# A dict names its keys ("?": may be missing), a list holds items of one form, a type is a value.
LEVEL = {"value": (str, int, float), "label": str, "wording": str}
CRITERION = {
    "key": str,
    "name": str,
    "weight": (str, int, float),
    "question?": str,
    "source?": str,
    "knots?": list,
    "levels?": [LEVEL],
}
DIMENSION = {"key": str, "name": str, "weights": dict, "criteria": [CRITERION]}
SPEC = {
    "name": str,
    "summary?": str,
    "parameters?": dict,
    "profiles": [{"key": str, "name": str}],
    "dimensions": [DIMENSION],
}


def check_shape(spec: object) -> None:
    """Raise ``ValidationError`` that names every part that is missing or of another form."""
    errors = {path or "spec": text for path, text in _misshapen(spec, SPEC, "")}
    if errors:
        raise ValidationError(errors)


def _misshapen(value: object, form: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(form, dict):
        if not isinstance(value, dict):
            yield path, "Give an object with named parts."
            return
        for name, part in form.items():
            key = name.removesuffix("?")
            where = f"{path}.{key}".lstrip(".")
            if key in value:
                yield from _misshapen(value[key], part, where)
            elif key == name:
                yield where, "This is missing."
    elif isinstance(form, list):
        if not isinstance(value, list):
            yield path, "Give a list."
            return
        for place, item in enumerate(value):
            yield from _misshapen(item, form[0], f"{path}.{place}")
    elif not isinstance(value, form) or isinstance(value, bool):
        yield path, "This has another form than a specification has here."
