"""The form of a framework specification, checked before anything in it is read."""

from django.core.exceptions import ValidationError

from projects.shapes import TEXT_OR_NUMBER, misshapen

LEVEL = {"value": TEXT_OR_NUMBER, "label": str, "wording": str}
CRITERION = {
    "key": str,
    "name": str,
    "weight": TEXT_OR_NUMBER,
    "question?": str,
    "source?": str,
    "knots?": list,
    "judged_by?": list,
    "levels?": [LEVEL],
}
DIMENSION = {"key": str, "name": str, "weights": dict, "criteria": [CRITERION]}
SPEC = {
    "name": str,
    "summary?": str,
    "parameters?": dict,
    "charter?": dict,
    "profiles": [{"key": str, "name": str}],
    "dimensions": [DIMENSION],
}


def check_shape(spec: object) -> None:
    """Raise ``ValidationError`` that names every part that is missing or of another form."""
    errors = {path or "spec": text for path, text in misshapen(spec, SPEC)}
    if errors:
        raise ValidationError(errors)
