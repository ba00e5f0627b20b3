"""Forms of the backlog and framework pages. They collect and show; services hold the rules."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from projects.amounts import AmountField, write_amount
from scoring.decisions.models import Decision
from scoring.decisions.services import NO_OUTCOME, NO_REASON
from scoring.framework.models import Criterion, FrameworkVersion, check_knots
from scoring.what_if.services import Base, Question


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Decision.Outcome,
        widget=forms.RadioSelect,
        label="Decision",
        error_messages={"required": NO_OUTCOME},
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        label="Reason",
        help_text="Both owners will read it.",
        error_messages={"required": NO_REASON},
    )
    conditions = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Conditions",
        help_text="For a greenlight with conditions: what must be true first, by when, and who "
        "sees to it.",
    )
    override_code = forms.ChoiceField(
        choices=[("", "The ranking is followed"), *Decision.Override.choices],
        required=False,
        label="Why not the ranking",
        help_text="Needed when the decision departs from the ranked order and the budget.",
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)


class ExportForm(forms.Form):
    creation_key = forms.UUIDField(widget=forms.HiddenInput)


class ParametersForm(forms.ModelForm[FrameworkVersion]):
    class Meta:
        model = FrameworkVersion
        fields = [
            "summary",
            "discount_rate",
            "coverage_limit",
            "single_rater_spread",
            "weight_spread",
            "draws",
            "cost_unit",
        ]
        labels = {"summary": "What changes", "draws": "Possible futures"}


class CriterionForm(forms.Form):
    name = forms.CharField(max_length=80)
    question = forms.CharField(
        max_length=300,
        required=False,
        help_text="What the panel asks itself, in one sentence.",
    )
    source = forms.ChoiceField(choices=Criterion.Source, label="Comes from")
    knots = forms.CharField(
        required=False,
        label="Value function",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For computed and measured criteria: one fixed point a line, as “x: value”, "
        "x rising, value from 0 to 100. For expected ROI, x = 1 returns the cost once over.",
    )

    def __init__(self, data: Any, *, stored: dict[str, Any]) -> None:
        knots = "\n".join(f"{x:g}: {y:g}" for x, y in stored.get("knots") or [])
        super().__init__(data, initial=stored | {"knots": knots})

    def is_judged(self) -> bool:
        return bool(self.cleaned_data.get("source") == Criterion.Source.PANEL)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "source" not in cleaned:
            return cleaned
        text = cleaned.get("knots", "").strip()
        cleaned["knots"] = [] if self.is_judged() else self._points(text)
        return cleaned

    def _points(self, text: str) -> list[list[float]]:
        try:
            points = [
                [float(part.replace(",", ".")) for part in line.split(":")]
                for line in text.splitlines()
                if line.strip()
            ]
        except ValueError:
            points = []
        try:
            check_knots(points)
        except ValidationError as error:
            self.add_error("knots", error.messages)
        return points


class LevelForm(forms.Form):
    value = forms.DecimalField(
        min_value=0, max_value=100, label="Worth", help_text="0 to 100. One is 0, one is 100."
    )
    label = forms.CharField(max_length=40, label="Name")
    wording = forms.CharField(
        max_length=300, help_text="What is true of a proposal at this level, so one can check it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **(kwargs | {"empty_permitted": True, "use_required_attribute": False})
        )


# Of more rows than there may be, one is made, to be refused: Django's own limit is a thousand.
LevelFormSet = forms.formset_factory(
    LevelForm, extra=0, can_delete=True, max_num=11, absolute_max=12
)


def levels_of(formset: forms.BaseFormSet[LevelForm]) -> list[dict[str, str]]:
    """The levels that were filled in and not removed, lowest first."""
    kept = [
        form.cleaned_data
        for form in formset.forms
        if form.has_changed() and not form.cleaned_data.get("DELETE")
    ]
    return [
        {"value": str(row["value"]), "label": row["label"], "wording": row["wording"]}
        for row in sorted(kept, key=lambda row: row["value"])
    ]


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
        return urlencode(parts + [("without", choice) for choice in given["without"]])


def slider_name(profile: str, dimension: str) -> str:
    return f"w-{profile}-{dimension}"
