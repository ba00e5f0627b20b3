from django import forms

from projects.events.models import Webhook
from projects.events.selectors import TYPES


class WebhookForm(forms.ModelForm[Webhook]):
    types = forms.MultipleChoiceField(
        choices=[(name, f"{says} ({name})") for name, says in TYPES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only these events",
        help_text="None chosen: all, those of later versions too.",
    )

    class Meta:
        model = Webhook
        fields = ["name", "url", "style", "types"]
        widgets = {"style": forms.RadioSelect, "url": forms.URLInput({"placeholder": "https://"})}
