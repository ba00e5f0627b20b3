"""Who of the panel is behind a request, and whether it may go on without a second factor."""

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from projects.people.models import User
from projects.people.requests import signed_in
from projects.people.selectors import has_second_factor
from scoring.panel.selectors import is_panelist, may_explore, must_have_second_factor


def panelist(request: HttpRequest | Request) -> User:
    """The member of the panel behind a request; nobody else gets in."""
    user = signed_in(request)
    if not is_panelist(user):
        raise PermissionDenied("Only people with a panel seat do this.")
    return user


def explorer(request: HttpRequest | Request) -> User:
    """Who may put questions to the backlog behind a request; nobody else gets in."""
    user = signed_in(request)
    if not may_explore(user):
        raise PermissionDenied("Leaders and the panel's chair ask what if, and see the plan.")
    return user


def lacks_second_factor(request: HttpRequest, user: User) -> bool:
    """True where the account must have one, has none, and its provider did not ask for one."""
    if not must_have_second_factor(user) or has_second_factor(user):
        return False
    return not any(
        settings.SSO_PROVIDERS[record["provider"]].asks_second_factor
        for record in get_authentication_records(request, user)
        if record.get("provider") in settings.SSO_PROVIDERS
    )
