from typing import Any

from django import forms

from projects.cycles.models import Cycle
from projects.cycles.selectors import open_cycle
from projects.people.selectors import active_people


class PeopleForm(forms.Form):
    file = forms.FileField(
        label="List of people",
        help_text="CSV or XLSX. Columns: email, first_name, last_name, team, function, leader, "
        "active; or the file that “Everybody as a file” gives.",
    )
    invite = forms.BooleanField(
        label="Send everybody who is new an invitation", required=False, initial=True
    )


class ListForm(forms.Form):
    file = forms.FileField(
        label="List of proposals",
        help_text="CSV, text, XLSX or ODS, as you keep it; up to 300 rows.",
    )
    cycle = forms.ModelChoiceField(Cycle.objects.all(), empty_label=None, label="Into the cycle")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].initial = open_cycle()


class OwnersForm(forms.Form):
    """What holds for every row, where no column says it."""

    marketing_owner = forms.ChoiceField(label="Marketing owner", required=False)
    cx_owner = forms.ChoiceField(label="CX owner", required=False)
    problem = forms.CharField(
        label="Problem, where the list says none", required=False, max_length=500
    )
    customer_job = forms.CharField(
        label="Customer job, where the list says none", required=False, max_length=500
    )
    marketing_part = forms.CharField(
        label="Marketing part, where the list says none", required=False, max_length=500
    )
    cx_part = forms.CharField(
        label="CX part, where the list says none", required=False, max_length=500
    )
    new_places = forms.BooleanField(
        label="Create journey stages and segments that are not here yet", required=False
    )
    attestation = forms.CharField(
        label="Submit them signed: where and when both owners agreed",
        required=False,
        max_length=200,
        help_text="Empty: they come in as drafts, and their owners sign them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, function in (("marketing_owner", "marketing"), ("cx_owner", "cx")):
            people = [(person.username, str(person)) for person in active_people(function)]
            field: Any = self.fields[name]
            field.choices = [("", "As a column says"), *people]
