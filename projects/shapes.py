"""The form of data from outside, checked before anything in it is read."""

from collections.abc import Iterator
from typing import Any

NUMBER = (int, float)
TEXT_OR_NUMBER = (str, int, float)


def misshapen(value: object, form: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, sentence) for every part that is missing or of another form.

    A dict names its keys ("?": may be missing, "*": any others), a list holds items of one form,
    and a type, or a choice of types, stands for a plain value.
    """
    if isinstance(form, dict):
        if not isinstance(value, dict):
            yield path, "Give an object with named parts."
            return
        yield from _misshapen_parts(value, form, path)
    elif isinstance(form, list):
        if not isinstance(value, list):
            yield path, "Give a list."
            return
        for place, item in enumerate(value):
            yield from misshapen(item, form[0], f"{path}.{place}")
    elif not isinstance(value, form) or isinstance(value, bool):
        yield path, "This has another form than is read here."


def _misshapen_parts(
    value: dict[str, Any], form: dict[str, Any], path: str
) -> Iterator[tuple[str, str]]:
    named = {name.removesuffix("?"): part for name, part in form.items() if name != "*"}
    for key, part in named.items():
        where = f"{path}.{key}".lstrip(".")
        if key in value:
            yield from misshapen(value[key], part, where)
        elif key in form:
            yield where, "This is missing."
    for key in value.keys() - named.keys() if "*" in form else ():
        yield from misshapen(value[key], form["*"], f"{path}.{key}".lstrip("."))
