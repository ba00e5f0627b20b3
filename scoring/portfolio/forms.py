"""The rules of a plan, read from an address; what is not given is as the run has it."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from projects.amounts import AmountField, read_amount, write_amount
from projects.formats import reader_formats
from scoring.portfolio.services.layout import (
    Case,
    Forced,
    PlanQuestion,
    Pool,
    case_of,
    groups_of,
    name_of,
)
from scoring.what_if.forms import QuestionForm
from scoring.what_if.models import Override
from scoring.what_if.services import Base, answer

WAYS = (("best", "the best mix"), ("list", "down the list"))
SIDES = (("in", "in"), ("out", "out"))
OWN = ("budget", "way", "stops", "least")  # fields that the page of the plan shows
MOST = 50  # pools, groups, and exceptions
NAMES = re.compile(r"\s*[,;]\s*")  # what stands between two references, which may hold blanks
NOT_ON_LIST = {"invalid_choice": "Choose from the list; this is not on it."}


class BoundField(forms.CharField):
    """An amount, or a share of the budget such as 35 %; kept as it stands in an address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if not text:
            return ""
        share = text.endswith("%")
        amount = read_amount(text.rstrip("%"))
        if amount < 0 or (share and amount > 100):  # noqa: PLR2004 - per cent
            raise ValidationError("Give an amount, or a share of the budget from 0 to 100 %.")
        return f"{amount.normalize():f}{'%' if share else ''}"


def bound(text: str, budget: float) -> float | None:
    """A cleaned bound in money."""
    if not text:
        return None
    share = text.endswith("%")
    return float(text.rstrip("%")) * (budget / 100 if share else 1)


class PoolForm(forms.Form):
    """A group and what its proposals may cost together."""

    of = forms.ChoiceField(label="Group", required=False, error_messages=NOT_ON_LIST)
    low = BoundField(label="At least")
    high = BoundField(label="At most")

    def __init__(self, data: dict[str, str], groups: Iterable[str], budget: float) -> None:
        super().__init__(data)
        self.budget = budget  # of the run; what a share is of, where both bounds are compared
        choices = [(group, name_of(group)) for group in groups]
        of: Any = self.fields["of"]
        of.choices = [("", "Choose a group"), *choices]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if str(given.get("of")).startswith("people:"):
            for name in ("low", "high"):
                if str(given.get(name, "")).endswith("%"):
                    self.add_error(name, "Give days: a share is one of the budget.")
        low, high = (bound(given.get(name, ""), self.budget) for name in ("low", "high"))
        if low is not None and high is not None and low > high:
            self.add_error("low", "Give no more than at most.")
        if given.get("of") and not self.errors and not (given["low"] or given["high"]):
            self.add_error("low", "Give what the group gets at least, at most, or both.")
        if (
            not given.get("of")
            and "of" not in self.errors
            and (given.get("low") or given.get("high"))
        ):
            self.add_error("of", "Choose the group that this is for.")
        return given

    @property
    def low_shown(self) -> str:
        return self._shown("low")

    @property
    def high_shown(self) -> str:
        return self._shown("high")

    def texts(self) -> list[str]:
        """What is wrong, in sentences."""
        return [str(text) for texts in self.errors.values() for text in texts]

    def _shown(self, name: str) -> str:
        """A bound as the reader writes it; what is wrong stays as it was typed."""
        if name in self.errors:
            return str(self.data[name])
        text = self.cleaned_data.get(name, "")
        if text.endswith("%"):
            return f"{reader_formats().number(text.rstrip('%'))} %"
        return write_amount(Decimal(text)) if text else ""


class ForceForm(forms.Form):
    """An exception: a proposal in or out whatever the ranking says."""

    force = forms.ChoiceField(label="Proposal", required=False, error_messages=NOT_ON_LIST)
    side = forms.ChoiceField(
        label="In or out", choices=SIDES, required=False, error_messages=NOT_ON_LIST
    )
    why = forms.ChoiceField(
        label="Why",
        choices=[("", "Why?"), *Override.choices],
        required=False,
        error_messages=NOT_ON_LIST,
    )
    asked = forms.CharField(label="Asked by", max_length=60, required=False)

    def __init__(self, data: dict[str, str], proposals: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        force: Any = self.fields["force"]
        force.choices = [("", "Choose a proposal"), *proposals]

    @property
    def name(self) -> str:
        """The proposal by its number and title; needs ``is_valid``."""
        force: Any = self.fields["force"]
        return str(dict(force.choices)[self.cleaned_data["force"]])


class ApartForm(forms.Form):
    """Proposals of which at most one is funded, by their numbers."""

    apart = forms.CharField(label="At most one of", required=False, max_length=300)

    def __init__(self, data: dict[str, str], references: dict[str, int]) -> None:
        super().__init__(data)
        self.references = references

    def clean_apart(self) -> str:
        named = list(dict.fromkeys(NAMES.split(self.cleaned_data["apart"].strip(" ,;").upper())))
        unknown = [name for name in named if name and name not in self.references]
        if unknown:
            raise ValidationError(
                f"“{unknown[0]}” is not in this run. Write numbers such as P-3, P-7."
            )
        if len(named) == 1 and named[0]:
            raise ValidationError("Name two or more, such as P-3, P-7.")
        return ", ".join(named)

    @property
    def shown(self) -> str:
        """As it was typed where it is wrong."""
        return str(self.data["apart"] if self.errors else self.cleaned_data["apart"])

    def proposals(self) -> tuple[int, ...]:
        """Their ids; needs ``is_valid``."""
        named = self.cleaned_data["apart"].split(", ")
        return tuple(self.references[name] for name in named if name)


class PlanForm(QuestionForm):
    """The question of the what-if page with the rules of the plan."""

    way = forms.ChoiceField(label="Way", choices=WAYS, required=False, error_messages=NOT_ON_LIST)
    stops = forms.BooleanField(label="Stop at the first that does not fit", required=False)
    least = AmountField(
        label="Least value",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        error_messages={
            "min_value": "A value is from 0 to 100.",
            "max_value": "A value is from 0 to 100.",
        },
    )

    def __init__(self, data: QueryDict, *, base: Base, choices: list[tuple[str, str]]) -> None:
        super().__init__(data, base=base, choices=choices)
        self.groups = list(groups_of(base))
        self.named = [
            (str(item["id"]), f"{item['reference']} {item['title']}") for item in base.proposals
        ]
        self.pools = [
            PoolForm(row, self.groups, base.budget) for row in _rows(data, ("of", "low", "high"))
        ]
        references = {item["reference"].upper(): item["id"] for item in base.proposals}
        self.aparts = [ApartForm(row, references) for row in _rows(data, ("apart",))]
        self.forces = [
            ForceForm(row, self.named) for row in _rows(data, ("force", "side", "why", "asked"))
        ]

    def is_valid(self) -> bool:
        parts = [form.is_valid() for form in (*self.pools, *self.aparts, *self.forces)]
        return super().is_valid() and all(parts)

    def case(self) -> Case | None:
        """What is asked for; None where it makes no sense, and ``problems`` says why."""
        if not self.is_valid():
            return None
        try:
            found = answer(self.base, self.question())
        except ValueError:
            self.add_error(None, "Leave at least one criterion with a weight in.")
            return None
        return case_of(self.base, found, self.plan_question())

    def problems(self) -> list[str]:
        """What is wrong, in sentences that name their field."""
        return [
            f"{form.fields[name].label if name in form.fields else ''}: {text}".lstrip(": ")
            for form in (self, *self.pools, *self.aparts, *self.forces)
            for name, texts in form.errors.items()
            for text in texts
        ]

    def plan_question(self) -> PlanQuestion:
        """Needs ``is_valid``."""
        budget = self.question().budget
        pools = [form.cleaned_data for form in self.pools]
        return PlanQuestion(
            pools=tuple(
                Pool(row["of"], bound(row["low"], budget), bound(row["high"], budget))
                for row in pools
                if row["of"]
            ),
            forced=tuple(forced for _, forced in self.exceptions()),
            apart=tuple(named for form in self.aparts if (named := form.proposals())),
            least=None if (least := self.cleaned_data["least"]) is None else float(least),
            stops=self.cleaned_data["stops"],
        )

    def exceptions(self) -> list[tuple[ForceForm, Forced]]:
        """What is forced, beside the row that says so; said twice of a proposal, the last counts.

        Needs ``is_valid``.
        """
        found: dict[str, tuple[ForceForm, Forced]] = {}
        for form in self.forces:
            row = form.cleaned_data
            if row["force"]:
                inside, asked = row["side"] != "out", row["asked"].strip()
                found[row["force"]] = form, Forced(int(row["force"]), inside, row["why"], asked)
        return list(found.values())

    def without(self, proposal: str) -> str:
        """The address without what forces ``proposal``."""
        every = self.forces
        self.forces = [form for form in every if form.cleaned_data["force"] != proposal]
        address = self.address()
        self.forces = every
        return address

    @property
    def way_chosen(self) -> str:
        return self.cleaned_data.get("way") or "best"

    @property
    def least_shown(self) -> str:
        """As it was typed where it is wrong."""
        least = None if "least" in self.errors else self.cleaned_data.get("least")
        return str(self.data.get("least", "")) if least is None else write_amount(least)

    def carried(self) -> list[tuple[str, str]]:
        """The rules in a form that any reader's language reads alike."""
        parts = [("way", "list")] if self.way_chosen == "list" else []
        parts += [("stops", "on")] if self.cleaned_data["stops"] else []
        if (least := self.cleaned_data["least"]) is not None:
            parts.append(("least", f"{least.normalize():f}"))
        rows = [form.cleaned_data for form in self.pools if form.cleaned_data["of"]]
        parts += [(name, row[name]) for row in rows for name in ("of", "low", "high")]
        parts += [("apart", form.cleaned_data["apart"]) for form in self.aparts if form.proposals()]
        forced = [form.cleaned_data for form, _ in self.exceptions()]
        names = ("force", "side", "why", "asked")
        return parts + [(name, row[name]) for row in forced for name in names]

    def reweighed(self) -> list[tuple[str, str]]:
        """What the what-if page asked and this one only hands on: weights and who is left out."""
        names = [name for name in self.fields if name not in OWN]
        return [(name, value) for name in names for value in self.asked.getlist(name)]

    def as_forced(self) -> list[tuple[str, str]]:
        """The exceptions as they were sent, to be kept where something else is wrong."""
        return [(name, value) for form in self.forces for name, value in form.data.items()]


def _rows(data: QueryDict, names: Sequence[str]) -> list[dict[str, str]]:
    """Rows whose fields share their names, by their place; the first name says how many."""
    columns = {name: data.getlist(name) for name in names}
    count = min(len(columns[names[0]]), MOST)
    return [
        {name: column[place] if place < len(column) else "" for name, column in columns.items()}
        for place in range(count)
    ]
