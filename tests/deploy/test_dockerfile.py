"""The Dockerfile's own steps, carried out in a folder, make a product that runs.

Where no image can be built this is the nearest thing: the same commands in the same order with
nothing else at hand than python3, and then the image's command, as its user.
"""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from prioritizer.processes import Children
from tests import services
from tests.site import ROOT

pytestmark = pytest.mark.deploy

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
# How this machine reaches its package index, as a builder of images would be told too.
NETWORK = re.compile(
    r"SSL_CERT_(FILE|DIR)|PIP_CERT|(PIP|UV)_\w*INDEX_URL|(https?|no)_proxy", re.IGNORECASE
)


@dataclass
class Image:
    """What the steps leave behind: a folder that stands for / and how to run what is in it."""

    root: Path
    env: dict[str, str]
    workdir: Path
    user: int | None = None
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)

    def inside(self, text: str) -> str:
        """Point the image's own folders into the one that stands for /."""
        return re.sub(r"(?<![\w.])(/app|/data)\b", rf"{self.root}\1", text)

    def run(self, command, **env):
        return subprocess.run(
            command,
            cwd=self.workdir,
            env={**self.env, **env},
            user=self.user,
            group=self.user,
            capture_output=True,
            text=True,
            check=False,
        )

    def program(self, command):
        """Resolve the program by the image's PATH, not by ours."""
        found = shutil.which(command[0], path=self.env["PATH"])
        assert found is not None, command[0]
        return [found, *command[1:]]


def instructions(path):
    """Return the instructions with continued lines joined and comments dropped."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.strip().partition(" ")
        if name:
            yield name, rest.strip()


def build(root):
    """Carry out each step and stop at the first that fails."""
    (root / "home").mkdir()
    network = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
    image = Image(root, env={"HOME": str(root / "home")}, workdir=root)
    for name, rest in instructions(ROOT / "Dockerfile"):
        match name:
            case "ENV":
                key, _, value = rest.partition("=")
                image.env[key] = image.inside(value)
            case "WORKDIR":
                image.workdir = Path(image.inside(rest))
                image.workdir.mkdir()
            case "COPY":
                copy(rest.split(), image.workdir)
            case "RUN":
                result = image.run(["sh", "-c", image.inside(rest)], **network)
                assert result.returncode == 0, f"RUN {rest}\n{result.stdout}{result.stderr}"
            case "USER":
                image.user = int(rest.partition(":")[0])
            case "CMD":
                image.command = json.loads(rest)
            case "HEALTHCHECK":
                image.healthcheck = json.loads(rest.partition("CMD ")[2])
            case _:
                assert name in {"ARG", "FROM", "EXPOSE", "VOLUME"}, f"unknown instruction {name}"
    return image


def copy(words, workdir):
    *sources, target = words
    for source in sources:
        if (ROOT / source).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, workdir / target, ignore=unwanted)
        else:
            shutil.copy(ROOT / source, workdir / target)


@pytest.fixture(scope="module")
def image():
    if os.geteuid() != 0:
        services.missing("The right to give files to another user, as the Dockerfile's steps do,")
    if subprocess.run(["/usr/bin/python3", "-c", "import ensurepip"], check=False).returncode:
        services.missing("A python3 with venv in the system")
    root = services.scratch("prioritizer-image")
    root.chmod(0o755)
    return build(root)


@pytest.fixture
def deployment(image, free_port):
    return {
        "DATABASE_URL": f"sqlite:///{image.root}/data/deployed.sqlite3",
        "SECRET_KEY": "s" * 50,
        "ALLOWED_HOSTS": "prioritizer.example",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{free_port}",
        "SECURE": "0",
    }


def test_only_python_is_needed(image):
    assert image.env["PATH"] == f"{image.root}/app/.venv/bin:{SYSTEM_PATH}"
    assert (ROOT / "Dockerfile").read_text().count("apt") == 0


def test_the_user_can_write_data_and_nothing_else(image):
    script = "import os; print([os.access(p, os.W_OK) for p in ('.', 'manage.py', 'static')])"
    assert image.run(image.program(["python", "-c", script])).stdout == "[False, False, False]\n"
    script = f"import os; print(os.access('{image.root}/data', os.W_OK))"
    assert image.run(image.program(["python", "-c", script])).stdout == "True\n"


def test_what_is_built_runs_as_its_user(image, deployment, free_port):
    migrated = image.run(image.program(["python", "manage.py", "migrate"]), **deployment)
    assert migrated.returncode == 0, migrated.stderr
    with Children() as children:
        children.start(
            "web",
            image.program(image.command),
            cwd=image.workdir,
            env={**image.env, **deployment},
            user=image.user,
            group=image.user,
            extra_groups=[],
        )
        url = f"http://127.0.0.1:{free_port}"
        wait_until_healthy(image, url)
        with urllib.request.urlopen(f"{url}/readyz", timeout=10) as response:
            assert json.loads(response.read())["database"] == "ok"
        manifest = json.loads((image.workdir / "static" / "staticfiles.json").read_text())
        hashed = manifest["paths"]["icons/favicon.svg"]
        with urllib.request.urlopen(f"{url}/static/{hashed}", timeout=10) as response:
            assert "immutable" in response.headers["Cache-Control"]


def wait_until_healthy(image, url):
    port = url.rpartition(":")[2]
    check = [word.replace("8000", port) for word in image.program(image.healthcheck)]
    deadline = time.monotonic() + 30
    while (result := image.run(check)).returncode != 0:
        assert time.monotonic() < deadline, result.stderr
        time.sleep(0.2)
