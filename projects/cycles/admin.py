from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from projects.cycles.models import Cycle
from projects.formats import zone_choices
from projects.registers import Register


class CycleForm(forms.ModelForm[Cycle]):
    class Meta:
        model = Cycle
        fields = (
            "name",
            "intake_opens",
            "intake_closes",
            "time_zone",
            "budget",
            "currency",
            "allows_solo",
            "is_current",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = self.fields["time_zone"]
        self.fields["time_zone"] = forms.ChoiceField(
            required=False, choices=zone_choices(), help_text=typed.help_text
        )


@admin.register(Cycle)
class CycleAdmin(Register[Cycle]):
    form = CycleForm
    list_display = ("name", "intake_opens", "intake_closes", "budget", "currency", "is_current")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The first cycle is the current one, unless somebody says otherwise."""
        first = not Cycle.objects.filter(is_current=True).exists()
        return super().get_changeform_initial_data(request) | {"is_current": first}
