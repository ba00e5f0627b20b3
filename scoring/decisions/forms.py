from django import forms

from scoring.decisions.models import Decision
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
    conditions = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Conditions",
        help_text="For a greenlight with conditions: what must be true first, by when, and who "
        "sees to it.",
    )
    override_code = forms.ChoiceField(
        choices=[("", "The ranking is followed"), *Override.choices],
        required=False,
        label="Why not the ranking",
        help_text="Needed when the decision departs from the ranked order and the budget.",
    )
    exception = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        label="Why it goes ahead all the same",
        help_text="For a greenlight that a gate would stop. It is kept with the decision.",
    )
    creation_key = forms.UUIDField(widget=forms.HiddenInput)
