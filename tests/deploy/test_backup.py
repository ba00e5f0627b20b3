"""The commands in docs/operate/backup.md for one machine, carried out as they stand there."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.site import ROOT, bare_environment

DOC = (ROOT / "docs/operate/backup.md").read_text(encoding="utf-8")
ONE_MACHINE = DOC.partition("## On one machine")[2].partition("\n## ")[0]
BACKUP, RESTORE = re.findall(r"```\n(.*?)```", ONE_MACHINE, re.DOTALL)
pytestmark = pytest.mark.deploy  # takes long
COUNT = "SELECT count(*) FROM projects_proposal"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout with the demo company, its data in ``var``."""
    for name in ("manage.py", "prioritizer", "jobs", "projects", "scoring", "templates"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "var").mkdir()
    carry_out("manage.py migrate -v0 && manage.py seed_demo", tmp_path)
    return tmp_path


def carry_out(commands: str, folder: Path) -> str:
    here = commands.replace("/backups/", f"{folder}/backups/").replace("/safe/", f"{folder}/safe/")
    plain = re.sub(r"(?<!python )manage\.py", ".venv/bin/python manage.py", here)
    env = {**bare_environment(folder), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["sh", "-ec", plain], cwd=folder, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


def proposals(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "prioritizer.sqlite3")) as reader:
        return int(reader.execute(COUNT).fetchone()[0])


def test_one_machine_is_backed_up_while_it_writes_and_restored(machine: Path) -> None:
    before = proposals(machine / "var")
    with closing(sqlite3.connect(machine / "var" / "prioritizer.sqlite3")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM projects_notification")  # under way, not yet committed
        carry_out(BACKUP, machine)
        writer.rollback()
    (machine / "safe").mkdir()
    (machine / "safe" / "secret-key").write_bytes((machine / "var" / "secret-key").read_bytes())
    (machine / "var").rename(machine / "lost")
    said = carry_out(RESTORE.replace("make run DEMO=0", ""), machine)
    assert "the chain is whole" in said
    assert "3 of 3 runs replay." in said
    assert "The secret key is another one" not in said
    assert proposals(machine / "var") == before == proposals(machine / "lost")
