from django import forms

from projects.amounts import CountField
from projects.insights.models import Insight


class InsightForm(forms.ModelForm[Insight]):
    link = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where the whole of it is kept.",
    )

    class Meta:
        model = Insight
        fields = ["finding", "kind", "gathered_on", "source", "sample", "stage", "segment", "link"]
        field_classes = {"sample": CountField}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["finding"].widget = forms.Textarea({"rows": 3, "maxlength": 300})
        self.fields["sample"].widget = forms.TextInput({"inputmode": "numeric"})
        self.fields["gathered_on"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        for name, empty in (("stage", "The whole journey"), ("segment", "All customers")):
            field: forms.ModelChoiceField = self.fields[name]  # type: ignore[type-arg,assignment]
            field.empty_label = empty
