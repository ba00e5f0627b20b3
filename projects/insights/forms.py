from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy

from projects.amounts import CountField
from projects.customers.models import Persona
from projects.customers.selectors import current_personas
from projects.insights.models import Insight, ResearchRequest
from projects.insights.selectors import insight_named
from projects.people.models import User
from projects.people.selectors import everybody_active


class InsightField(forms.CharField):
    """An insight by its reference, whatever follows it; suggestions come while typing."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(
            required=required,
            label="Insight",
            help_text="Search by a word, or give a reference such as I-12. It says how we know.",
            widget=forms.TextInput(
                {
                    "list": "insight-names",
                    "autocomplete": "off",
                    "hx-get": reverse_lazy("insight-names"),
                    "hx-trigger": "input changed delay:250ms",
                    "hx-target": "#insight-names",
                }
            ),
        )

    def clean(self, value: Any) -> Insight | None:
        text = super().clean(value)
        found = insight_named(text) if text else None
        if text and found is None:
            raise ValidationError("There is no such insight. Begin with its reference, like I-12.")
        return found


class InsightForm(forms.ModelForm[Insight]):
    link = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where the whole of it is kept.",
    )

    class Meta:
        model = Insight
        fields = [
            *("finding", "kind", "gathered_on", "source", "sample"),
            *("stage", "segment", "persona", "link"),
        ]
        field_classes = {"sample": CountField}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["finding"].widget = forms.Textarea({"rows": 3, "maxlength": 300})
        self.fields["sample"].widget = forms.TextInput({"inputmode": "numeric"})
        self.fields["gathered_on"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        empty = {
            "stage": "The whole journey",
            "segment": "All customers",
            "persona": "No one persona",
        }
        for name, words in empty.items():
            field: forms.ModelChoiceField = self.fields[name]  # type: ignore[type-arg,assignment]
            field.empty_label = words
        # A better insight begins with the portrait of the one before, which may be an older one.
        before: Persona | None = self.initial.get("persona")
        offered = Persona.objects.filter(
            Q(pk__in=current_personas()) | Q(pk=before.pk if before else None)
        )
        self.fields["persona"].queryset = offered  # type: ignore[attr-defined]


class ResearchForm(forms.ModelForm[ResearchRequest]):
    class Meta:
        model = ResearchRequest
        fields = ["question", "why", "stage", "segment"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["question"].widget = forms.TextInput(
            {
                "maxlength": 300,
                "hx-get": reverse_lazy("research-known"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#known",
            }
        )
        for name, empty in (("stage", "The whole journey"), ("segment", "All customers")):
            field: forms.ModelChoiceField = self.fields[name]  # type: ignore[type-arg,assignment]
            field.empty_label = empty


class PlanForm(forms.Form):
    run_by = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Who asks them", empty_label="Choose a person"
    )
    planned_for = forms.DateField(
        label="From when on", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        run_by: forms.ModelChoiceField = self.fields["run_by"]  # type: ignore[type-arg,assignment]
        run_by.queryset = everybody_active()


class AnswerForm(forms.Form):
    insight = InsightField(required=True)
