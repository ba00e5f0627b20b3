"""Guessing passwords is stopped before a password is looked at."""

import pytest
from django.contrib.auth import hashers
from django.test import RequestFactory

from projects.models import User
from projects.people.requests import client_address

LIMIT = 10


@pytest.fixture
def person(db):
    return User.objects.create_user("ann", password="right")


def attempt(client, password, **extra):
    return client.post("/sign-in/", {"username": "ann", "password": password}, **extra)


def test_ten_wrong_passwords_lock_the_name_at_this_address(client, person, monkeypatch):
    for _ in range(LIMIT - 1):
        assert attempt(client, "wrong").status_code == 200
    assert attempt(client, "wrong").status_code == 429

    monkeypatch.setattr(hashers, "check_password", pytest.fail)
    monkeypatch.setattr(User, "check_password", pytest.fail)
    assert attempt(client, "right").status_code == 429


def test_other_addresses_are_not_locked_with_it(client, person):
    for _ in range(LIMIT):
        attempt(client, "wrong")
    assert attempt(client, "right", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_nine_wrong_passwords_and_the_right_one_start_again(client, person):
    for _ in range(2):
        for _ in range(LIMIT - 1):
            attempt(client, "wrong")
        assert attempt(client, "right").status_code == 302
        client.logout()


@pytest.mark.parametrize(("behind_proxy", "expected"), [(False, "10.0.0.1"), (True, "203.0.113.7")])
def test_the_forwarded_address_counts_only_behind_a_proxy(settings, behind_proxy, expected):
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.7"}
    )
    assert client_address(request) == expected
