"""The chair's screens: one draft, edited part by part, published once."""

import re
from typing import Any

import pytest
from django.test import Client

from scoring.framework.services.versions import start_draft
from scoring.models import FrameworkVersion
from tests.company import Company
from tests.pages import signed_in, text
from tests.scoring.framework.drafting import PAGE, dimensions, judged, now


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
