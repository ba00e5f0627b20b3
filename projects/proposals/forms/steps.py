"""The steps of a proposal as forms. They collect and show; the services hold the rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string

from projects.cycles.selectors import open_cycle
from projects.people.models import Function, User
from projects.people.selectors import active_people
from projects.proposals.models.proposals import Proposal


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic at run time
    """A person with their team beside the name."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.team})" if obj.team else str(obj)


class BasicsForm(forms.ModelForm[Proposal]):
    """Title and the two owners. One's own side is fixed; the other side is chosen."""

    category = forms.ChoiceField(
        required=False,
        label="Type",
        help_text="Types are weighed differently, and may be asked more.",
    )
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
        fields = ["title", "category", "marketing_owner", "cx_owner"]
        help_texts = {"title": "Say what changes, in words a customer would understand."}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_types()
        started = self.instance.pk is not None
        cycle = self.instance.cycle if started else open_cycle()
        solo = cycle is not None and cycle.allows_solo
        writes_along = started and not user.is_superuser and not self.instance.is_owner(user.pk)
        for name, function in (("marketing_owner", Function.MARKETING), ("cx_owner", Function.CX)):
            people = active_people(function)
            if solo:
                people = active_people(Function.MARKETING) | active_people(Function.CX)
            owner = getattr(self.instance, f"{name}_id")
            mine = owner == user.pk if started else user.function == function
            field: Any = self.fields[name]
            if writes_along:
                field.queryset = people.filter(pk=owner)
                field.empty_label = None
                field.help_text = "Only the two owners change this."
                continue
            field.queryset = people.filter(pk=user.pk) if mine else people.exclude(pk=user.pk)
            field.empty_label = "Choose a person"
            if mine:
                field.initial = user.pk
                field.empty_label = None
                field.help_text = "This side is yours."
            elif solo:
                field.help_text += " Somebody of your own function makes it a proposal of one."

    def _offer_types(self) -> None:
        """Those of the framework, and the one that the proposal has; none where there are none."""
        types = dict(import_string(settings.PROPOSAL_TYPES)())
        own = self.instance.category
        if own:
            types.setdefault(own, own)
        category: Any = self.fields["category"]
        category.choices = [("", "No type"), *types.items()]
        if not types:
            del self.fields["category"]


class ProblemForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["problem", "customer_job"]
        labels = {"problem": "Problem", "customer_job": "Customer job"}


class ChangeForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["marketing_part", "cx_part", "promise"]
        labels = {"marketing_part": "Marketing part", "cx_part": "CX part"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promise: Any = self.fields["promise"]
        promise.empty_label = "It makes no promise"


class HorizonForm(forms.ModelForm[Proposal]):
    class Meta:
        model = Proposal
        fields = ["horizon_months"]
        labels = {"horizon_months": "Horizon"}


class RowsForm(forms.ModelForm[Proposal]):
    """Of a step whose rows are all there is."""

    class Meta:
        model = Proposal
        fields: list[str] = []
