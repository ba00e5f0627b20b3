"""A whole ranking run through the product, on SQLite and on PostgreSQL, each in its own process."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services


def main() -> None:
    print("\nWhole runs and pages: n proposals x 12 criteria x 7 panelists, 10,000 draws")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder, "1000", "3")
        for size, runs in (("1000", "3"), ("10000", "1")):
            address = services.start_postgres(services.started())
            _measure(f"PostgreSQL, {size}", address, folder, size, runs)


def _measure(name: str, address: str, folder: str, *size: str) -> None:
    env = os.environ | {
        "DATABASE_URL": address,
        "VAR_DIR": folder,
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "prioritizer.settings",
    }
    print(f"\n{name}", flush=True)
    subprocess.run(
        [sys.executable, "-m", "bench.company", *size],
        env=env,
        cwd=Path(__file__).resolve().parent.parent,
        check=True,
    )
