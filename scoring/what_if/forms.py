from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from projects.amounts import AmountField, write_amount
from scoring.what_if.services import Base, Question

# What the plan asks beside: its way, its rules, its exceptions.
CARRIED = (
    *("way", "stops", "least", "of", "low", "high"),
    *("apart", "force", "side", "why", "asked"),
)


class QuestionForm(forms.Form):
    """The question, read from an address. What is not given is as the run has it."""

    budget = AmountField(
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        label="Budget",
        error_messages={"min_value": "A budget is 0 or more."},
    )

    def __init__(self, data: QueryDict, *, base: Base, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.asked = data
        self.base = base
        for profile in base.framework["profiles"]:
            for row in base.framework["dimensions"]:
                self.fields[slider_name(profile["key"], row["key"])] = forms.FloatField(
                    min_value=0, max_value=100, required=False, label=row["name"]
                )
        self.fields["without"] = forms.MultipleChoiceField(
            choices=choices,
            required=False,
            label="Leave out",
            error_messages={"invalid_choice": "Choose from the list; this is not on it."},
        )

    def question(self) -> Question:
        """Needs ``is_valid``."""
        plain, given = self.base.plain, self.cleaned_data
        without = [choice.split(":", 1) for choice in given["without"]]
        weights = {
            place: given[slider_name(*place)] if given[slider_name(*place)] is not None else weight
            for place, weight in plain.weights.items()
        }
        return Question(
            weights=weights,
            budget=plain.budget if given["budget"] is None else float(given["budget"]),
            criteria=frozenset(name for kind, name in without if kind == "criterion"),
            functions=frozenset(name for kind, name in without if kind == "function"),
            raters=frozenset(int(name) for kind, name in without if kind == "rater"),
        )

    @property
    def budget_shown(self) -> str:
        """The budget as it stands in the field: readable, and as typed where it is wrong."""
        typed = self.data.get("budget", "")
        if "budget" in self.errors:
            return str(typed)
        asked = self.cleaned_data.get("budget")
        return write_amount(Decimal(str(self.base.plain.budget)) if asked is None else asked)

    def address(self) -> str:
        """The question as a query string: only what differs from the run."""
        plain, given = self.base.plain, self.cleaned_data
        parts: list[tuple[str, Any]] = [
            (slider_name(*place), f"{given[slider_name(*place)]:g}")
            for place, weight in plain.weights.items()
            if given[slider_name(*place)] not in (None, weight)
        ]
        if given["budget"] is not None and float(given["budget"]) != plain.budget:
            parts.append(("budget", f"{given['budget'].normalize():f}"))
        parts += [("without", choice) for choice in given["without"]]
        return urlencode(parts + self.carried())

    def carried(self) -> list[tuple[str, str]]:
        """What the address says for the plan, which this page hands on."""
        return [(name, value) for name in CARRIED for value in self.asked.getlist(name)]


def slider_name(profile: str, dimension: str) -> str:
    return f"w-{profile}-{dimension}"
