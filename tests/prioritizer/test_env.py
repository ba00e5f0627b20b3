"""Wrong or missing variables are named together with their mend."""

import stat

import pytest

from prioritizer import env

TIMEOUTS = {"statement_timeout": 30_000, "lock_timeout": 5_000}


def test_text_without_a_value_says_which_variable_to_set(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "  ")
    with pytest.raises(env.SettingError, match=r"^SECRET_KEY is not set\. Set it"):
        env.text("SECRET_KEY")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("off", False)])
def test_flag_reads_words(monkeypatch, value, expected):
    monkeypatch.setenv("DEBUG", value)
    assert env.flag("DEBUG", default=not expected) is expected


def test_flag_refuses_what_is_neither_yes_nor_no(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(env.SettingError, match=r"DEBUG is 'maybe'.*Set DEBUG=1 or DEBUG=0"):
        env.flag("DEBUG", default=False)


@pytest.mark.parametrize(("value", "problem"), [("ten", "not a whole number"), ("-1", "or more")])
def test_integer_refuses(monkeypatch, value, problem):
    monkeypatch.setenv("EMAIL_PORT", value)
    with pytest.raises(env.SettingError, match=f"EMAIL_PORT is .*{problem}"):
        env.integer("EMAIL_PORT", 587)


def test_listing_drops_empty_parts(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, ,b.example,")
    assert env.listing("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_listing_without_default_must_be_set(monkeypatch):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    with pytest.raises(env.SettingError, match="ALLOWED_HOSTS is not set"):
        env.listing("ALLOWED_HOSTS")


def test_postgres_address(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@db.example:6432/prio?sslmode=require")
    found = env.database("DATABASE_URL", "", timeouts=TIMEOUTS)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("ann", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6432", "prio")
    assert found["CONN_HEALTH_CHECKS"] is True
    assert found["OPTIONS"] == {
        "connect_timeout": 3,
        "options": "-c statement_timeout=30000 -c lock_timeout=5000",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    ("address", "file"),
    [("sqlite:////data/a%20b.db", "/data/a b.db"), ("sqlite:///near.db", "near.db")],
)
def test_sqlite_address(monkeypatch, address, file):
    monkeypatch.setenv("DATABASE_URL", address)
    found = env.database("DATABASE_URL", "", timeouts=TIMEOUTS)
    assert found["NAME"] == file
    assert found["OPTIONS"] == {
        "init_command": "PRAGMA journal_mode=WAL",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }


@pytest.mark.parametrize(
    "address",
    ["mysql://h/d", "postgres://h", "postgres://h/", "sqlite://", "nonsense", "postgres://h:x/d"],
)
def test_other_database_addresses_are_refused(monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(env.SettingError, match="DATABASE_URL"):
        env.database("DATABASE_URL", "", timeouts=TIMEOUTS)


def test_a_refused_address_is_not_repeated_because_it_holds_a_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://ann:secret@db/prio")
    with pytest.raises(env.SettingError) as caught:
        env.database("DATABASE_URL", "", timeouts=TIMEOUTS)
    assert "secret" not in str(caught.value)


def test_queue_address(monkeypatch):
    monkeypatch.setenv("QUEUE_URL", "amqp://h")
    with pytest.raises(env.SettingError, match="QUEUE_URL is not a Redis or Valkey address"):
        env.queue("QUEUE_URL")
    monkeypatch.setenv("QUEUE_URL", "")
    assert env.queue("QUEUE_URL") is None


def test_secret_is_made_once_and_private(tmp_path):
    path = tmp_path / "var" / "secret-key"
    first = env.kept_secret(path)
    assert len(first) >= 50
    assert env.kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]
