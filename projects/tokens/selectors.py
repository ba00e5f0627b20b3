from django.db.models import QuerySet

from projects.people.models import User
from projects.tokens.models import Token


def tokens_of(user: User) -> QuerySet[Token]:
    """What a person may see and revoke: the own tokens; an administrator also those of services."""
    own = Token.objects.filter(person=user)
    if user.is_superuser:
        own |= Token.objects.filter(person__is_service=True)
    return own.filter(revoked_at=None).select_related("person")


def holders(user: User) -> QuerySet[User]:
    """For whom a person may make a token."""
    found = User.objects.filter(pk=user.pk)
    if user.is_superuser:
        found |= User.objects.filter(is_service=True, is_active=True)
    return found.order_by("is_service", "username")
