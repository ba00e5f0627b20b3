from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms

from projects.amounts import PercentField
from projects.cycles.models import Cycle
from projects.cycles.selectors import open_cycle
from projects.imports.services.newcomers import OWNER_TEAMS
from projects.imports.services.table import ENCODINGS, SEPARATORS, Dialect
from projects.people.models import Team
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


MONTHS = [(1, "a month"), (3, "a quarter"), (12, "a year")]


class FiguresForm(forms.Form):
    """A list that figures of segments are read from, and how one of customers is read."""

    LONGEST_SOURCE = 200

    file = forms.FileField(
        label="List",
        help_text="CSV, XLSX or ODS. One row per segment with the columns segment, customers, "
        "margin, retention (0.8), acquisition_cost, as_of, source; or one row per customer.",
    )
    segment = forms.CharField(label="Column of the segment", required=False)
    amount = forms.CharField(label="Column of the amount", required=False)
    amount_months = forms.TypedChoiceField(label="An amount covers", choices=MONTHS, coerce=int)
    margin = PercentField(
        label="Margin in it",
        initial=Decimal(1),
        help_text="The part of the amount that is contribution margin.",
    )
    left = forms.CharField(
        label="Column of who left", required=False, help_text="With yes or no in it."
    )
    left_months = forms.TypedChoiceField(
        label="Left within", choices=MONTHS, coerce=int, initial=12
    )


class RowsForm(forms.Form):
    """A list whose columns the product names; what they are is said where it is asked for."""

    file = forms.FileField(label="List")


class ListForm(forms.Form):
    file = forms.FileField(
        label="List of proposals",
        help_text="CSV, text, XLSX or ODS, as you keep it; up to 20,000 rows.",
    )
    cycle = forms.ModelChoiceField(Cycle.objects.all(), empty_label=None, label="Into the cycle")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].initial = open_cycle()


class ReadingForm(forms.Form):
    """How the file is read: as was found out, or as somebody says."""

    sheet = forms.ChoiceField(required=False)
    encoding = forms.ChoiceField(label="Letters", required=False)
    delimiter = forms.ChoiceField(label="Between columns", required=False)
    head_row = forms.IntegerField(label="Column names in row", required=False, min_value=1)
    decimal = forms.ChoiceField(
        label="Decimal sign",
        required=False,
        choices=[
            ("", "nothing in the list tells"),
            (".", "point, 1,234.5"),
            (",", "comma, 1.234,5"),
        ],
    )
    days_first = forms.TypedChoiceField(
        label="Days",
        required=False,
        coerce=lambda text: text == "yes",
        empty_value=None,
        choices=[("", "nothing in the list tells"), ("yes", "31/12/2026"), ("no", "12/31/2026")],
    )

    def __init__(self, *args: Any, dialect: Dialect, sheets: list[str], **kwargs: Any) -> None:
        days = {True: "yes", False: "no"}.get(dialect.days_first, "")  # type: ignore[arg-type]
        kwargs["initial"] = asdict(dialect) | {"days_first": days}
        super().__init__(*args, **kwargs)
        texts: dict[str, list[tuple[str, str]]] = {
            "sheet": [(name, name) for name in sheets],
            "encoding": list(({dialect.encoding: dialect.encoding} | ENCODINGS).items()),
            "delimiter": list(({dialect.delimiter: dialect.delimiter} | SEPARATORS).items()),
        }
        for name, choices in texts.items():
            if getattr(dialect, name):
                field: Any = self.fields[name]
                field.choices = choices
            else:
                del self.fields[name]


class OwnersForm(forms.Form):
    """What holds for every row, where no column says it."""

    marketing_owner = forms.ChoiceField(label="Marketing owner", required=False)
    cx_owner = forms.ChoiceField(label="CX owner", required=False)
    marketing_team = forms.ChoiceField(
        label="Marketing owners who are not here yet",
        required=False,
        help_text="They get an account without a password; invite them afterwards.",
    )
    cx_team = forms.ChoiceField(label="CX owners who are not here yet", required=False)
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
            teams = Team.objects.filter(function=function).values_list("pk", "name")
            become = [(str(pk), f"become people of {name}") for pk, name in teams]
            field = self.fields[OWNER_TEAMS[name]]
            field.choices = [("", "are refused"), *become]
