"""Headers of every answer, and the answers when the database is gone."""

import json

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from prioritizer.middleware import DatabaseOutageMiddleware
from prioritizer.views import server_error

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


PLACES = ["/healthz", "/no-such-page", "/sign-in/", "/admin/", "/api/v1/proposals/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PLACES)
def test_every_answer_is_hardened(client, path):
    headers = client.get(path).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Content-Type"].startswith(
        ("text/html; charset=utf-8", "text/plain; charset=utf-8", "application/")
    )
    assert set(headers["Content-Security-Policy"].split("; ")) == CSP
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/sign-in/", "/api/v1/proposals/", "/static/"])
def test_nothing_answers_trace_or_lists_a_folder(client, path):
    assert client.trace(path).status_code in {401, 404, 405}
    assert path != "/static/" or client.get(path).status_code == 404


def broken_database(*_args):
    raise OperationalError("the connection is closed")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/admin/"])
def test_lost_database_is_503_whether_met_in_a_view_or_in_a_session(client, path):
    client.raise_request_exception = False
    client.cookies["session"] = "x" * 32
    with connection.execute_wrapper(broken_database):
        response = client.get(path)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.headers["Cache-Control"] == "no-store"
    assert "closed" not in response.text


def test_lost_database_is_json_in_the_api():
    middleware = DatabaseOutageMiddleware(lambda _: HttpResponse())
    request = RequestFactory().get("/api/v1/backlog/")
    response = middleware.process_exception(request, InterfaceError("gone"))
    assert response is not None
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database does not answer. Please try again in a few seconds.",
    }


def test_other_exceptions_stay_what_they_are():
    middleware = DatabaseOutageMiddleware(lambda _: HttpResponse())
    request = RequestFactory().get("/")
    assert middleware.process_exception(request, ValueError("ours")) is None
    assert server_error(request).status_code == 500
