"""Who may write down what is known of customers, behind a request."""

from django.http import HttpRequest

from projects.customers.selectors import require_keeper
from projects.people.models import User
from projects.people.requests import signed_in


def keeper(request: HttpRequest) -> User:
    """The person behind a request of Marketing or CX, or an administrator; nobody else gets in."""
    user = signed_in(request)
    require_keeper(user)
    return user
