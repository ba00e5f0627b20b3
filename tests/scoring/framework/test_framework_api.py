"""Specifications of the framework through the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from scoring.models import FrameworkVersion
from tests.company import Company, framework_spec, levels
from tests.contract import Api, refusal_of


def wrong_specs() -> Iterator[tuple[str, Any]]:
    spec = framework_spec()
    spec["dimensions"][0]["weights"][""] = "41"
    yield "weights.", spec
    spec = framework_spec()
    spec["dimensions"][2]["criteria"][0]["weight"] = "ten"
    yield "weights", spec
    yield "name", framework_spec() | {"name": ""}
    yield "profiles", framework_spec() | {"profiles": []}
    yield "draws", framework_spec() | {"parameters": {"draws": 1}}
    spec = framework_spec()
    spec["dimensions"][0]["criteria"][0]["knots"] = [[0, 0]]
    yield "expected-roi.knots", spec
    spec = framework_spec()
    spec["dimensions"][2]["criteria"][0]["levels"] = [*levels(0, 100), *levels(100)]
    yield "strategic-fit", spec
    spec = framework_spec()
    spec["dimensions"][0]["criteria"][0]["knots"] = [[0, 0], [10**400, 100]]
    yield "expected-roi.knots", spec
    spec = framework_spec()
    spec["profiles"] = [{"key": "a", "name": "A"}, {"key": "a", "name": "Again"}]
    for row in spec["dimensions"]:
        row["weights"] = {"a": row["weights"][""]}
    yield "a", spec
    spec = framework_spec()
    spec["dimensions"][0]["weights"][""], spec["dimensions"][1]["weights"][""] = (
        "40.0001",
        "29.9999",
    )
    yield "dimensions.0.weight", spec


@pytest.mark.parametrize(("field", "spec"), list(wrong_specs()))
def test_a_wrong_specification_is_refused_whole(
    company: Company, field: str, spec: dict[str, Any]
) -> None:
    answer = Api(company.curator).send("POST", "/framework-versions/", {"spec": spec})
    assert (answer.status_code, list(refusal_of(answer))) == (400, [field])
    assert FrameworkVersion.objects.count() == 1


def broken_specs() -> Iterator[Any]:
    """Not even of the right shape: missing keys, other types."""
    yield {"name": "X"}
    yield framework_spec() | {"dimensions": "many"}
    yield framework_spec() | {"dimensions": [1]}
    yield framework_spec() | {"dimensions": [{}]}
    yield framework_spec() | {"profiles": [{}]}
    yield framework_spec() | {"profiles": "all"}
    yield framework_spec() | {"parameters": [1]}
    yield framework_spec() | {"parameters": {"draws": "many"}}
    yield framework_spec() | {"parameters": {"discount_rate": "NaN"}}
    yield framework_spec() | {"name": "x" * 200}
    yield framework_spec() | {"name": ["x"]}
    parts: list[dict[str, Any]] = [
        {"key": None},
        {"name": None},
        {"levels": "high"},
        {"levels": [1]},
        {"levels": [{}]},
        {"weight": None},
        {"knots": {"x": 1}},
        {"source": "dice"},
        {"key": "x" * 60},
        {"question": None},
        {"question": 7},
    ]
    for broken in parts:
        spec = framework_spec()
        spec["dimensions"][2]["criteria"][0] |= broken
        yield spec
    spec = framework_spec()
    del spec["dimensions"][0]["weights"]
    yield spec
    spec = framework_spec()
    del spec["dimensions"][0]["criteria"][0]["key"]
    yield spec


@pytest.mark.parametrize("spec", list(broken_specs()))
def test_a_malformed_specification_is_a_400(company: Company, spec: Any) -> None:
    answer = Api(company.curator).send("POST", "/framework-versions/", {"spec": spec})
    assert answer.status_code == 400
    assert isinstance(answer.json(), dict)
    assert FrameworkVersion.objects.count() == 1
