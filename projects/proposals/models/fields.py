"""What a company asks of its proposals beside what every proposal says."""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

from projects.amounts import read_amount, write_amount
from projects.formats import reader_formats
from projects.proposals.models.proposals import Proposal

PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
MOST = Decimal(10) ** 12


class CustomField(models.Model):
    """A question of the company's own. Its key stays, as signed texts name it; its words may not.

    Closed, it is asked no more, and what was answered stays.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        CHOICE = "choice", "Choice"
        NUMBER = "number", "Number"
        DATE = "date", "Date"

    key = models.SlugField(
        max_length=40, unique=True, help_text="Short and for good, for lists and programs."
    )
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=6, choices=Kind)
    help_text = models.CharField("help", max_length=200, blank=True)
    choices = models.TextField(
        blank=True, max_length=2000, help_text="Of a choice: what there is to choose, one a line."
    )
    category = models.CharField(
        "type of proposal",
        max_length=40,
        blank=True,
        help_text="The key of the type that it is asked of; empty: of every proposal.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_closed = models.BooleanField("closed", default=False)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        options = self.options
        if (self.kind == self.Kind.CHOICE) != bool(options):
            wanted = "Give what there is to choose, one a line."
            text = wanted if self.kind == self.Kind.CHOICE else "Only a choice has these."
            raise ValidationError({"choices": text})
        if len(set(options)) < len(options):
            raise ValidationError({"choices": "Something stands here twice."})
        if any(len(option) > FieldValue.LONGEST for option in options):
            raise ValidationError({"choices": f"Up to {FieldValue.LONGEST} characters a line."})
        if self.pk and (before := CustomField.objects.filter(pk=self.pk).first()):
            self._keep(before)

    def _keep(self, before: "CustomField") -> None:
        """What answers rest on stays while there are any."""
        given = FieldValue.objects.filter(field=self.pk)
        if self.key != before.key and given.exists():
            raise ValidationError({"key": "Proposals have answered it, so its key stays."})
        if self.kind != before.kind and given.exists():
            raise ValidationError({"kind": "Proposals have answered it. Close it, and ask anew."})
        gone = set(before.options) - set(self.options)
        used = given.filter(value__in=gone).values_list("value", flat=True).first()
        if used is not None:
            raise ValidationError({"choices": f"Proposals have chosen “{used}”, so it stays."})

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class FieldValue(models.Model):
    """A proposal's answer as text: a choice by its words, a number plain, a day as 2027-01-31."""

    LONGEST = 1000

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField(default=0)
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    value = models.CharField("answer", max_length=LONGEST)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "field"], name="one_answer_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    @property
    def shown(self) -> str:
        """As the reader writes numbers and days."""
        if self.field.kind == CustomField.Kind.NUMBER:
            return write_amount(Decimal(self.value))
        if self.field.kind == CustomField.Kind.DATE:
            return reader_formats().date(date.fromisoformat(self.value))
        return self.value

    def clean(self) -> None:
        """Bring the answer into its one form."""
        kind, text = CustomField.Kind(self.field.kind), self.value.strip()
        if kind == CustomField.Kind.CHOICE and text not in self.field.options:
            known = ", ".join(self.field.options)
            raise ValidationError({"value": f"“{text}” is none of {known}."})
        if kind == CustomField.Kind.NUMBER:
            text = _plain(text)
        if kind == CustomField.Kind.DATE:
            text = _day(text)
        self.value = text


def _plain(text: str) -> str:
    """A number as programs write it and as it is stored, or as people do."""
    try:
        number = Decimal(text) if PLAIN.fullmatch(text) else read_amount(text)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from None
    if abs(number) >= MOST or number != round(number, 2):
        raise ValidationError({"value": "Use at most twelve digits and two decimals."})
    return f"{number.normalize() + 0:f}"  # and no minus before nothing


def _day(text: str) -> str:
    try:
        return str(date.fromisoformat(text))
    except ValueError:
        message = f"“{text}” is not a day. Write days as 2026-05-31."
        raise ValidationError({"value": message}) from None
