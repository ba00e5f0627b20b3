from django import forms

from projects.amounts import AmountField
from scoring.outcomes.models import Report


class ReportForm(forms.ModelForm[Report]):
    link = forms.URLField(
        label="Where the work is kept",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="The address of its issue in your tracker. The last one given stands.",
    )

    class Meta:
        model = Report
        fields = ["state", "as_of", "spent", "brought", "finish", "note", "link"]
        field_classes = {"spent": AmountField, "brought": AmountField}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        state: forms.ChoiceField = self.fields["state"]  # type: ignore[assignment]
        state.choices = [("", "Choose"), *Report.State.choices]
        for name in ("as_of", "finish"):
            self.fields[name].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        for name in ("spent", "brought"):
            self.fields[name].widget = forms.TextInput({"inputmode": "decimal"})
        self.fields["note"].widget = forms.Textarea({"rows": 2, "maxlength": 500})
