"""What every page's frame needs: unread notifications and what the person may do."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from projects.models import Notification, User
from scoring.panel.requests import lacks_second_factor
from scoring.panel.selectors import (
    is_panelist,
    may_change_framework,
    may_explore,
    may_propose,
    may_request_runs,
)


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    panelist = is_panelist(user)
    return {
        "unread_notifications": SimpleLazyObject(
            Notification.objects.filter(recipient=user.pk, read_at=None).count
        ),
        "lacks_second_factor": SimpleLazyObject(lambda: lacks_second_factor(request, user)),
        "may": {
            "judge": panelist,
            "use_admin": panelist or user.is_superuser,
            "curate": may_change_framework(user),
            "request_runs": may_request_runs(user),
            "explore": may_explore(user),
            "decide": user.is_leader,
            "propose": may_propose(user),
        },
    }
