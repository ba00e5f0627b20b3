"""Frameworks to begin with: each can be taken and published, and orders as its name promises."""

import itertools
from typing import Any

import numpy as np
import pytest

from projects.errors import Conflict
from projects.models import User
from scoring.analysis.templates import TEMPLATES, template_score
from scoring.framework.selectors import draft_version, published_version, spec_of
from scoring.framework.services.ready import ready_frameworks, take_ready
from scoring.framework.services.versions import publish_version
from tests.company import Company
from tests.pages import signed_in, text

READY = ready_frameworks()
NUMBERS: dict[str, dict[str, list[float]]] = {
    "rice": {
        "reach": [100, 1_000, 10_000, 100_000],
        "impact": [0.25, 0.5, 1, 2, 3],
        "confidence": [0.5, 0.8, 1],
        "effort": [24, 12, 6, 3, 1, 0.5],
    },
    "ice": {name: [1, 2, 3, 5, 8, 10] for name in ("impact", "confidence", "ease")},
}


@pytest.mark.parametrize("key", READY)
@pytest.mark.django_db
def test_each_can_be_taken_and_published_as_it_is(key: str) -> None:
    admin = User.objects.create_superuser("admin")
    draft = take_ready(actor=admin, ready=READY[key])
    version = publish_version(actor=admin, version=draft, expected_version=draft.version)
    spec = spec_of(version)
    assert published_version() == version
    assert spec["name"] == READY[key].name
    assert len(spec["dimensions"]) == len(READY[key].spec["dimensions"])


def test_there_are_eight_and_the_joint_one_comes_first() -> None:
    assert list(READY) == [
        "joint",
        "experience",
        "rice",
        "ice",
        "wsjf",
        "value-effort",
        "smart-scale",
        "blank",
    ]


@pytest.mark.parametrize("key", NUMBERS)
def test_products_are_ordered_as_by_the_method_itself(key: str) -> None:
    """Every combination of steps: the additive value on logarithms orders as the product does."""
    (dimension,) = READY[key].spec["dimensions"]
    criteria = dimension["criteria"]
    numbers = NUMBERS[key]
    points = [[level["value"] for level in criterion["levels"]] for criterion in criteria]
    assert [len(row) for row in points] == [len(row) for row in numbers.values()]
    weights = np.array([criterion["weight"] for criterion in criteria]) / 100
    value = np.array(list(itertools.product(*points))) @ weights
    stated = np.array(list(itertools.product(*numbers.values())), dtype=float)
    divisor = stated[:, 3] if key == "rice" else None
    product = template_score(TEMPLATES[key], stated[:, :3], divisor).filled(np.nan)
    # 100 points are the whole length of the logarithm, so the two are one line.
    length = np.log(product.max() / product.min())
    line = 100 * np.log(product / product.min()) / length
    assert np.abs(value - line).max() < 0.01
    order, ours = np.argsort(product, kind="stable"), value[np.argsort(product, kind="stable")]
    strictly = np.diff(np.log(product[order])) > 0.01
    assert (np.diff(ours)[strictly] > 0).all()


def test_the_steps_of_wsjf_are_those_of_the_method() -> None:
    steps = [1, 3, 5, 8, 13, 20]
    for criterion in READY["wsjf"].spec["dimensions"][0]["criteria"]:
        points = [level["value"] for level in criterion["levels"]]
        assert points == [round(100 * (step - 1) / 19, 3) for step in steps]
        assert [level["label"] for level in criterion["levels"]] == [str(step) for step in steps]


def test_one_is_looked_at_whole_and_then_taken(company: Company) -> None:
    chair = signed_in(company.curator)
    listed = text(chair.get("/admin/framework/ready/"))
    assert all(ready.name in listed for ready in READY.values())
    page = text(chair.get("/admin/framework/ready/rice/"))
    assert "How many customers feel it in a quarter?" in page
    assert "Half a person-month, or less." in page
    assert draft_version() is None
    done = chair.post("/admin/framework/ready/rice/")
    assert done.headers["Location"] == "/admin/framework/"
    draft = draft_version()
    assert draft is not None
    assert draft.framework.name == "RICE"
    assert "Publish or discard it" in text(chair.get("/admin/framework/ready/"))
    with pytest.raises(Conflict):
        take_ready(actor=company.curator, ready=READY["ice"])
    assert chair.get("/admin/framework/ready/nothing/").status_code == 404


def test_only_who_curates_takes_one(company: Company) -> None:
    for who in ("panelist", "leader"):
        client: Any = signed_in(getattr(company, who))
        assert client.post("/admin/framework/ready/rice/").status_code in (302, 403)
    assert draft_version() is None
