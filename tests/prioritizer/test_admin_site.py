"""The admin has no sign-in of its own."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from prioritizer.admin_site import PrioritizerAdminSite


class Person:
    def __init__(self, *, is_authenticated=True, is_active=True, is_staff=False):
        self.is_authenticated = is_authenticated
        self.is_active = is_active
        self.is_staff = is_staff


def request_of(person):
    request = RequestFactory().get("/admin/login/", {"next": "/admin/scoring/"})
    request.user = person
    return request


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (Person(is_staff=True), True),
        (Person(is_staff=True, is_active=False), False),
        (Person(), False),
    ],
)
def test_the_admin_is_for_active_staff(person, allowed):
    assert PrioritizerAdminSite().has_permission(request_of(person)) is allowed


def test_visitors_are_sent_to_the_one_sign_in_page(settings):
    settings.LOGIN_URL = "/sign-in"
    response = PrioritizerAdminSite().login(request_of(Person(is_authenticated=False)))
    assert response.headers["Location"] == "/sign-in?next=/admin/scoring/"


def test_signed_in_people_without_access_are_refused():
    with pytest.raises(PermissionDenied):
        PrioritizerAdminSite().login(request_of(Person()))
