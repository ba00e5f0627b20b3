from typing import Any

from django import forms
from django.forms import formset_factory

from projects.people.selectors import everybody_active
from scoring.decisions.models import Condition, Decision
from scoring.decisions.services import NO_OUTCOME, NO_REASON
from scoring.what_if.models import Override


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
    override_code = forms.ChoiceField(
        choices=[("", "The ranking is followed"), *Override.choices],
        required=False,
        label="Why not the ranking",
        help_text="Needed when the decision departs from the ranked order and the budget.",
    )
    hold_until = forms.DateField(
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        required=False,
        label="Until",
        help_text="For a hold: the day on which you look at it again.",
    )
    exception = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Why it goes ahead all the same",
        help_text="For a greenlight that a gate would stop. It is kept with the decision.",
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)


class ConditionForm(forms.ModelForm[Condition]):
    class Meta:
        model = Condition
        fields = ["text", "owner", "due"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = forms.Textarea({"rows": 2, "maxlength": 2000})
        self.fields["due"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        owner: forms.ModelChoiceField = self.fields["owner"]  # type: ignore[type-arg,assignment]
        owner.queryset = everybody_active()
        owner.empty_label = "Choose a person"
        owner.help_text = ""
        for field in self.fields.values():
            field.required = False  # an empty row says nothing; the service asks for the rest


ConditionFormSet = formset_factory(ConditionForm, extra=2, max_num=10, absolute_max=11)


class TogetherForm(forms.Form):
    """What is said of all decisions that are taken at once."""

    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        label="Reason",
        help_text="The owners of every proposal below will read it.",
        error_messages={"required": NO_REASON},
    )


class RowForm(forms.Form):
    """One of them; without an outcome it stays open."""

    OUTCOMES = (
        ("", "Leave open"),
        (Decision.Outcome.GREENLIGHT, "Greenlight"),
        (Decision.Outcome.HOLD, "Hold"),
        (Decision.Outcome.DECLINE, "Decline"),
    )

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=OUTCOMES, required=False, label="Decision")
    override_code = forms.ChoiceField(
        choices=[("", "The ranking is followed"), *Override.choices],
        required=False,
        label="Why not the ranking",
    )
    exception = forms.CharField(
        max_length=2000, required=False, label="Why it goes ahead all the same"
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """What the service takes; needs ``is_valid``."""
        names = ("outcome", "override_code", "exception", "creation_key")
        return {name: self.cleaned_data[name] for name in names}


RowFormSet = formset_factory(RowForm, extra=0, max_num=200, absolute_max=201)
