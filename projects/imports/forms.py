from django import forms


class PeopleForm(forms.Form):
    file = forms.FileField(
        label="List of people",
        help_text="CSV or XLSX. Columns: email, first_name, last_name, team, function, leader, "
        "active; or the file that “Everybody as a file” gives.",
    )
    invite = forms.BooleanField(
        label="Send everybody who is new an invitation", required=False, initial=True
    )
