"""A cycle: a planning period with intake dates and a budget."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone


class Cycle(models.Model):
    name = models.CharField(max_length=80, unique=True)
    intake_opens = models.DateField()
    intake_closes = models.DateField()
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        help_text="By whose clock intake opens and closes; empty: the house's.",
    )
    budget = models.DecimalField(
        max_digits=16, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", "Use the three-letter code, such as EUR.")],
    )
    allows_solo = models.BooleanField(
        "takes proposals of one function",
        default=False,
        help_text="Both keys may then be held in Marketing, or both in CX; each such proposal is "
        "marked as not joint, and counted.",
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

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()

    @property
    def today(self) -> date:
        """The day by which intake opens and closes, whatever zone the reader's clock shows."""
        return timezone.localdate(timezone=self.zone)

    @property
    def is_open(self) -> bool:
        return self.intake_opens <= self.today <= self.intake_closes

    @property
    def closes_at(self) -> datetime:
        """The midnight that ends the last day of intake."""
        day = self.intake_closes + timedelta(days=1)
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    @property
    def last_minute(self) -> datetime:
        """The instant of the last minute of intake; a night of summer time is an hour shorter."""
        return self.closes_at - timedelta(minutes=1)

    def clean(self) -> None:
        if self.time_zone and self.time_zone not in available_timezones():
            raise ValidationError(
                {"time_zone": f"There is no time zone “{self.time_zone}”. Use Europe/Berlin or so."}
            )
        dates = (self.intake_opens, self.intake_closes)
        if None not in dates and self.intake_closes < self.intake_opens:
            raise ValidationError(
                {"intake_closes": "Intake must close on or after the day it opens."}
            )
