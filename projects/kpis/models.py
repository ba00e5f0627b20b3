"""What success is measured by, in one programme from the first contact to the last."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from projects.customers.models import JourneyStage, is_to_come
from projects.people.models import Function


class Kpi(models.Model):
    """A number that Marketing and CX both read: what it counts and which way is better."""

    class Better(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    class Every(models.TextChoices):
        MONTH = "month", "Every month"
        QUARTER = "quarter", "Every quarter"
        YEAR = "year", "Every year"

    # Acquisition is measured with retention: each of the two functions answers for some of it.
    FUNCTIONS = (
        (Function.MARKETING.value, Function.MARKETING.label),
        (Function.CX.value, Function.CX.label),
    )

    name = models.CharField(max_length=80, unique=True)
    definition = models.CharField(
        max_length=300, help_text="What is counted, so that two people count the same."
    )
    unit = models.CharField(max_length=20, help_text="Such as %, days, points, EUR.")
    better = models.CharField("which way", max_length=6, choices=Better)
    stage = models.ForeignKey(
        JourneyStage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kpis",
        verbose_name="journey stage",
    )
    function = models.CharField("who keeps it", max_length=10, choices=FUNCTIONS)
    source = models.CharField(max_length=120, help_text="The system or survey it is read from.")
    every = models.CharField("measured", max_length=7, choices=Every)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "KPI"
        ordering = [models.F("stage__position").asc(nulls_first=True), "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("kpi", args=[self.pk])


class KpiValue(models.Model):
    """What a KPI stood at on one day. It is kept; of one day what was entered last counts."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="values")
    as_of = models.DateField("of", help_text="The day that the number describes.")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kpi", "-as_of", "-pk"]
        indexes = [models.Index(fields=["kpi", "-as_of", "-id"], name="newest_kpi_values")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value}"

    def clean(self) -> None:
        if is_to_come(self.as_of):
            raise ValidationError({"as_of": "This day is still to come."})
