"""Figures of segments as they are typed, or read from a list and looked at before they are kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from projects.amounts import AmountField, CountField, PercentField
from projects.customers.models import Persona, Promise, SegmentFigure
from projects.customers.selectors import segment_of
from projects.people.models import User
from projects.people.selectors import everybody_active

NUMBERS = ("customers", "margin", "acquisition_cost")


class FigureForm(forms.ModelForm[SegmentFigure]):
    """One segment, known or new, with its figures of one day."""

    name = forms.CharField(
        label="Segment",
        max_length=60,
        widget=forms.TextInput({"list": "segment-names", "autocomplete": "off"}),
    )

    class Meta:
        model = SegmentFigure
        fields = [
            "customers",
            "margin",
            "retention",
            "acquisition_cost",
            "currency",
            "as_of",
            "source",
        ]
        labels = {"as_of": "Numbers of", "retention": "Kept per year"}
        help_texts = {"retention": "Of 100 customers of today, how many are there a year later."}
        field_classes = {
            "customers": CountField,
            "margin": AmountField,
            "acquisition_cost": AmountField,
            "retention": PercentField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["as_of"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.order_fields(["name", *self.Meta.fields])

    def figure(self) -> SegmentFigure:
        """The row to keep; its segment is there already or is made with it."""
        found: SegmentFigure = self.instance
        found.segment = segment_of(self.cleaned_data["name"])
        return found


class PromiseForm(forms.ModelForm[Promise]):
    class Meta:
        model = Promise
        fields = ["words", "where", "deliverer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverer"] = deliverer_field()


class HandOverForm(forms.Form):
    """Somebody else to deliver a promise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverer"] = deliverer_field()


def deliverer_field() -> forms.ModelChoiceField[User]:
    return forms.ModelChoiceField(
        queryset=everybody_active(),
        empty_label="Choose a person",
        label="Who delivers it",
        help_text="They are asked to agree.",
    )


class DistinctFigures(forms.BaseFormSet[FigureForm]):
    def clean(self) -> None:
        names = [form.cleaned_data["name"].lower() for form in self.forms if form.is_valid()]
        if len(names) != len(set(names)):
            raise ValidationError("Each segment once, please.")


FigureFormSet = formset_factory(
    FigureForm,
    formset=DistinctFigures,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=40,
    absolute_max=41,
)


class PersonaForm(forms.ModelForm[Persona]):
    class Meta:
        model = Persona
        fields = ["name", "segments", *Persona.TOLD, "buyer_facts"]
        widgets = {
            "segments": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea({"rows": 3}) for name in (*Persona.TOLD, "buyer_facts")},
        }
