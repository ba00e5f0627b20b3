"""Whole runs and pages, on SQLite and on PostgreSQL, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services


def main() -> None:
    print("\nWhole runs and pages: n proposals x 12 criteria x 7 panelists, 10,000 draws")
    on_databases("bench.company", "1000", "3")
    with tempfile.TemporaryDirectory() as folder:
        address = services.start_postgres(services.started())
        _measure("PostgreSQL", address, folder, "bench.company", "10000", "1")


def on_databases(module: str, *arguments: str) -> None:
    """Run ``module`` as a program on an empty database of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder, module, *arguments)
        address = services.start_postgres(services.started())
        _measure("PostgreSQL", address, folder, module, *arguments)


def _measure(name: str, address: str, folder: str, module: str, *arguments: str) -> None:
    env = os.environ | {
        "DATABASE_URL": address,
        "VAR_DIR": folder,
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "prioritizer.settings",
    }
    print(f"\n{name}", flush=True)
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=env,
        cwd=Path(__file__).resolve().parent.parent,
        check=True,
    )
