"""The chair's screens: one draft, edited part by part, published once."""

import re
from typing import Any

import pytest
from django.test import Client

from scoring.framework.selectors import draft_version, spec_of
from scoring.framework.services.versions import start_draft
from scoring.models import Criterion, FrameworkVersion
from tests.company import Company
from tests.pages import signed_in, text

PAGE = "/admin/framework/"


@pytest.fixture
def chair(company: Company) -> Client:
    return signed_in(company.curator)


@pytest.fixture
def draft(company: Company) -> FrameworkVersion:
    return start_draft(actor=company.curator)


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


def weights() -> dict[str, Any]:
    """The form as it stands: the weights of the version in force, and what changes."""
    return {
        "version": now().version,
        "summary": "Return counts for more.",
        "discount_rate": "0.10",
        "coverage_limit": "0.8",
        "single_rater_spread": "15",
        "prior_roi": "0",
        "prior_spread": "0.8",
        "evidence_half_life": "2",
        "cost_uplift": "0",
        "weight_spread": "5",
        "draws": "1000",
        "cost_unit": "",
        "quorum": "50",
        "majority": "50",
        "d--return": "40",
        "d--impact": "30",
        "d--fit": "30",
        "c-expected-roi": "100",
        "c-impact-points": "50",
        "c-pain": "50",
        "c-strategic-fit": "100",
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


# ---------------------------------------------------------------- opening


def test_a_draft_starts_as_a_copy(company: Company, chair: Client) -> None:
    assert "is in force and cannot be changed" in text(chair.get(PAGE))
    answer = chair.post(f"{PAGE}start/", follow=True)
    assert "Draft of Test framework v2" in text(answer)
    assert "Say in one sentence what this version changes." in text(answer)
    assert dimensions() == {"return": "40.000", "impact": "30.000", "fit": "30.000"}
    chair.post(f"{PAGE}start/")
    assert FrameworkVersion.objects.count() == 2


def test_without_a_framework_the_page_says_how_to_get_one(company: Company) -> None:
    FrameworkVersion.objects.filter(pk=company.version.pk).update(status="retired")
    admin = signed_in(company.admin)
    assert "There is no framework yet." in text(admin.get(PAGE))
    answer = admin.post(f"{PAGE}start/", follow=True)
    assert "There is no framework yet. Import one first." in text(answer)


def test_the_framework_leads_those_who_may_to_its_draft(
    company: Company, chair: Client, draft: FrameworkVersion
) -> None:
    page = text(chair.get("/framework/"))
    assert f'href="{PAGE}">Open the draft of v2</a>' in page
    assert "A draft of v2 is being written" in page
    assert f'href="{PAGE}">Open the draft of v2</a>' in text(
        signed_in(company.admin).get("/framework/")
    )
    assert "draft of v2" not in text(signed_in(company.marketing).get("/framework/"))
    menu = text(chair.get(PAGE))
    assert '<a href="/framework/" aria-current="true">Framework</a>' in menu
    assert '<a href="/admin/">Panel queue</a>' in menu


def test_screens_of_the_draft_need_a_draft(chair: Client) -> None:
    for path in ("criterion/pain/", "criterion/?dimension=fit"):
        assert chair.get(f"{PAGE}{path}").status_code == 404
    for path in ("publish/", "discard/", "dimension/", "criterion/pain/remove/"):
        assert chair.post(f"{PAGE}{path}").status_code == 404


# ---------------------------------------------------------------- weights


def test_weights_are_saved_together(chair: Client, draft: FrameworkVersion) -> None:
    answer = chair.post(PAGE, weights() | {"d--return": "50", "d--fit": "20,0"}, follow=True)
    assert "Draft saved." in text(answer)
    assert dimensions() == {"return": "50.000", "impact": "30.000", "fit": "20.000"}
    assert (now().summary, now().version) == ("Return counts for more.", draft.version + 1)


def test_weights_that_do_not_sum_come_back_as_typed(chair: Client, draft: FrameworkVersion) -> None:
    answer = chair.post(PAGE, weights() | {"d--return": "50", "c-pain": "49.5"})
    assert answer.status_code == 422
    page = text(answer)
    assert "The weights of the dimensions sum to 110 %. They must sum to 100 %." in page
    assert "The weights in “Customer impact” sum to 99.5 %. They must sum to 100 %." in page
    assert 'name="d--return" value="50"' in page
    assert 'name="c-pain" value="49.5"' in page
    assert dimensions()["return"] == "40.000"


def test_scaling_to_100_only_when_asked(chair: Client, draft: FrameworkVersion) -> None:
    form = weights() | {"d--return": "1", "d--impact": "1", "d--fit": "1", "normalise": "1"}
    assert chair.post(PAGE, form).status_code == 302
    assert sorted(dimensions().values()) == ["33.333", "33.333", "33.334"]
    zero = weights() | dict.fromkeys(("d--return", "d--impact", "d--fit"), "0") | {"normalise": "1"}
    answer = chair.post(PAGE, zero)
    assert (answer.status_code, "At least one weight must be above 0." in text(answer)) == (
        422,
        True,
    )


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ("lots", "“lots” is not a weight. Use digits."),
        ("-40", "A weight or value is a number from 0 to 100."),
        ("NaN", "A weight or value is a number from 0 to 100."),
        ("Infinity", "A weight or value is a number from 0 to 100."),
        ("1e9", "A weight or value is a number from 0 to 100."),
        ("1e999999", "A weight or value is a number from 0 to 100."),
        ("40.0000001", "sum to 100.0000001 %"),
        ("", "sum to 60 %"),
    ],
)
def test_a_wrong_weight_is_refused(
    chair: Client, draft: FrameworkVersion, weight: str, message: str
) -> None:
    answer = chair.post(PAGE, weights() | {"d--return": weight})
    assert answer.status_code == 422
    assert message in text(answer)
    assert dimensions()["return"] == "40.000"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"draws": "10"}, "Possible futures: Ensure this value is greater than or equal to 1000."),
        ({"discount_rate": "2"}, "Discount rate: Ensure this value is less than or equal to 1."),
        ({"coverage_limit": "x"}, "Coverage limit: Enter a number."),
        ({"cost_unit": "100"}, "Cost is already inside expected ROI"),
        ({"summary": "x" * 301}, "What changes: Ensure this value has at most 300 characters"),
    ],
)
def test_wrong_rules_come_back_as_typed(
    chair: Client, draft: FrameworkVersion, changed: dict[str, str], message: str
) -> None:
    answer = chair.post(PAGE, weights() | changed)
    assert (answer.status_code, message in text(answer)) == (422, True)
    assert next(iter(changed.values())) in text(answer)
    assert now().version == draft.version


def test_a_stale_draft_is_refused_and_kept_as_typed(
    company: Company, chair: Client, draft: FrameworkVersion
) -> None:
    form = weights() | {"d--return": "50", "d--fit": "20"}
    assert signed_in(company.admin).post(PAGE, weights()).status_code == 302
    answer = chair.post(PAGE, form)
    assert answer.status_code == 422
    assert "The draft was changed by someone else since you opened it." in text(answer)
    assert 'name="d--return" value="50"' in text(answer)
    assert dimensions()["return"] == "40.000"


@pytest.mark.parametrize("weight", ["lots", "-40", "NaN", "Infinity", "1e999999"])
def test_a_wrong_weight_cannot_be_scaled(
    chair: Client, draft: FrameworkVersion, weight: str
) -> None:
    answer = chair.post(PAGE, weights() | {"d--return": weight, "normalise": "1"})
    assert answer.status_code == 422
    assert now().version == draft.version


# ---------------------------------------------------------------- criteria and dimensions


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


# ---------------------------------------------------------------- publishing


def test_a_draft_comes_into_force_by_the_panels_vote(
    company: Company, chair: Client, draft: FrameworkVersion
) -> None:
    early = chair.post(f"{PAGE}publish/", {"version": draft.version}, follow=True)
    assert "Say in one sentence what this version changes." in text(early)
    chair.post(PAGE, weights())
    stale = chair.post(f"{PAGE}publish/", {"version": draft.version}, follow=True)
    assert "The draft was changed by someone else" in text(stale)
    done = chair.post(f"{PAGE}publish/", {"version": now().version}, follow=True)
    assert done.redirect_chain == [("/admin/framework/vote/", 302)]
    assert "The vote is open. Every member of the panel is told." in text(done)
    assert chair.get(PAGE).headers["Location"] == "/admin/framework/vote/"
    for member in (company.curator, company.panelist):
        client = signed_in(member)
        assert "Read and vote" in text(client.get("/"))
        page = text(client.get(f"{PAGE}vote/"))
        assert "0 of 2 voted" in page or "1 of 2 voted" in page
        client.post(f"{PAGE}vote/", {"text": now().version, "choice": "yes"})
        assert "Read and vote" not in text(client.get("/"))
    assert list(FrameworkVersion.objects.values_list("number", "status").order_by("number")) == [
        (1, "retired"),
        (2, "published"),
    ]


def test_a_level_missing_at_an_end_blocks_publishing(
    chair: Client, draft: FrameworkVersion
) -> None:
    chair.post(PAGE, weights())
    chair.post(f"{PAGE}criterion/pain/", judged("0", "50", name="Pain"))
    page = text(chair.get(PAGE))
    assert "“Pain” needs a level worth 0 and one worth 100: fixed end points." in page
    assert re.search(r'data-dialog="publish"\s+disabled', page)
    chair.post(f"{PAGE}publish/", {"version": now().version})
    assert now().status == "draft"


def test_discarding_keeps_the_version_in_force(
    company: Company, chair: Client, draft: FrameworkVersion
) -> None:
    stale = chair.post(f"{PAGE}discard/", {"version": draft.version + 1}, follow=True)
    assert "The draft was changed by someone else" in text(stale)
    done = chair.post(f"{PAGE}discard/", {"version": draft.version}, follow=True)
    assert "The draft is discarded. The version in force is unchanged." in text(done)
    assert list(FrameworkVersion.objects.all()) == [company.version]


# ---------------------------------------------------------------- what it would move


def test_the_page_shows_what_the_draft_moves(company: Company, chair: Client) -> None:
    company.scored("Alpha", fit=100, money=company.money(cost=200_000, benefit=10_000))
    company.scored("Beta", fit=0, money=company.money(cost=10_000, benefit=90_000))
    company.rank()
    start_draft(actor=company.curator)
    assert "the draft leaves every proposal of run" in text(chair.get(PAGE))
    chair.post(PAGE, weights() | {"d--return": "0", "d--impact": "0", "d--fit": "100"})
    moved = re.findall(r">(\w+)</a> <span class=\"nowrap\">([^<]+)<", text(chair.get(PAGE)))
    assert sorted(moved) == [("Alpha", "2 → 1"), ("Beta", "1 → 2")]


def test_the_page_says_whom_a_change_after_the_scores_favours(
    company: Company, chair: Client
) -> None:
    start_draft(actor=company.curator)
    assert "judged already" not in text(chair.get(PAGE))
    company.scored("Alpha", fit=100, money=company.money(cost=200_000, benefit=10_000))
    company.scored(
        "Beta",
        fit=0,
        marketing=company.other_marketing,
        cx=company.other_cx,
        money=company.money(cost=10_000, benefit=90_000),
    )
    company.rank()
    as_it_is = text(chair.get(PAGE))
    assert "2 proposals of this cycle are judged already" in as_it_is
    assert "Which teams gain" not in as_it_is
    chair.post(PAGE, weights() | {"d--return": "0", "d--impact": "0", "d--fit": "100"})
    page = text(chair.get(PAGE))
    said = page[page.index("Which teams gain") :]
    teams = re.findall(r"<li>([\w ]+) <span class=\"nowrap\">(\S+) ", said)
    gained = sorted([str(company.marketing.team), str(company.cx.team)])
    lost = sorted([str(company.other_marketing.team), str(company.other_cx.team)])
    assert teams == [(team, "+1.0") for team in gained] + [
        (team, "\N{MINUS SIGN}1.0") for team in lost
    ]
