"""Health for machines, and the one door to the admin."""

import pytest


def test_healthz_asks_no_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.django_db
def test_readyz_asks_the_database(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "oldest_due_seconds": None}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_read_only(client, path):
    assert client.post(path).status_code == 405
