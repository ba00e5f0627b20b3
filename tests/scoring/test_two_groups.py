"""What a test with two groups says: the published lift, chance, and the insight it makes."""

from urllib.parse import parse_qs, urlsplit

import pytest

from projects.models import Insight
from scoring.analysis.survey import lift
from scoring.forecast.lifts import Arm, two_groups
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/insights/test/"
# Hillstrom 2008: visits within two weeks, with the e-mail for men and without any.
HILLSTROM: dict[str, int | str] = {
    "treated": 21_307,
    "treated_did": 3_894,
    "control": 21_306,
    "control_did": 2_262,
}


def test_the_published_lift(company: Company) -> None:
    found = two_groups(Arm(21_307, 3_894), Arm(21_306, 2_262))
    assert found.lift == pytest.approx(0.07659, abs=5e-6)
    page = signed_in(company.cx).get(PAGE, HILLSTROM)
    assert "+7.66 points of 100" in text(page)
    assert "between +7.00 and +8.32 points in 19 of 20" in text(page)
    keep = page.context["insight"]
    form = signed_in(company.cx).get(f"/insights/new/?{keep}")
    assert form.context["form"]["kind"].value() == "test"
    said = {name: values[0] for name, values in parse_qs(urlsplit(f"?{keep}").query).items()}
    assert said["sample"] == "42613"
    kept = said | {"gathered_on": "2008-03-20", "source": "E-mail test"}
    assert signed_in(company.cx).post("/insights/new/", kept).status_code == 302
    insight = Insight.objects.get()
    assert (insight.kind, insight.sample) == ("test", 42_613)
    assert insight.finding == (
        "Of those who got it 18.28 % did it, 10.62 % of the others: +7.66 points (+7.00 to +8.32)."
    )


def test_it_is_the_library_s_difference_of_means() -> None:
    found = two_groups(Arm(4, 3), Arm(5, 1))
    by_hand = lift([1, 1, 1, 0], [1, 0, 0, 0, 0])
    assert (found.lift, found.error) == (by_hand.lift, by_hand.error)


@pytest.mark.parametrize(
    ("treated", "control", "clear"),
    [
        ((100, 60), (100, 40), True),
        ((100, 55), (100, 45), False),
        ((100, 50), (100, 50), False),
        ((10, 10), (10, 10), False),
        ((10, 10), (10, 0), True),
    ],
)
def test_chance_alone(treated: tuple[int, int], control: tuple[int, int], clear: bool) -> None:
    assert two_groups(Arm(*treated), Arm(*control)).is_clear is clear


def test_what_chance_alone_makes_is_said_so(company: Company) -> None:
    said = {"treated": 100, "treated_did": 55, "control": 100, "control_did": 45}
    page = text(signed_in(company.cx).get(PAGE, said))
    assert "Chance alone makes as much" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"treated": "1"}, "greater than or equal to 2"),
        ({"treated_did": "21308"}, "At most as many as there are in the group."),
        ({"control_did": "-1"}, "greater than or equal to 0"),
        ({"control": "1000001"}, "less than or equal to 1000000"),
        ({"control": "many"}, "many"),
        ({"control": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_as_typed(
    company: Company, wrong: dict[str, int | str], sentence: str
) -> None:
    page = signed_in(company.cx).get(PAGE, HILLSTROM | wrong)
    assert page.status_code == 422
    assert sentence in text(page)
    assert f'value="{next(iter(wrong.values()))}"' in page.content.decode() or "" in wrong.values()
