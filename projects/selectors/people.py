from django.db.models import QuerySet

from projects.models import User


def active_people(function: str) -> QuerySet[User]:
    """Active members of the teams of one function, by name."""
    return (
        User.objects.filter(is_active=True, team__function=function)
        .select_related("team")
        .order_by("first_name", "last_name", "username")
    )
