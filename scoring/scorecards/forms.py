from typing import Any

from django import forms

from projects.people.models import User
from projects.people.selectors import active_people


class LeavingForm(forms.Form):
    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = active_people(person.function).exclude(pk=person.pk)
        self.fields["successor"] = forms.ModelChoiceField(
            label="Hand the drafts over to",
            queryset=colleagues,
            required=False,
            empty_label="Nobody; the other owner names somebody",
            help_text="They are told, and both owners sign anew.",
        )
