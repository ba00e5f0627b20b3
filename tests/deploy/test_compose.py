"""The Compose file, read by Compose itself, names things that exist."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.site import ROOT

SECRETS = {
    "SECRET_KEY": "0123456789" * 5,
    "ALLOWED_HOSTS": "prioritizer.example",
    "POSTGRES_PASSWORD": "p",
}
OURS = {"migrate", "web", "worker", "scheduler"}


def compose(env):
    # The wheel's own command hides the exit status of the program inside it.
    package = importlib.util.find_spec("compose")
    assert package is not None
    assert package.origin is not None
    return subprocess.run(
        [Path(package.origin).with_name("docker-compose"), "config", "--format", "json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def services():
    result = compose(SECRETS)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)["services"]


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_each_secret_must_be_set(name):
    result = compose({key: value for key, value in SECRETS.items() if key != name})
    assert result.returncode != 0
    assert name in result.stderr


def test_the_parts_are_all_there(services):
    assert set(services) == OURS | {"postgres", "valkey"}
    for name in ("worker", "scheduler", "postgres", "valkey"):
        assert services[name]["healthcheck"]["test"], name


def test_commands_exist(services):
    known = set(get_commands())
    commands = [services[name]["command"] for name in sorted(OURS)]
    commands += [services[name]["healthcheck"]["test"][1:] for name in ("worker", "scheduler")]
    managed = [command[2] for command in commands if command[:2] == ["python", "manage.py"]]
    assert set(managed) == {"migrate", "dispatch", "check_progress"}
    assert set(managed) <= known
    programs = {command[0] for command in commands}
    assert programs == {"python", "gunicorn", "celery"}


def test_every_variable_is_read_by_the_settings(services):
    readers = [ROOT / "prioritizer" / "settings.py", ROOT / "gunicorn.conf.py"]
    source = "".join(path.read_text() for path in readers)
    given = {variable for name in OURS for variable in services[name]["environment"]}
    assert [variable for variable in sorted(given) if f'"{variable}"' not in source] == []


def test_the_settings_accept_what_compose_gives(services, tmp_path):
    env = {key: value for key, value in services["web"]["environment"].items() if value}
    env |= {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_our_containers_can_change_nothing_but_their_data(services):
    for name in sorted(OURS):
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert [volume["target"] for volume in service["volumes"]] == ["/data"]
