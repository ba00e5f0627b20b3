"""The panel's weights: each member's own, unseen, by five methods; then the group's, drafted."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict, StaleVersion
from projects.models import Notification, Team, User
from projects.people.models import Function
from scoring.framework.selectors import draft_version, spec_of
from scoring.framework.services.opinions import (
    ask_for_weights,
    give_opinion,
    groups_of,
    take_over,
    to_weigh,
)
from scoring.framework.services.versions import discard_draft, save_draft, start_draft
from scoring.framework.services.votes import open_vote
from scoring.framework.services.weighing import Item, weigh
from scoring.models import FrameworkVersion, Seat, WeightOpinion
from tests.company import Company
from tests.pages import signed_in, text

WEIGHTS = "/admin/framework/weights/"
WEIGH = "/admin/framework/weigh/"
ITEMS = [Item("a", "Alpha"), Item("b", "Beta"), Item("c", "Gamma")]


@pytest.fixture
def draft(company: Company) -> FrameworkVersion:
    """A draft of version 2, for which the panel is asked; Marketing and CX have two seats each."""
    for name, team in (("mo", "Brand"), ("may", "Brand"), ("cleo", "Insights"), ("cy", "Insights")):
        user = User.objects.create_user(name, team=Team.objects.get(name=team))
        Seat.objects.create(user=user)
    opened = start_draft(actor=company.curator)
    ask_for_weights(actor=company.curator, version=opened, expected_version=1)
    found = draft_version()
    assert found is not None
    return found


def person(name: str) -> User:
    return User.objects.select_related("team", "seat").get(username=name)


def give(
    draft: FrameworkVersion,
    name: str,
    said: dict[str, Any],
    group: str = "",
    method: str = "direct",
) -> WeightOpinion:
    return give_opinion(actor=person(name), version=draft, group=group, method=method, answers=said)


def weights_of(draft: FrameworkVersion) -> dict[str, str]:
    spec = spec_of(draft)
    return {row["key"]: row["weights"][""] for row in spec["dimensions"]} | {
        item["key"]: item["weight"] for row in spec["dimensions"] for item in row["criteria"]
    }


def test_each_method_gives_its_published_weights() -> None:
    def weights(method: str, answers: Any) -> list[float]:
        return weigh(method, ITEMS, answers).weights

    assert weights("direct", {"a": "50", "b": "30", "c": "20"}) == [0.5, 0.3, 0.2]
    assert weights("swing", {"a": 100, "b": 60, "c": 40}) == [0.5, 0.3, 0.2]
    # Rank-order centroid of three: 11/18, 5/18, 2/18.
    assert weights("rank", {"a": 1, "b": 2, "c": 3}) == pytest.approx([11 / 18, 5 / 18, 2 / 18])
    assert weights("rank", {"a": 1, "b": 2, "c": 2}) == pytest.approx([11 / 18, 3.5 / 18, 3.5 / 18])
    assert weights("pairwise", {"a:b": 2, "a:c": 4, "b:c": 2}) == pytest.approx(
        [4 / 7, 2 / 7, 1 / 7]
    )
    # A minus is the other way round; a pair may be left open where the others link everything.
    assert weights("pairwise", {"a:b": -2, "b:c": 4}) == pytest.approx([2 / 7, 4 / 7, 1 / 7])
    found = weights(
        "best_worst", {"best": "a", "worst": "c", "over": {"b": 2, "c": 4}, "under": {"b": 2}}
    )
    assert found == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_comparisons_that_do_not_fit_name_the_pair_to_look_at_again() -> None:
    fits = weigh("pairwise", ITEMS, {"a:b": 2, "a:c": 4, "b:c": 2})
    assert fits.remarks == ["Consistency ratio 0.00; up to 0.05 is good."]
    off = weigh("pairwise", ITEMS, {"a:b": 2, "a:c": -4, "b:c": 2})
    assert off.remarks[0].startswith("Consistency ratio 0.88;")
    assert off.remarks[1] == (
        "Look again at Alpha and Beta: you said 2.0 times as important, the other answers say "
        "1/1.3 as important."
    )


@pytest.mark.parametrize(
    ("method", "answers", "where", "said"),
    [
        ("magic", {}, "method", "Choose one of: direct, swing, rank, pairwise, best_worst."),
        ("swing", [], "answers", "Give an object with an answer for each item."),
        ("direct", {"a": 50, "b": 30}, "c", "Gamma: give a number from 0 to 100."),
        ("direct", {"a": 50, "b": 30, "c": 10}, "answers", "sum to 90.0 %, not to 100 %."),
        ("direct", {"a": True, "b": 99, "c": 0}, "a", "Alpha: give a number from 0 to 100."),
        ("direct", {"a": "nan", "b": 1, "c": 1}, "a", "Alpha: give a number from 0 to 100."),
        ("swing", {"a": 0, "b": 0, "c": 0}, "answers", "Give 100 points to the step"),
        ("rank", {"a": 1, "b": 2, "c": 4}, "c", "Gamma: give a whole number from 1 to 3."),
        ("rank", {"a": 1, "b": 2, "c": "1e999"}, "c", "Gamma: give a whole number from 1 to 3."),
        ("pairwise", {"a:b": 0}, "a:b", "Alpha and Beta: from 1 to 9, or from -2 to -9."),
        ("pairwise", {"a:b": 10}, "a:b", "Alpha and Beta: give a whole number from -9 to 9."),
        ("pairwise", {"a:b": 3}, "answers", "Compare more pairs"),
        ("best_worst", {"worst": "c"}, "best", "Say which one is most important."),
        ("best_worst", {"best": "c", "worst": "c"}, "worst", "must differ from the most"),
        ("best_worst", {"best": "a", "worst": "c", "over": 1}, "over", "Give an object"),
        ("best_worst", {"best": "a", "worst": "c", "over": {"b": 2}}, "c", "Gamma: give a whole"),
    ],
)
def test_what_cannot_be_used_is_named(method: str, answers: Any, where: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        weigh(method, ITEMS, answers)
    assert list(refused.value.message_dict) == [where]
    assert said in refused.value.message_dict[where][0]


def test_own_weights_come_before_those_of_others(company: Company, draft: FrameworkVersion) -> None:
    give(draft, "mo", {"return": 50, "impact": 37.3, "fit": 12.7})
    page = text(signed_in(company.panelist).get(WEIGHTS))
    assert "1 of 6 have weighed" in page
    assert "37.3" not in page
    assert "What others give is shown once yours are in." in page
    give(draft, "panelist", {"return": 20, "impact": 40, "fit": 40})
    page = text(signed_in(company.panelist).get(WEIGHTS))
    assert "37.3 to 40.0 %" in page
    # The other group is still to come.
    assert "0 of 6 have weighed" in page
    assert "37.3" not in text(signed_in(company.curator).get(WEIGHTS))


def test_a_form_shows_what_answers_give_before_they_are_given(
    company: Company, draft: FrameworkVersion
) -> None:
    member = signed_in(company.panelist)
    assert member.get(f"{WEIGH}?method=nonsense").status_code == 404
    assert member.get(f"{WEIGH}nowhere/").status_code == 302
    for method in ("direct", "swing", "rank", "pairwise", "best_worst"):
        assert member.get(f"{WEIGH}?method={method}").status_code == 200
    said = {"method": "swing", "item-return": "100", "item-impact": "60", "item-fit": "40"}
    looked = member.post(WEIGH, said)
    assert looked.status_code == 200
    assert "50.0 %" in text(looked)
    assert not WeightOpinion.objects.exists()
    wrong = member.post(WEIGH, said | {"item-fit": "many", "give": "1"})
    assert wrong.status_code == 422
    assert "Fit: give a number from 0 to 100." in text(wrong)
    assert 'value="many"' in text(wrong)
    assert member.post(WEIGH, said | {"give": "1"}).status_code == 302
    kept = WeightOpinion.objects.get()
    assert (kept.group, kept.items, kept.function) == ("", "return impact fit", "it")
    assert kept.weights == [0.5, 0.3, 0.2]
    again = member.get(WEIGH, follow=True)
    assert "They stay." in text(again)
    pairs = {"method": "pairwise", "impact-points:pain": "-3", "give": "1"}
    assert member.post(f"{WEIGH}impact/", pairs).status_code == 302
    assert WeightOpinion.objects.get(group="impact").weights == pytest.approx([0.25, 0.75])


def test_the_groups_weights_go_into_the_draft_with_how_far_members_differ(
    company: Company, draft: FrameworkVersion
) -> None:
    give(draft, "mo", {"return": 50, "impact": 30, "fit": 20})
    give(draft, "cleo", {"return": 20, "impact": 40, "fit": 40})
    taken = take_over(actor=company.admin, version=draft, expected_version=1)
    assert weights_of(taken) == {
        "return": "35.000", "impact": "35.000", "fit": "30.000",
        "expected-roi": "100.000", "impact-points": "50.000", "pain": "50.000",
        "strategic-fit": "100.000",
    }  # fmt: skip
    # Nobody weighed everything, so nothing is known of how far members differ.
    assert (float(taken.weight_spread), taken.is_weighed) == (5.0, False)
    with pytest.raises(Conflict, match="Nobody is asked"):
        give(taken, "cy", {"return": 20, "impact": 40, "fit": 40})


def test_firmness_is_told_by_those_who_weighed_everything(
    company: Company, draft: FrameworkVersion
) -> None:
    for name, dimensions, criteria in (
        ("mo", (50, 30, 20), (50, 50)),
        ("cleo", (30, 40, 30), (60, 40)),
    ):
        give(draft, name, dict(zip(("return", "impact", "fit"), dimensions, strict=True)))
        both = dict(zip(("impact-points", "pain"), criteria, strict=True))
        give(draft, name, both, "impact")
    give(draft, "cy", {"return": 0, "impact": 0, "fit": 100})  # of the dimensions alone
    taken = take_over(actor=company.admin, version=draft, expected_version=1)
    # Of all criteria mo says .50 .15 .15 .20, cleo .30 .24 .16 .30: their concentrations are 11,
    # 37.8, 2,616.5 and 36.5; by the median, 37.2, a weight of 25 % varies by 7.0 points.
    assert float(taken.weight_spread) == 7.0
    assert weights_of(taken)["fit"] == "50.000"


def test_everybodys_pairs_can_be_put_together_first(
    company: Company, draft: FrameworkVersion
) -> None:
    pairs = ("return:impact", "return:fit", "impact:fit")
    give(draft, "mo", dict(zip(pairs, (2, 4, 2), strict=True)), method="pairwise")
    give(draft, "cleo", dict(zip(pairs, (-2, -4, -2), strict=True)), method="pairwise")
    group = groups_of(draft)[0]
    assert group.pooled is not None
    assert group.pooled.weights == pytest.approx([1 / 3] * 3)
    assert group.weights("each") == pytest.approx([2.5 / 7, 2 / 7, 2.5 / 7])
    give(draft, "may", {"return": 50, "impact": 30, "fit": 20})  # not in pairs
    assert groups_of(draft)[0].pooled is None
    with pytest.raises(ValidationError, match="Choose each or pooled"):
        take_over(actor=company.curator, version=draft, expected_version=1, how="best")


def test_nobody_takes_over_before_giving_the_own_weights(
    company: Company, draft: FrameworkVersion
) -> None:
    said = {"return": 50, "impact": 30, "fit": 20}
    give(draft, "mo", said)
    with pytest.raises(Conflict, match="Give your own weights first"):
        take_over(actor=company.curator, version=draft, expected_version=1)
    assert "Give your own weights first" in text(signed_in(company.curator).get(WEIGHTS))
    give(draft, "curator", said)
    with pytest.raises(Conflict, match="Not everybody compared every pair of “Dimensions”"):
        take_over(actor=company.curator, version=draft, expected_version=1, how="pooled")
    assert take_over(actor=company.curator, version=draft, expected_version=1).version == 2


def test_without_a_general_profile_the_dimensions_are_not_weighed(
    company: Company, draft: FrameworkVersion
) -> None:
    spec = spec_of(draft) | {"profiles": [{"key": "b", "name": "B"}, {"key": "a", "name": "A"}]}
    for row in spec["dimensions"]:
        row["weights"] = {"a": row["weights"][""], "b": row["weights"][""]}
    changed = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
    assert [group.key for group in groups_of(changed)] == ["impact"]
    for name in ("mo", "cleo"):
        give(changed, name, {"impact-points": 60, "pain": 40}, "impact")
    taken = take_over(actor=company.admin, version=changed, expected_version=2)
    assert float(taken.weight_spread) == 5.0
    assert [row["weights"] for row in spec_of(taken)["dimensions"]] == [
        {"a": weight, "b": weight} for weight in ("40.000", "30.000", "30.000")
    ]


def test_many_are_not_compared_in_pairs() -> None:
    many = [Item(str(place), f"Item {place}") for place in range(10)]
    with pytest.raises(ValidationError, match="Choose one of: direct, swing, rank, best_worst"):
        weigh("pairwise", many, {})
    assert sum(weigh("rank", many, {str(at): at + 1 for at in range(10)}).weights) == pytest.approx(
        1
    )


def test_a_member_alone_of_a_function_is_not_told_apart(
    company: Company, draft: FrameworkVersion
) -> None:
    for name in ("mo", "may", "cleo"):
        give(draft, name, {"return": 50, "impact": 30, "fit": 20})
    group = groups_of(draft)[0]
    assert group.mean_of(Function.MARKETING) == [0.5, 0.3, 0.2]
    assert group.mean_of(Function.CX) is None


def test_an_opinion_is_given_once_and_stays(company: Company, draft: FrameworkVersion) -> None:
    said = {"return": 50, "impact": 30, "fit": 20}
    give(draft, "mo", said)
    with pytest.raises(Conflict, match="given these weights already"):
        give(draft, "mo", said)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        WeightOpinion.objects.update(weights=[1.0, 0.0, 0.0])
    with pytest.raises(PermissionDenied):
        give(draft, "leader", said)
    with pytest.raises(PermissionDenied):
        take_over(actor=company.panelist, version=draft, expected_version=1)
    with pytest.raises(StaleVersion):
        take_over(actor=company.curator, version=draft, expected_version=7)


def test_other_items_are_weighed_anew_and_a_fresh_draft_keeps_what_was_said(
    company: Company, draft: FrameworkVersion
) -> None:
    give(draft, "mo", {"return": 50, "impact": 30, "fit": 20})
    assert groups_of(draft)[0].own(person("mo")) is not None
    discard_draft(actor=company.curator, version=draft, expected_version=1)
    fresh = start_draft(actor=company.curator)
    assert groups_of(fresh)[0].own(person("mo")) is not None
    spec = spec_of(fresh)
    spec["dimensions"][2]["key"] = "fitness"
    changed = save_draft(actor=company.curator, version=fresh, spec=spec, expected_version=1)
    assert groups_of(changed)[0].own(person("mo")) is None


def test_home_asks_until_everything_is_weighed(company: Company, draft: FrameworkVersion) -> None:
    asked = "Say how much each criterion of Test framework v2 should count."
    told = Notification.objects.filter(text=asked).values_list("recipient__username", flat=True)
    assert sorted(told) == ["cleo", "curator", "cy", "may", "mo", "panelist"]
    assert "Weigh the criteria of Test framework v2" in text(signed_in(company.panelist).get("/"))
    give(draft, "panelist", {"return": 50, "impact": 30, "fit": 20})
    assert to_weigh(company.panelist) == draft
    give(draft, "panelist", {"impact-points": 50, "pain": 50}, "impact")
    assert to_weigh(company.panelist) is None
    assert "Weigh the criteria" not in text(signed_in(company.panelist).get("/"))
    spec = spec_of(draft) | {"summary": "Other weights."}
    saved = save_draft(actor=company.curator, version=draft, spec=spec, expected_version=1)
    voted = open_vote(actor=company.curator, version=saved, expected_version=saved.version)
    assert not voted.is_weighed


def test_the_chair_asks_and_takes_over_on_the_page(
    company: Company, draft: FrameworkVersion
) -> None:
    chair = signed_in(company.curator)
    nobody = chair.post(f"{WEIGHTS}take/", {"version": "1"}, follow=True)
    assert "Nobody has given weights yet." in text(nobody)
    give(draft, "curator", {"return": 50, "impact": 30, "fit": 20})
    assert "Take over" in text(chair.get(WEIGHTS))
    assert "Take over" not in text(signed_in(company.panelist).get(WEIGHTS))
    taken = chair.post(f"{WEIGHTS}take/", {"version": "1"}, follow=True)
    assert "What the panel says is in the draft." in text(taken)
    asked = chair.post(f"{WEIGHTS}ask/", {"version": "2"}, follow=True)
    assert "Every member of the panel is asked" in text(asked)


@pytest.mark.parametrize("members", [1, 3])
def test_the_page_asks_as_much_for_three_members_as_for_one(
    company: Company,
    draft: FrameworkVersion,
    members: int,
    django_assert_num_queries: Any,
) -> None:
    chair = signed_in(company.curator)
    for name in ("curator", "mo", "cleo")[:members]:
        give(draft, name, {"return": 50, "impact": 30, "fit": 20})
    chair.get(WEIGHTS)
    with django_assert_num_queries(13):
        chair.get(WEIGHTS)
