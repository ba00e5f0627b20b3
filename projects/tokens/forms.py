from typing import Any

from django import forms

from projects.people.models import User
from projects.tokens.models import Token
from projects.tokens.selectors import holders

LIFETIMES = [(30, "30 days"), (90, "90 days"), (365, "a year")]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=60, help_text="What will use it, such as “Monday report”.")
    scope = forms.ChoiceField(
        label="May", choices=Token.Scope, widget=forms.RadioSelect, initial=Token.Scope.READ
    )
    days = forms.TypedChoiceField(label="Lasts", choices=LIFETIMES, coerce=int, initial=90)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = holders(user)
        choice = forms.ModelChoiceField(
            label="Acts for", queryset=people, initial=user, empty_label=None
        )
        if len(people) == 1:
            choice.widget = forms.HiddenInput()
        self.fields["person"] = choice
        self.order_fields(["name", "person", "scope", "days"])
