from django.conf import settings
from django.db import models
from django.utils import timezone


class Seat(models.Model):
    """A place on the panel. The chair curates the framework.

    A seat's function is that of the holder's team.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="seat",
        limit_choices_to={"is_service": False},
    )
    is_chair = models.BooleanField("chair", default=False, help_text="May edit the framework.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch off instead of deleting: past scores stay."
    )

    until = models.DateField(
        "end of term",
        null=True,
        blank=True,
        help_text="The last day of the term. Leave empty for a seat without an end.",
    )

    class Meta:
        ordering = ["user__username"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_held(self) -> bool:
        """Neither given up nor over."""
        over = self.until is not None and self.until < timezone.localdate()
        return self.is_active and not over
