"""What the environment makes of the settings, read in a fresh process as in real life."""

import json
import re
import subprocess
import sys

import pytest

from tests.site import ROOT, bare_environment

PRINT = "import json; from prioritizer import settings as s; print(json.dumps({expression}))"


def read(folder, expression, **env):
    result = subprocess.run(
        [sys.executable, "-c", PRINT.format(expression=expression)],
        cwd=ROOT,
        env={**bare_environment(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(result.stdout) if result.returncode == 0 else result.stderr


DEPLOYMENT = {
    "DATABASE_URL": "postgres://u:p@db/prioritizer",
    "SECRET_KEY": "s" * 50,
    "ALLOWED_HOSTS": "prioritizer.example",
}


def test_nothing_set_is_one_embedded_machine(tmp_path):
    found = read(
        tmp_path,
        "[s.DEBUG, s.EMBEDDED, s.SECURE, s.ALLOWED_HOSTS, s.QUEUE_URL, s.CELERY_BROKER_URL,"
        " s.DATABASES['default']['NAME'], s.SECRET_KEY, s.LOG_FORMAT]",
    )
    key = (tmp_path / "var" / "secret-key").read_text()
    database = str(tmp_path / "var" / "prioritizer.sqlite3")
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    assert found == [False, True, False, hosts, None, "memory://nobody", database, key, "console"]


def test_a_deployment_is_https_only(tmp_path):
    found = read(
        tmp_path,
        "[s.SECURE, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS >= 31536000, s.LOG_FORMAT, s.EMBEDDED,"
        " s.DEBUG, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_HTTPONLY, s.SECURE_HSTS_INCLUDE_SUBDOMAINS,"
        " s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE]",
        **DEPLOYMENT,
    )
    assert found[:8] == [True, True, True, True, "__Host-session", True, "json", False]
    assert found[8:] == [False, "__Host-csrf", True, True, "Lax", "Lax"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_deployment_must_be_told(tmp_path, name):
    env = {key: value for key, value in DEPLOYMENT.items() if key != name}
    assert f"SettingError: {name} is not set" in read(tmp_path, "s.DEBUG", **env)


def test_the_queue_is_tuned_to_lose_nothing_and_to_fail_fast(tmp_path):
    found = read(
        tmp_path,
        "{key: value for key, value in vars(s).items() if key.startswith('CELERY_')}",
        QUEUE_URL="redis://queue:6379/0",
    )
    expected = {
        "CELERY_BROKER_URL": "redis://queue:6379/0",
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_PUBLISH_RETRY": False,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_TASK_SERIALIZER": "json",
        "CELERY_ACCEPT_CONTENT": ["json"],
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": 660,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 5,
            "socket_timeout": 2,
            "socket_connect_timeout": 1,
            "health_check_interval": 5,
        },
    }
    assert {key: found[key] for key in expected} == expected
    # A run that takes long is stopped before the queue hands its ring to a second worker.
    soft, hard = found["CELERY_TASK_SOFT_TIME_LIMIT"], found["CELERY_TASK_TIME_LIMIT"]
    assert 600 <= soft < hard < found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]


def test_unknown_log_format_is_named(tmp_path):
    assert "LOG_FORMAT is 'xml'" in read(tmp_path, "s.DEBUG", LOG_FORMAT="xml")


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_logged_error_does_not_tell_the_values_of_variables(tmp_path, style):
    script = (
        "import django, logging; django.setup()\n"
        "def sign_in(password):\n"
        "    try: raise ValueError('broken')\n"
        "    except ValueError: logging.getLogger('tests').exception('It broke.')\n"
        "sign_in('open ' + 'sesame')"
    )
    env = {"LOG_FORMAT": style, "DJANGO_SETTINGS_MODULE": "prioritizer.settings"}
    log = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**bare_environment(tmp_path), **env},
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "It broke." in log
    assert "ValueError" in log
    assert "open sesame" not in log


def test_every_variable_that_is_read_is_documented_and_no_other():
    sources = [ROOT / "prioritizer" / "settings.py", ROOT / "gunicorn.conf.py"]
    readers = re.compile(r'(?:env\.\w+|sso\.\w+|environ\.get)\(\s*"([A-Z_]+)"')
    read = {name for path in sources for name in readers.findall(path.read_text())}
    table = (ROOT / "docs" / "operate" / "settings.md").read_text()
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert documented == read
