"""Who is signed in, read with what every page asks of a person."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from projects.models import User


class PersonBackend(ModelBackend):
    """Password sign-in; the person comes with team and seat in one query."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and not user.is_service

    def get_user(self, user_id: int) -> User | None:
        person = User.objects.select_related("team", "seat").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
