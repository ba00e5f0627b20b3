"""Whether a request may go on without a second factor."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from projects.people.models import User
from projects.people.selectors import has_second_factor
from scoring.panel.selectors import must_have_second_factor


def lacks_second_factor(request: HttpRequest, user: User) -> bool:
    """True where the account must have one, has none, and its provider did not ask for one."""
    if not must_have_second_factor(user) or has_second_factor(user):
        return False
    return not any(
        settings.SSO_PROVIDERS[record["provider"]].asks_second_factor
        for record in get_authentication_records(request, user)
        if record.get("provider") in settings.SSO_PROVIDERS
    )
