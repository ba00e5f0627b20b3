from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.people.models import User


def active_people(function: str) -> QuerySet[User]:
    """Active members of the teams of one function, by name."""
    return everybody_active().filter(team__function=function)


def everybody_active() -> QuerySet[User]:
    """Every active person, by name."""
    people = User.objects.filter(is_active=True, is_service=False).select_related("team")
    return people.order_by("first_name", "last_name", "username")


def require_somebody(person: User, *, field: str) -> None:
    """Raise, by ``field``, where work would be given to nobody: a closed or a service account."""
    if not person.is_active or person.is_service:
        raise ValidationError({field: "Choose an active person."})


def with_second_factor(people: QuerySet[User]) -> QuerySet[User]:
    """With ``has_second_factor``; recovery codes alone are none."""
    return people.annotate(has_second_factor=Exists(_factors(OuterRef("pk"))))


def has_second_factor(person: User) -> bool:
    """As it came with the person, or looked up."""
    known: bool | None = getattr(person, "has_second_factor", None)
    if known is not None:
        return known
    return bool(_factors(person.pk).exists())


def _factors(person: Any) -> Any:
    found = Authenticator.objects.filter(user=person)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)


def provider_of(person: User) -> Any:
    """The provider of single sign-on to which an account belongs (prioritizer.sso), or None.

    The break-glass account belongs to none, so that it opens when a provider does not.
    """
    if not settings.SSO_PROVIDERS or person.username == settings.BREAK_GLASS:
        return None
    known = SocialAccount.objects.filter(user=person, provider__in=settings.SSO_PROVIDERS)
    account = known.order_by("-last_login").first()
    return settings.SSO_PROVIDERS[account.provider] if account else None


def by_address(email: str) -> User | None:
    """The one person who has this e-mail address; None where nobody or more than one has."""
    found = list(User.objects.filter(email__iexact=email, is_service=False)[:2])
    return found[0] if len(found) == 1 else None


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
