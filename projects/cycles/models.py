"""A cycle: a planning period with intake dates and a budget."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models


class Cycle(models.Model):
    name = models.CharField(max_length=80, unique=True)
    intake_opens = models.DateField()
    intake_closes = models.DateField()
    budget = models.DecimalField(
        max_digits=16, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use the three-letter code, such as EUR.")],
    )
    is_current = models.BooleanField(
        "current", default=False, help_text="One cycle at a time is current."
    )

    class Meta:
        ordering = ["-intake_opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="one_current_cycle",
                violation_error_message="Another cycle is current. Close that one first.",
            ),
            models.CheckConstraint(
                condition=models.Q(intake_closes__gte=models.F("intake_opens")),
                name="cycle_closes_after_it_opens",
                violation_error_message="Intake must close on or after the day it opens.",
            ),
            models.CheckConstraint(
                condition=models.Q(budget__gte=0), name="cycle_budget_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        dates = (self.intake_opens, self.intake_closes)
        if None not in dates and self.intake_closes < self.intake_opens:
            raise ValidationError(
                {"intake_closes": "Intake must close on or after the day it opens."}
            )
