"""The commands in docs/operate/backup.md, carried out as they stand there."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.site import ROOT

BLOCKS = re.findall(r"```\n(.*?)```", (ROOT / "docs/operate/backup.md").read_text(), re.DOTALL)


@pytest.fixture
def machine(tmp_path):
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "var" / "media").mkdir(parents=True)
    (tmp_path / "var" / "media" / "plan.pdf").write_text("plan")
    (tmp_path / "var" / "secret-key").write_text("secret")
    return tmp_path


def carry_out(commands, folder):
    subprocess.run(["sh", "-ec", commands], cwd=folder, check=True)


def test_one_machine_is_backed_up_while_it_writes_and_restored(machine):
    backup, restore = BLOCKS[0], BLOCKS[1]
    with closing(sqlite3.connect(machine / "var" / "prioritizer.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("PRAGMA wal_autocheckpoint=0")
        writer.execute("CREATE TABLE decision (outcome TEXT)")
        writer.execute("INSERT INTO decision VALUES ('greenlight')")
        writer.commit()
        carry_out(backup, machine)
    (machine / "var").rename(machine / "lost")
    carry_out(restore.replace("make run", ""), machine)
    with closing(sqlite3.connect(machine / "var" / "prioritizer.sqlite3")) as reader:
        assert reader.execute("SELECT outcome FROM decision").fetchall() == [("greenlight",)]
    assert (machine / "var" / "media" / "plan.pdf").read_text() == "plan"
    assert (machine / "var" / "secret-key").read_text() == "secret"
