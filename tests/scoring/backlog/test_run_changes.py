"""What differs between two sealed snapshots: exact, in words, nothing by panelist."""

from copy import deepcopy
from typing import Any

import pytest

from scoring.backlog.services.run_changes import (
    InputChanges,
    ProposalChange,
    ScoreChange,
    Setting,
    input_changes,
)

MONEY = {
    "kind": "retention",
    "label": "Margin kept",
    "low": "1.00",
    "likely": "2.00",
    "high": "3000.50",
    "starts_month": 6,
    "yearly_retention": None,
}
EFFECT = {
    "stage": "Use",
    "segment": "Families",
    "reach": 1000,
    "points": "2.50",
    "evidence": "test",
}


def proposal(pk: int, **fields: Any) -> dict[str, Any]:
    plain = {
        "id": pk,
        "title": f"Title {pk}",
        "category": "",
        "marketing_team": "Brand",
        "cx_team": "Insights",
        "revision": 1,
        "horizon_months": 36,
        "money": [],
        "effects": [],
        "measures": {},
    }
    return plain | fields


@pytest.fixture
def snapshot() -> dict[str, Any]:
    return {
        "cycle": {"id": 1, "name": "This year", "currency": "EUR", "budget": "250000.00"},
        "stages": {"Use": "1.00"},
        "confidence": {"test": "0.80"},
        "framework": {
            "name": "Rules",
            "number": 1,
            "parameters": {"discount_rate": "0.08", "cost_unit": None, "draws": 1000},
            "profiles": [{"key": "", "name": "General"}],
            "dimensions": [
                {
                    "name": "Return",
                    "weights": {"": "60"},
                    "criteria": [
                        {
                            "key": "roi",
                            "name": "ROI",
                            "source": "expected_roi",
                            "question": "",
                            "weight": "100",
                            "knots": [[-1, 0], [4, 100]],
                            "levels": [],
                        }
                    ],
                },
                {
                    "name": "Fit",
                    "weights": {"": "40"},
                    "criteria": [
                        {
                            "key": "fit",
                            "name": "Fits",
                            "source": "panel",
                            "question": "Does it fit?",
                            "weight": "100",
                            "knots": [],
                            "levels": [
                                {"value": "0.000", "label": "No", "wording": "Not at all."},
                                {"value": "100.000", "label": "Yes", "wording": "In full."},
                            ],
                        }
                    ],
                },
            ],
        },
        "proposals": [proposal(1, money=[MONEY], effects=[EFFECT]), proposal(2)],
        "scores": [[1, "fit", 7, "0.000"], [1, "fit", 8, "100.000"], [2, "fit", 7, "100.000"]],
    }


def test_the_same_inputs_differ_in_nothing(snapshot) -> None:
    found = input_changes(snapshot, deepcopy(snapshot))
    assert found == InputChanges(rules=[], added=[], withdrawn=[], changed=[], scores=[])
    assert found.nothing


def test_proposals_come_and_go(snapshot) -> None:
    after = deepcopy(snapshot)
    after["proposals"] = [after["proposals"][0], proposal(3)]
    found = input_changes(snapshot, after)
    assert found.added == [(3, "Title 3")]
    assert found.withdrawn == [(2, "Title 2")]
    assert not found.nothing


def test_what_a_proposal_states_is_told_line_by_line(snapshot) -> None:
    after = deepcopy(snapshot)
    after["proposals"][0] |= {
        "revision": 2,
        "horizon_months": 24,
        "money": [MONEY | {"likely": "20.00"}, MONEY | {"starts_month": 0, "label": ""}],
        "effects": [],
        "measures": {"reach-km": "2.5"},
    }
    assert input_changes(snapshot, after).changed == [
        ProposalChange(
            1,
            "Title 1",
            [
                Setting("Signed text", "revision 1", "revision 2"),
                Setting("Horizon", "36 months", "24 months"),
                Setting(
                    "Money: Margin kept",
                    "Retention: margin from customers kept per year: 1 / 2 / 3,000.5,"
                    " after 6 months",
                    "Retention: margin from customers kept per year: 1 / 20 / 3,000.5,"
                    " after 6 months",
                ),
                Setting(
                    "Money: Retention: margin from customers kept per year",
                    None,
                    "Retention: margin from customers kept per year: 1 / 2 / 3,000.5",
                ),
                Setting("Measured: reach-km", None, "2.5"),
                Setting("Effect: Use, Families", "1,000 customers, 2.5 points, A/B test", None),
            ],
        )
    ]


def test_two_lines_of_one_name_are_told_apart(snapshot) -> None:
    snapshot["proposals"][0]["money"] = [MONEY, MONEY]
    after = deepcopy(snapshot)
    after["proposals"][0]["money"][1] = MONEY | {"high": "9000.00"}
    (change,) = input_changes(snapshot, after).changed
    assert [setting.name for setting in change.settings] == ["Money: Margin kept (2)"]


def test_rules_and_budget(snapshot) -> None:
    after = deepcopy(snapshot)
    after["cycle"]["budget"] = "300000.00"
    after["stages"] = {"Use": "1.50", "Renew": "1.00"}
    after["confidence"]["test"] = "0.75"
    framework = after["framework"]
    framework["number"] = 2
    framework["parameters"] |= {"cost_unit": "1000", "discount_rate": "0.10"}
    framework["dimensions"][0]["weights"][""] = "50"
    framework["dimensions"][1]["weights"][""] = "50"
    framework["dimensions"][0]["criteria"][0]["knots"] = [[-1, 0], [3, 100]]
    framework["dimensions"][1]["criteria"][0]["levels"][1]["wording"] = "Almost in full."
    assert input_changes(snapshot, after).rules == [
        Setting("Budget", "250,000 EUR", "300,000 EUR"),
        Setting("Framework", "Rules v1", "Rules v2"),
        Setting("Discount rate a year", "0.08", "0.1"),
        Setting("Value per cost of", "none", "1,000"),
        Setting("Weight of Return", "60 %", "50 %"),
        Setting(
            "Value function of ROI",
            "\u22121 is worth 0, 4 is worth 100",
            "\u22121 is worth 0, 3 is worth 100",
        ),
        Setting("Weight of Fit", "40 %", "50 %"),
        Setting("Level 100 of Fits", "Yes: In full.", "Yes: Almost in full."),
        Setting("Weight of the stage Use", "1", "1.5"),
        Setting("Weight of the stage Renew", None, "1"),
        Setting("Confidence of A/B test", "0.8", "0.75"),
    ]


def test_profiles_are_named_where_there_are_several(snapshot) -> None:
    for version, weight in ((snapshot, "10"), (after := deepcopy(snapshot), "20")):
        version["framework"]["profiles"].append({"key": "brand", "name": "Brand"})
        version["framework"]["dimensions"][0]["weights"]["brand"] = weight
        version["framework"]["dimensions"][1]["weights"]["brand"] = "80"
    assert input_changes(snapshot, after).rules == [
        Setting("Weight of Return for Brand", "10 %", "20 %")
    ]


def test_scores_are_counted_by_criterion_alone(snapshot) -> None:
    after = deepcopy(snapshot)
    after["scores"] = [[1, "fit", 7, "100.000"], [1, "fit", 9, "0.000"], [2, "fit", 7, "100.000"]]
    assert input_changes(snapshot, after).scores == [ScoreChange("Fits", 1, 1, 1)]


def test_a_criterion_that_is_gone_takes_its_scores(snapshot) -> None:
    after = deepcopy(snapshot)
    after["framework"]["dimensions"][1]["criteria"][0] |= {"key": "other", "name": "Other"}
    after["scores"] = [[1, "other", 7, "0.000"]]
    assert input_changes(snapshot, after).scores == [
        ScoreChange("Fits", 0, 0, 3),
        ScoreChange("Other", 1, 0, 0),
    ]
