"""The steps of a proposal as forms. They collect and show; the services hold the rules."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from projects.amounts import AmountField, CountField, PlainDecimalField
from projects.customers.models import Evidence
from projects.people.models import Function, User
from projects.people.selectors import active_people
from projects.proposals.models.lines import CustomerEffect, MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import MONEY_FIELDS


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """A person with their team beside the name."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.team})" if obj.team else str(obj)


class BasicsForm(forms.ModelForm[Proposal]):
    """Title and the two owners. One's own side is fixed; the other side is chosen."""

    marketing_owner = PersonField(
        queryset=User.objects.none(),
        label="Marketing owner",
        help_text="Owns the Marketing part and holds the Marketing key.",
    )
    cx_owner = PersonField(
        queryset=User.objects.none(),
        label="CX owner",
        help_text="Owns the CX part and holds the CX key.",
    )

    class Meta:
        model = Proposal
        fields = ["title", "marketing_owner", "cx_owner"]
        help_texts = {"title": "Say what changes, in words a customer would understand."}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, function in (("marketing_owner", Function.MARKETING), ("cx_owner", Function.CX)):
            people = active_people(function)
            mine = user.function == function
            field: Any = self.fields[name]
            field.queryset = people.filter(pk=user.pk) if mine else people
            field.empty_label = "Choose a person"
            if mine:
                field.initial = user.pk
                field.empty_label = None
                field.help_text = "This side is yours."


class ProblemForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["problem", "customer_job"]
        labels = {"problem": "Problem", "customer_job": "Customer job"}


class ChangeForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["marketing_part", "cx_part"]
        labels = {"marketing_part": "Marketing part", "cx_part": "CX part"}


class HorizonForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["horizon_months"]
        labels = {"horizon_months": "Horizon"}


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A repeating row: left blank it is no row at all, and clearing a row removes it."""

    essential: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["empty_permitted"] = True
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)

    def has_changed(self) -> bool:
        if not self.is_bound:
            return False
        return any(str(self[name].data or "").strip() for name in self.essential)


class MoneyLineForm(RowForm):
    essential = ("label", "low", "likely", "high")

    class Meta:
        model = MoneyLine
        fields = list(MONEY_FIELDS)
        labels = {"kind": "What it is", "label": "Name", "evidence": "How we know"}
        field_classes = {
            **dict.fromkeys(("low", "likely", "high"), AmountField),
            "yearly_retention": PlainDecimalField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_month"].required = False
        for name in ("low", "likely", "high", "yearly_retention"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        evidence: Any = self.fields["evidence"]
        evidence.choices = [("", "Nothing yet: an opinion"), *Evidence.choices]
        self.fields["evidence_date"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        """Drop what does not belong to the kind: its field is not on the screen."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != MoneyLine.Kind.ACQUISITION:
            cleaned["yearly_retention"] = None
        once = cleaned.get("kind") == MoneyLine.Kind.ONE_OFF_COST
        cleaned["starts_month"] = 0 if once else cleaned.get("starts_month") or 0
        if cleaned.get("kind") in MoneyLine.COSTS:
            cleaned["evidence"], cleaned["evidence_date"] = "", None
        return cleaned


class CustomerEffectForm(RowForm):
    essential = ("reach", "points")

    class Meta:
        model = CustomerEffect
        fields = ["stage", "segment", "reach", "points", "evidence", "evidence_date"]
        labels = {"stage": "Journey stage", "evidence": "How we know"}
        help_texts = {"evidence": "The strongest evidence behind these points."}
        field_classes = {"reach": CountField, "points": PlainDecimalField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        segment: Any = self.fields["segment"]
        evidence: Any = self.fields["evidence"]
        stage.empty_label, segment.empty_label = "Choose a stage", "Choose a segment"
        evidence.choices = [("", "Choose how"), *Evidence.choices]
        self.fields["points"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["reach"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["evidence_date"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")


# Of more rows than there may be, one is made, to be refused: Django's own limit is a thousand.
MoneyFormSet = formset_factory(MoneyLineForm, extra=0, can_delete=True, max_num=40, absolute_max=41)
EffectFormSet = formset_factory(
    CustomerEffectForm, extra=0, can_delete=True, max_num=40, absolute_max=41
)


def rows_of(formset: BaseFormSet[Any]) -> list[Any]:
    """The unsaved model instances of the rows that were filled in and not removed."""
    return [
        form.instance
        for form in formset.forms
        if form.has_changed() and not form.cleaned_data.get("DELETE")
    ]


def money_initial(proposal: Proposal) -> list[dict[str, Any]]:
    """The stored lines, or for a new proposal the three that every business case has."""
    kinds = MoneyLine.Kind
    return _values(proposal.money, MoneyLineForm) or [
        {"kind": kinds.ONE_OFF_COST},
        {"kind": kinds.RUNNING_COST},
        {"kind": kinds.RETENTION},
    ]


def effects_initial(proposal: Proposal) -> list[dict[str, Any]]:
    return _values(proposal.effects, CustomerEffectForm) or [{}]


def _values(rows: Any, form: type[RowForm]) -> list[dict[str, Any]]:
    return list(rows.values(*form.base_fields))
