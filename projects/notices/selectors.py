from django.db.models import QuerySet

from projects.notices.models import Notification


def already_told(prefix: str) -> QuerySet[Notification]:
    """What was told for the causes that begin so."""
    return Notification.objects.filter(cause__startswith=prefix)
