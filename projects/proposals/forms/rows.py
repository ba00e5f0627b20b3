"""The lists of a proposal as forms: money, effects on customers, KPIs."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from projects.amounts import AmountField, CountField, PercentField, PlainDecimalField
from projects.customers.models import Evidence, SegmentFigure
from projects.customers.selectors import newest_figures
from projects.formats import reader_formats
from projects.insights.forms import InsightField
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.efforts import Effort, quarters_from
from projects.proposals.models.fields import CustomField, FieldValue
from projects.proposals.models.lines import SHARES, STREAM, MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.streams import EACH_STATED, OWN_RETENTION
from projects.proposals.selectors import (
    COMMITMENT_FIELDS,
    EFFECT_FIELDS,
    EFFORT_FIELDS,
    MONEY_FIELDS,
    fields_of,
)

QUARTERS = 12  # that are offered, from today's on


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


AMOUNTS = ("low", "likely", "high")


class MoneyLineForm(RowForm):
    """``figures``: those that a benefit may be worked out from, by id."""

    essential = ("label", *AMOUNTS, *STREAM)
    insight = InsightField()
    figure = forms.TypedChoiceField(
        required=False,
        empty_value=None,
        label="Worked out from",
        help_text="The segment it falls on. Its margin, and how many stay, come from its figures.",
    )

    class Meta:
        model = MoneyLine
        fields = list(MONEY_FIELDS)
        labels = {
            "kind": "What it is",
            "label": "Name",
            "starts_month": "Starts after",
            "ramp_months": "Grows over",
            "ends_month": "Ends after",
            "evidence": "How we know",
        }
        help_texts = {
            **dict.fromkeys(("ramp_months", "ends_month"), ""),
            "yearly_retention": "Share still there a year later, such as 0.8. Worked out from a "
            "segment and left open, it is the segment\u2019s.",
        }
        field_classes = {
            **dict.fromkeys((*AMOUNTS, "each"), AmountField),
            **dict.fromkeys(SHARES, PercentField),
            "reached": CountField,
            "yearly_retention": PlainDecimalField,
        }

    def __init__(
        self, *args: Any, figures: Mapping[int, SegmentFigure] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        figure: Any = self.fields["figure"]
        figure.coerce = lambda pk: figures[int(pk)]
        figure.choices = [
            ("", "Nothing: the amount is stated"),
            *((pk, _named(found)) for pk, found in figures.items()),
        ]
        for name in ("starts_month", "ramp_months", *AMOUNTS):
            self.fields[name].required = False
        for name in (*AMOUNTS, "yearly_retention", "reached", "each"):
            mode = "numeric" if name == "reached" else "decimal"
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": mode})
        evidence: Any = self.fields["evidence"]
        evidence.choices = [("", "Nothing yet: an opinion"), *Evidence.choices]
        self.fields["evidence_date"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        """Drop what does not belong to the kind: its field is not on the screen."""
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        for name in ("starts_month", "ramp_months"):
            cleaned[name] = cleaned.get(name) or 0
        if kind == MoneyLine.Kind.ONE_OFF_COST:
            cleaned |= {"starts_month": 0, "ramp_months": 0, "ends_month": None}
        if kind in MoneyLine.COSTS:
            cleaned |= dict.fromkeys(("figure", "insight", "evidence_date")) | {"evidence": ""}
        stated = cleaned.get("figure") is None
        if kind != MoneyLine.Kind.ACQUISITION and (stated or kind not in OWN_RETENTION):
            cleaned["yearly_retention"] = None
        if kind not in EACH_STATED:
            cleaned["each"] = None
        if stated and "figure" not in self.errors:
            cleaned |= dict.fromkeys((*STREAM, "each")) | {"because": ""}
            for name in AMOUNTS:
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, "Give the amount.")
        return cleaned


def _named(figure: SegmentFigure) -> str:
    return f"{figure.segment}, figures of {reader_formats().date(figure.as_of)}"


class CustomerEffectForm(RowForm):
    essential = ("reach", "points")
    insight = InsightField()

    class Meta:
        model = CustomerEffect
        fields = ["stage", "segment", *EFFECT_FIELDS]
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
        evidence.required = False
        self.fields["points"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["reach"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["evidence_date"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        insight = cleaned.get("insight")
        if insight is None and not cleaned.get("evidence") and "insight" not in self.errors:
            self.add_error("evidence", "Say how we know, or name an insight.")
        return cleaned


class CommitmentForm(RowForm):
    essential = ("kpi", "baseline", "target")

    class Meta:
        model = Commitment
        fields = list(COMMITMENT_FIELDS)
        field_classes = {"baseline": AmountField, "target": AmountField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kpi: Any = self.fields["kpi"]
        kpi.empty_label = "Choose a KPI"
        kpi.label_from_instance = lambda found: f"{found}, {found.unit}"
        answers: Any = self.fields["answers"]
        answers.choices = [("", "Choose who"), *Commitment.Answers.choices]
        for name in ("baseline", "target"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        self.fields["due"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class EffortForm(RowForm):
    essential = ("low", "likely", "high")

    class Meta:
        model = Effort
        fields = list(EFFORT_FIELDS)
        field_classes = dict.fromkeys(("low", "likely", "high"), CountField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        team.empty_label = "Choose a team"
        chosen = str(self["quarter"].value() or "")
        coming = quarters_from(timezone.localdate(), QUARTERS)
        offered = sorted({*coming, chosen} - {""})
        self.fields["quarter"].widget = forms.Select(
            choices=[("", "Choose a quarter"), *((one, one) for one in offered)]
        )
        for name in self.essential:
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})


class AnswerForm(RowForm):
    """What the company asks beside: ``asked`` are its fields by id, one of them the row's."""

    essential = ("value",)

    class Meta:
        model = FieldValue
        fields = ["value"]

    def __init__(self, *args: Any, asked: Mapping[int, CustomField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = CustomField.Kind
        field = asked[int(str(self.prefix).rpartition("-")[2])]
        self.instance.field = field
        widgets: dict[str, forms.Widget] = {
            kinds.CHOICE: forms.Select(
                choices=[("", "Choose"), *((option, option) for option in field.options)]
            ),
            kinds.NUMBER: forms.TextInput({"inputmode": "decimal"}),
            kinds.DATE: forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            kinds.TEXT: forms.Textarea({"rows": 2}),
        }
        is_number = field.kind == kinds.NUMBER
        value: forms.Field = forms.CharField(max_length=FieldValue.LONGEST)
        if is_number:
            value = AmountField(max_digits=14, decimal_places=2)
        value.required, value.label, value.help_text = False, field.name, field.help_text
        value.widget = widgets[field.kind]
        self.fields["value"] = value

    def clean_value(self) -> str:
        value = self.cleaned_data["value"]
        return f"{value:f}" if isinstance(value, Decimal) else str(value or "")


MoneyFormSet = formset_factory(MoneyLineForm, extra=0, can_delete=True, max_num=40, absolute_max=41)


EffectFormSet = formset_factory(
    CustomerEffectForm, extra=0, can_delete=True, max_num=40, absolute_max=41
)


EffortFormSet = formset_factory(EffortForm, extra=0, can_delete=True, max_num=40, absolute_max=41)


class AnswerRows(BaseFormSet[AnswerForm]):
    """A row for each field that is asked, named after it: nothing is added or removed."""

    def total_form_count(self) -> int:
        return len(self.form_kwargs["asked"])

    def initial_form_count(self) -> int:
        return 0

    def add_prefix(self, index: int | str) -> str:
        return f"{self.prefix}-{list(self.form_kwargs['asked'])[int(index)]}"


AnswerFormSet = formset_factory(AnswerForm, formset=AnswerRows, extra=0)


CommitmentFormSet = formset_factory(
    CommitmentForm,
    extra=0,
    can_delete=True,
    max_num=Commitment.MOST,
    absolute_max=Commitment.MOST + 1,
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
    rows = _values(proposal.money, MoneyLineForm)
    for row, line in zip(rows, proposal.money.all(), strict=True):
        row["insight"] = str(line.insight or "")
        if line.figure and not line.has_own_retention:
            row["yearly_retention"] = None  # it comes from the figures, and changes with them
    return rows or [
        {"kind": kinds.ONE_OFF_COST},
        {"kind": kinds.RUNNING_COST},
        {"kind": kinds.RETENTION},
    ]


def figures_for(proposal: Proposal) -> dict[int, SegmentFigure]:
    """What a benefit of ``proposal`` (``with_content``) may be worked out from.

    The newest figure of each segment, and those that it rests on today.
    """
    used = [line.figure for line in proposal.money.all() if line.figure]
    return {figure.pk: figure for figure in [*newest_figures(), *used]}


def effects_initial(proposal: Proposal) -> list[dict[str, Any]]:
    rows = _values(proposal.effects, CustomerEffectForm)
    for row, effect in zip(rows, proposal.effects.all(), strict=True):
        row["insight"] = str(effect.insight or "")
    return rows or [{}]


def commitments_initial(proposal: Proposal) -> list[dict[str, Any]]:
    return _values(proposal.commitments, CommitmentForm) or [{}]


def efforts_initial(proposal: Proposal) -> list[dict[str, Any]]:
    return _values(proposal.efforts, EffortForm) or [{}]


def answers_initial(proposal: Proposal) -> list[dict[str, Any]]:
    given = {answer.field_id: answer.value for answer in proposal.answers.all()}
    return [
        {"value": Decimal(given[pk]) if field.kind == CustomField.Kind.NUMBER else given[pk]}
        if pk in given
        else {}
        for pk, field in fields_of(proposal).items()
    ]


def _values(rows: Any, form: type[RowForm]) -> list[dict[str, Any]]:
    return list(rows.values(*form.base_fields))
