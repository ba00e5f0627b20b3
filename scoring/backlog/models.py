"""A filter of the backlog under a name of one's own."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """The query string is the view: whoever gets the address sees the same filter."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name"),
        ]

    def __str__(self) -> str:
        return self.name
