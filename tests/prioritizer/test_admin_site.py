"""The admin has no sign-in of its own."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from prioritizer.admin_site import PrioritizerAdminSite
from projects.models import User


def request_of(person):
    request = RequestFactory().get("/admin/login/", {"next": "/admin/scoring/"})
    request.user = person
    return request


def test_visitors_are_sent_to_the_one_sign_in_page(settings):
    settings.LOGIN_URL = "/sign-in"
    response = PrioritizerAdminSite().login(request_of(AnonymousUser()))
    assert response.headers["Location"] == "/sign-in?next=/admin/scoring/"


@pytest.mark.django_db
def test_signed_in_people_without_access_are_refused():
    with pytest.raises(PermissionDenied):
        PrioritizerAdminSite().login(request_of(User.objects.create(username="ann")))


@pytest.mark.django_db
def test_administrators_go_on_to_the_index():
    admin = User.objects.create(username="ann", is_staff=True, is_superuser=True)
    response = PrioritizerAdminSite().login(request_of(admin))
    assert response.headers["Location"] == "/admin/"


@pytest.mark.django_db
@pytest.mark.parametrize("flags", [{}, {"is_superuser": True, "is_active": False}])
def test_the_admin_is_closed_to_others(flags):
    person = User.objects.create(username="ann", is_staff=True, **flags)
    person.is_staff = bool(flags)
    assert not PrioritizerAdminSite().has_permission(request_of(person))
