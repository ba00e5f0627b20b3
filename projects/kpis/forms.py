from django import forms
from django.utils import timezone

from projects.amounts import AmountField
from projects.kpis.models import Kpi, KpiValue


class KpiForm(forms.ModelForm[Kpi]):
    class Meta:
        model = Kpi
        fields = ["name", "definition", "unit", "better", "stage", "function", "source", "every"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["definition"].widget = forms.Textarea({"rows": 2, "maxlength": 300})
        stage: forms.ModelChoiceField = self.fields["stage"]  # type: ignore[type-arg,assignment]
        stage.empty_label = "The whole journey"
        for name, choices in (
            ("better", Kpi.Better.choices),
            ("function", Kpi.FUNCTIONS),
            ("every", Kpi.Every.choices),
        ):
            field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
            field.choices = [("", "Choose"), *choices]


class ValueForm(forms.ModelForm[KpiValue]):
    class Meta:
        model = KpiValue
        fields = ["as_of", "value"]
        field_classes = {"value": AmountField}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["as_of"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.fields["as_of"].initial = timezone.localdate()
        self.fields["value"].widget = forms.TextInput({"inputmode": "decimal"})
