"""The framework: one draft, weights that sum to 100 %, versions that never change."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.errors import Conflict, StaleVersion
from scoring.framework.selectors import published_version, spec_of
from scoring.framework.services import edits
from scoring.framework.services.versions import (
    discard_draft,
    import_framework,
    normalised,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import open_vote
from scoring.models import Criterion, Dimension, DimensionWeight, FrameworkVersion, Level
from scoring.scorecards.selectors.begun import earlier_scores
from scoring.scorecards.selectors.cards import pending_for
from scoring.what_if.services.preview import preview_draft
from tests.company import Company, framework_spec, levels


def amended(company: Company, **weights: str) -> FrameworkVersion:
    """Publish a version with other dimension weights."""
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Other weights."}
    for row in spec["dimensions"]:
        row["weights"][""] = weights[row["key"]]
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    return company.ratified(draft)


def test_a_draft_is_a_copy_of_the_version_in_force(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    expected = spec_of(company.version) | {"summary": ""}
    assert spec_of(draft) == expected
    assert (draft.number, draft.status) == (2, "draft")
    assert start_draft(actor=company.curator) == draft


def test_publishing_retires_the_version_before(company: Company) -> None:
    second = amended(company, **{"return": "50", "impact": "25", "fit": "25"})
    company.version.refresh_from_db()
    assert (company.version.status, second.status) == ("retired", "published")
    assert published_version() == second
    with pytest.raises(Conflict, match="can no longer be changed"):
        save_draft(
            actor=company.curator,
            version=second,
            spec=framework_spec(),
            expected_version=second.version,
        )


@pytest.mark.parametrize("who", ["panelist", "leader", "marketing"])
def test_only_the_chair_changes_the_framework(company: Company, who: str) -> None:
    with pytest.raises(PermissionDenied):
        start_draft(actor=getattr(company, who))


def spoiled(**changes: Any) -> dict[str, Any]:
    spec = copy.deepcopy(framework_spec())
    for path, value in changes.items():
        place: Any = spec
        *steps, last = path.split("__")
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value
    return spec


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        (
            {"dimensions__0__weights": {"": "41"}},
            "weights.",
            "The weights of the dimensions sum to 101 %. They must sum to 100 %.",
        ),
        (
            {"dimensions__1__criteria__0__weight": "49.5"},
            "weights.impact",
            "The weights in “Customer impact” sum to 99.5 %. They must sum to 100 %.",
        ),
        (
            {"dimensions__1__criteria__1__key": "impact-points"},
            "impact-points",
            "The key “impact-points” is used twice.",
        ),
        (
            {"parameters": {"cost_unit": "1000"}},
            "cost_unit",
            "Cost is already inside expected ROI",
        ),
        ({"dimensions__0__criteria__0__knots": [[0, 0]]}, "expected-roi.knots", "Give at least"),
        (
            {"dimensions__0__criteria__0__knots": [[0, 0], [0, 50]]},
            "expected-roi.knots",
            "Give at least",
        ),
        (
            {"dimensions__0__criteria__0__knots": [[0, 0], [1, 60], [2, 50]]},
            "expected-roi.knots",
            "Give at least",
        ),
        (
            {"dimensions__0__criteria__0__knots": [[0, -1], [1, 50]]},
            "expected-roi.knots",
            "Give at least",
        ),
        ({"dimensions__2__criteria__0__levels": levels(0, 0, 100)}, "strategic-fit", "Two levels"),
        ({"dimensions__0__weights": {"": "-40"}}, "weights", "A weight or value is a number"),
        ({"dimensions__0__weights": {"": "much"}}, "weights", "“much” is not a number."),
        ({"profiles": []}, "profiles", "A framework needs at least one weight profile."),
    ],
)
def test_a_wrong_draft_is_refused_whole(
    company: Company, changes: dict[str, Any], key: str, message: str
) -> None:
    draft = start_draft(actor=company.curator)
    before = spec_of(draft)
    with pytest.raises(ValidationError) as caught:
        save_draft(
            actor=company.curator,
            version=draft,
            spec=spoiled(**changes),
            expected_version=draft.version,
        )
    assert caught.value.message_dict[key][0].startswith(message)
    draft.refresh_from_db()
    assert draft.version == 1
    assert spec_of(draft) == before


def test_a_judged_criterion_needs_both_end_points_to_be_published(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    spec = spoiled(dimensions__2__criteria__0__levels=levels(25, 100))
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    with pytest.raises(ValidationError, match="fixed end points"):
        open_vote(actor=company.curator, version=draft, expected_version=draft.version)
    assert published_version() == company.version


def test_a_stale_draft_is_refused(company: Company) -> None:
    draft = start_draft(actor=company.curator)
    save_draft(
        actor=company.curator, version=draft, spec=framework_spec(), expected_version=draft.version
    )
    with pytest.raises(StaleVersion):
        publish_version(actor=company.curator, version=draft, expected_version=1)
    with pytest.raises(StaleVersion):
        discard_draft(actor=company.curator, version=draft, expected_version=1)


def test_one_draft_at_a_time(company: Company) -> None:
    start_draft(actor=company.curator)
    with pytest.raises(Conflict):
        import_framework(actor=company.curator, spec=framework_spec())


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (FrameworkVersion, {"discount_rate": Decimal("0.5")}),
        (FrameworkVersion, {"status": "draft"}),
        (Dimension, {"name": "Other"}),
        (DimensionWeight, {"weight": 1}),
        (Criterion, {"weight": 1}),
        (Criterion, {"knots": []}),
        (Level, {"value": 99}),
    ],
)
def test_the_database_refuses_to_change_a_published_version(
    company: Company, model: Any, values: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        model.objects.filter(pk=model.objects.order_by("-pk").first().pk).update(**values)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        Dimension.objects.create(framework_version=company.version, key="new", name="New")


def test_scores_keep_counting_when_only_weights_change(company: Company) -> None:
    proposal = company.scored("Scored before", pain=100, fit=100)
    before = company.rank().results.get()
    company.version = amended(company, **{"return": "0", "impact": "0", "fit": "100"})
    after = company.rank().results.get()
    assert before.coverage == after.coverage == 1.0
    assert after.value == 100.0
    assert [row[4] for row in after.contributions] == [0, 0, 2, 2]
    # Judging again is offered with the earlier answers filled in.
    assert proposal in pending_for(company.panelist, company.version)
    criteria = list(Criterion.objects.filter(dimension__framework_version=company.version))
    judged = [item for item in criteria if item.is_judged]
    assert earlier_scores(company.panelist, [proposal], criteria)[proposal.pk] == {
        item.pk: (str(item.levels.get(value=100).pk), "") for item in judged
    }


def test_scores_on_another_yardstick_do_not_count(company: Company) -> None:
    company.scored("Scored before", pain=100, fit=100)
    draft = start_draft(actor=company.curator)
    spec = spec_of(draft) | {"summary": "Fit worded anew."}
    spec["dimensions"][2]["criteria"][0]["levels"][2]["wording"] = "Something else."
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    company.version = company.ratified(draft)
    result = company.rank().results.get()
    assert result.coverage == pytest.approx(0.7)
    assert result.line == "incomplete"
    assert result.missing == ["No score yet: Strategic fit"]


def test_the_preview_shows_what_a_draft_would_move(company: Company) -> None:
    rich = company.scored("Rich", pain=0, fit=0, money=company.money(benefit=400_000))
    loved = company.scored("Loved", pain=100, fit=100, money=company.money(benefit=10_000))
    run = company.rank()
    assert [row.title for row in run.results.order_by("position")] == ["Loved", "Rich"]
    draft = start_draft(actor=company.curator)
    spec = edits.with_weights(
        spec_of(draft),
        dimensions={
            ("", "return"): Decimal(100),
            ("", "impact"): Decimal(0),
            ("", "fit"): Decimal(0),
        },
        criteria={
            "expected-roi": Decimal(100),
            "impact-points": Decimal(50),
            "pain": Decimal(50),
            "strategic-fit": Decimal(100),
        },
    )
    draft = save_draft(
        actor=company.curator, version=draft, spec=spec, expected_version=draft.version
    )
    moves = {move.result.proposal_id: (move.rank, move.by) for move in preview_draft(draft, run)}
    assert moves == {rich.pk: (1, 1), loved.pk: (2, -1)}


def test_edits_keep_the_sums(company: Company) -> None:
    spec = edits.with_criterion(
        framework_spec(),
        dimension="impact",
        criterion={"name": "Pain", "source": "panel", "levels": levels(0, 100), "knots": []},
    )
    weights = [(row["key"], row["weight"]) for row in spec["dimensions"][1]["criteria"]]
    assert weights == [("impact-points", "50"), ("pain", "50"), ("pain-2", "0")]
    removed = edits.without_criterion(spec, key="impact-points")
    weights = [(row["key"], row["weight"]) for row in removed["dimensions"][1]["criteria"]]
    assert weights == [("pain", "100.000"), ("pain-2", "0.000")]
    with pytest.raises(ValidationError, match="still has criteria"):
        edits.without_dimension(spec, key="fit")
    grown = edits.with_dimension(spec, name="Risk")
    assert grown["dimensions"][-1]["weights"] == {"": "0"}
    assert edits.without_dimension(grown, key="risk")["dimensions"] == spec["dimensions"]


@given(
    st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=12).filter(
        lambda weights: sum(weights) > 0
    )
)
def test_normalised_weights_sum_to_exactly_100(weights: list[Decimal]) -> None:
    scaled = normalised(weights)
    assert sum(scaled) == 100
    assert all(part >= 0 for part in scaled)
    exact = [weight * 100 / sum(weights) for weight in weights]
    assert all(abs(a - b) <= Decimal("0.001") for a, b in zip(scaled, exact, strict=True))


def test_all_zero_weights_cannot_be_normalised() -> None:
    with pytest.raises(ValidationError, match="above 0"):
        normalised([Decimal(0), Decimal(0)])
