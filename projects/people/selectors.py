from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from projects.people.models import User


def active_people(function: str) -> QuerySet[User]:
    """Active members of the teams of one function, by name."""
    return (
        User.objects.filter(is_active=True, is_service=False, team__function=function)
        .select_related("team")
        .order_by("first_name", "last_name", "username")
    )


def has_address(email: str) -> bool:
    return User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists()


def operator(username: str) -> User:
    """The administrator in whose name a command acts: the one named, or the only one there is."""
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    found = list(administrators.filter(username=username) if username else administrators[:2])
    if len(found) == 1:
        return found[0]
    if username:
        raise ValidationError({"as": f"There is no active administrator “{username}”."})
    raise ValidationError({"as": "Name the administrator who does this: --as USERNAME."})
