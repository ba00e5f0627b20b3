"""The draft as it stands, and the form of a judged criterion."""

from typing import Any

from scoring.framework.selectors import draft_version, spec_of
from scoring.models import FrameworkVersion

PAGE = "/admin/framework/"


def now() -> FrameworkVersion:
    found = draft_version()
    assert found is not None
    return found


def dimensions() -> dict[str, str]:
    return {row["key"]: row["weights"][""] for row in spec_of(now())["dimensions"]}


def criteria() -> dict[str, str]:
    return {
        item["key"]: item["weight"]
        for row in spec_of(now())["dimensions"]
        for item in row["criteria"]
    }


def levels(*values: str) -> dict[str, Any]:
    form: dict[str, Any] = {"levels-TOTAL_FORMS": len(values), "levels-INITIAL_FORMS": 0}
    for place, value in enumerate(values):
        form |= {
            f"levels-{place}-value": value,
            f"levels-{place}-label": f"Step {value}" if value else "",
            f"levels-{place}-wording": "One can check it." if value else "",
        }
    return form


def judged(*values: str, **changed: Any) -> dict[str, Any]:
    form = {"version": now().version, "name": "Ease", "question": "How easy?", "source": "panel"}
    return form | levels(*values) | changed
