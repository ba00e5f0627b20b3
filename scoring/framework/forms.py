"""Forms of the backlog and framework pages. They collect and show; services hold the rules."""

import re
from typing import Any

import numpy as np
from django import forms
from django.core.exceptions import ValidationError

from projects.people.models import Function
from projects.proposals.selectors import open_fields
from scoring.analysis.scales import logarithmic
from scoring.framework.models import Criterion, FrameworkVersion, Gate, check_knots
from scoring.framework.services.writing import CHARTER, RETURNS

RATIOS = re.compile(r"ratios\s+(\S+)\s+to\s+(\S+)", re.IGNORECASE)
STEPS = 10  # straight lines between so many points miss the curve by less than a point


class NeededAnswersField(forms.CharField):
    """Custom fields with the answers that pass, one a line: ``key: answer; answer``."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{key}: {'; '.join(passing)}" for key, passing in value.items())

    def to_python(self, value: Any) -> Any:
        found: dict[str, list[str]] = {}
        for line in filter(str.strip, (value or "").splitlines()):
            key, _, passing = line.partition(":")
            if key.strip() in found:
                raise ValidationError(f"“{key.strip()}” stands here twice.")
            found[key.strip()] = [text.strip() for text in passing.split(";") if text.strip()]
        return found


class ParametersForm(forms.ModelForm[FrameworkVersion]):
    must_agree = forms.MultipleChoiceField(
        choices=Function,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Functions that must agree",
        help_text="Of each, somebody with a seat has to say yes.",
    )

    gates = forms.MultipleChoiceField(
        choices=Gate,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What stops a greenlight",
        help_text="Until it is mended, or two leaders agree why it goes ahead all the same.",
    )

    needed_answers = NeededAnswersField(
        required=False,
        label="Answers that a greenlight needs",
        help_text="One custom field a line: its key, a colon, and the answers that pass with "
        "semicolons between. Without answers, any will do.",
    )

    class Meta:
        model = FrameworkVersion
        fields = [
            "summary",
            "discount_rate",
            "coverage_limit",
            "single_rater_spread",
            "corrects_severity",
            *RETURNS,
            "weight_spread",
            "draws",
            "cost_unit",
            *CHARTER,
        ]
        labels = {"summary": "What changes", "draws": "Possible futures"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [f"{one.key}: {'; '.join(one.options) or 'any text'}" for one in open_fields()]
        if known:
            self.fields["needed_answers"].help_text += f" There are: {', and '.join(known)}."


class CriterionForm(forms.Form):
    name = forms.CharField(max_length=80)
    question = forms.CharField(
        max_length=300,
        required=False,
        help_text="What the panel asks itself, in one sentence.",
    )
    source = forms.ChoiceField(choices=Criterion.Source, label="Source")
    judged_by = forms.MultipleChoiceField(
        choices=Function,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Judged by",
        help_text="Panelists of these functions score it; none chosen: everybody does.",
    )
    knots = forms.CharField(
        required=False,
        label="Value function",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For computed and measured criteria: one fixed point a line, as “x: value”, "
        "x rising, value from 0 to 100. For expected ROI, x = 1 returns the cost once over. "
        "Or one line, “ratios 100 to 100000”, worst first: twice as much is worth the same "
        "step everywhere.",
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
        cleaned["judged_by"] = cleaned.get("judged_by", []) if self.is_judged() else []
        cleaned["knots"] = [] if self.is_judged() else self._points(text)
        return cleaned

    def _points(self, text: str) -> list[list[float]]:
        ratios = RATIOS.fullmatch(text)
        try:
            points = (
                equal_ratios(*ratios.groups())
                if ratios
                else [
                    [float(part.replace(",", ".")) for part in line.split(":")]
                    for line in text.splitlines()
                    if line.strip()
                ]
            )
        except ValueError:
            points = []
        try:
            check_knots(points)
        except ValidationError as error:
            self.add_error("knots", error.messages)
        return points


def equal_ratios(worst: str, best: str) -> list[list[float]]:
    """Points of the curve on which equal ratios are equal steps, from 0 at ``worst`` to 100.

    Errors: ``ValueError`` unless both are numbers above 0 and apart from each other.
    """
    ends = [float(end.replace(",", ".")) for end in (worst, best)]
    curve = logarithmic(ends, worst=ends[0], best=ends[1])
    inner = [float(f"{x:.3g}") for x in np.geomspace(ends[0], ends[1], STEPS + 1)[1:-1]]
    values = logarithmic(inner, worst=ends[0], best=ends[1])
    points = [*zip(ends, curve, strict=True), *zip(inner, values, strict=True)]
    return [[x, round(float(y), 1)] for x, y in sorted(points)]


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
