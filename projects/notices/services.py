from collections.abc import Iterable

from django.utils import timezone

from projects.notices.models import Notification
from projects.people.models import User


def notify(*, recipients: Iterable[User], text: str, url: str) -> None:
    """Leave one line for each recipient, once."""
    Notification.objects.bulk_create(
        Notification(recipient=person, text=text, url=url) for person in dict.fromkeys(recipients)
    )


def mark_all_read(*, user: User) -> int:
    return user.notifications.filter(read_at=None).update(read_at=timezone.now())
