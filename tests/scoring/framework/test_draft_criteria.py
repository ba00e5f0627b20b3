"""The chair's screens: criteria, their levels and value functions, and dimensions of a draft."""

from typing import Any

import pytest
from django.test import Client

from scoring.models import Criterion, FrameworkVersion
from tests.pages import text
from tests.scoring.framework.drafting import PAGE, criteria, dimensions, judged, now


def test_a_criterion_is_added_without_weight_and_edited(
    chair: Client, draft: FrameworkVersion
) -> None:
    assert "New criterion in Fit" in text(chair.get(f"{PAGE}criterion/?dimension=fit"))
    form = judged("100", "0", "", "50")
    answer = chair.post(f"{PAGE}criterion/?dimension=fit", form, follow=True)
    assert "“Ease” is saved in the draft." in text(answer)
    assert criteria()["ease"] == "0.000"
    ease = Criterion.objects.get(key="ease")
    assert [int(level.value) for level in ease.levels.all()] == [0, 50, 100]
    form = judged("0", "100", name="Easiness", **{"levels-1-DELETE": ""})
    chair.post(f"{PAGE}criterion/ease/", form)
    ease = Criterion.objects.get(key="ease")
    assert (ease.name, ease.levels.count()) == ("Easiness", 2)


def test_a_computed_criterion_takes_points(chair: Client, draft: FrameworkVersion) -> None:
    page = chair.get(f"{PAGE}criterion/expected-roi/").content.decode()
    assert "-1: 0\n0: 20\n4: 100" in page
    form = judged(name="ROI", source="expected_roi", knots="-1: 0\n\n 0,5: 40 \n6: 100")
    assert chair.post(f"{PAGE}criterion/expected-roi/", form).status_code == 302
    knots = Criterion.objects.get(dimension__framework_version=draft, key="expected-roi").knots
    assert knots == [[-1.0, 0.0], [0.5, 40.0], [6.0, 100.0]]


@pytest.mark.parametrize(
    ("typed", "ends", "middle"),
    [
        ("ratios 100 to 10000", [[100.0, 0.0], [10000.0, 100.0]], [1000.0, 50.0]),
        ("Ratios 10000 to 100 ", [[100.0, 100.0], [10000.0, 0.0]], [1000.0, 50.0]),
        ("ratios 0,5 to 2", [[0.5, 0.0], [2.0, 100.0]], [1.0, 50.0]),
    ],
)
def test_equal_ratios_make_equal_steps(
    chair: Client, draft: FrameworkVersion, typed: str, ends: list[Any], middle: list[float]
) -> None:
    form = judged(name="ROI", source="expected_roi", knots=typed)
    assert chair.post(f"{PAGE}criterion/expected-roi/", form).status_code == 302
    knots = Criterion.objects.get(dimension__framework_version=draft, key="expected-roi").knots
    assert [knots[0], knots[5], knots[-1]] == [ends[0], middle, ends[1]]
    assert len(knots) == 11


@pytest.mark.parametrize(
    "knots",
    [
        "",
        "1: 2",
        "a: b",
        "1",
        "1: 2: 3",
        "2: 0\n1: 100",
        "0: 0\n1: 101",
        "0: 0\n1e400: 100",
        "0: nan\n1: 100",
        "0: 0\n1: 50\n2: 20",
        "ratios 0 to 100",
        "ratios -5 to 100",
        "ratios 7 to 7",
        "ratios x to 7",
        "ratios 1 to inf",
        "ratios 1 to 1e300",
    ],
)
def test_a_wrong_value_function_comes_back_as_typed(
    chair: Client, draft: FrameworkVersion, knots: str
) -> None:
    form = judged(name="ROI", source="expected_roi", knots=knots)
    answer = chair.post(f"{PAGE}criterion/expected-roi/", form)
    assert answer.status_code == 422
    assert "Give at least two points" in text(answer)
    assert knots in answer.content.decode()
    assert now().version == draft.version


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "x" * 81}, "Name: Ensure this value has at most 80 characters"),
        ({"source": "dice"}, "Source: Select a valid choice."),
        ({"levels-0-value": "101"}, "Ensure this value is less than or equal to 100."),
        ({"levels-0-value": "much"}, "Enter a number."),
        ({"levels-0-value": "0.1234"}, "Ensure that there are no more than 3 decimal places."),
        ({"levels-0-label": ""}, "This field is required."),
        ({"levels-0-value": "100"}, "Two levels have the same value."),
    ],
)
def test_a_wrong_criterion_comes_back_as_typed(
    chair: Client, draft: FrameworkVersion, form: dict[str, str], message: str
) -> None:
    typed = judged("0", "100", question="Typed with care") | form
    answer = chair.post(f"{PAGE}criterion/pain/", typed)
    assert (answer.status_code, message in text(answer)) == (422, True)
    assert "Typed with care" in text(answer)
    assert now().version == draft.version


def test_a_stale_criterion_is_refused(chair: Client, draft: FrameworkVersion) -> None:
    form = judged("0", "100", version=draft.version - 1)
    answer = chair.post(f"{PAGE}criterion/pain/", form)
    assert answer.status_code == 422
    assert "The draft was changed by someone else since you opened it." in text(answer)


def test_removing_a_criterion_shares_its_weight(chair: Client, draft: FrameworkVersion) -> None:
    answer = chair.post(f"{PAGE}criterion/pain/remove/", {"version": draft.version}, follow=True)
    assert "Draft saved." in text(answer)
    assert criteria() == {
        "expected-roi": "100.000",
        "impact-points": "100.000",
        "strategic-fit": "100.000",
    }
    last = chair.post(
        f"{PAGE}criterion/strategic-fit/remove/", {"version": now().version}, follow=True
    )
    assert "“Fit” has weight but no criterion." in text(last)
    unknown = chair.post(f"{PAGE}criterion/magic/remove/", {"version": now().version}, follow=True)
    assert "There is no criterion “magic” in this draft." in text(unknown)


def test_dimensions_are_added_renamed_and_removed(chair: Client, draft: FrameworkVersion) -> None:
    def send(**form: Any) -> str:
        path = f"{PAGE}dimension/"
        return text(chair.post(path, {"version": now().version} | form, follow=True))

    assert "Draft saved." in send(name="Risk")
    assert "Draft saved." in send(name="Fit")  # the same name takes another key
    assert list(dimensions()) == ["return", "impact", "fit", "risk", "fit-2"]
    assert "Draft saved." in send(key="risk", name="Danger")
    assert "Give the dimension a name." in send(name=" ")
    assert "There is no dimension “magic” in this draft." in send(key="magic", name="X")
    assert "Draft saved." in send(key="risk", remove="1")
    assert "still has criteria or weight. Move those first." in send(key="fit", remove="1")
    assert list(dimensions()) == ["return", "impact", "fit", "fit-2"]
    assert "The draft was changed by someone else" in send(name="Late", version=1)
