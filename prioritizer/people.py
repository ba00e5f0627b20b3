"""Who is signed in, read with what every page asks of a person."""

from collections.abc import Mapping
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from projects.models import User
from projects.people.selectors import with_second_factor


class PersonBackend(AuthenticationBackend):
    """By user name or e-mail address; the person comes with all that a page asks in one query."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not user.is_service

    def get_user(self, user_id: int) -> User | None:
        people = with_second_factor(User.objects.select_related("team", "seat"))
        person = people.filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None

    def _check_password(self, user: Any, password: str) -> Any:
        """No service has a password; where they are off, only the break-glass account has."""
        if user is None or user.is_service:
            return None
        if not settings.PASSWORDS and user.username != settings.BREAK_GLASS:
            return None
        return super()._check_password(user, password)


def name_tried(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The name that is throttled: as people are found by it, in whatever case it is written."""
    return (credentials or request.POST).get("username", "").strip().casefold()
