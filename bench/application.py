"""A whole ranking run through the product, on SQLite and on PostgreSQL, each in its own process."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services


def main() -> None:
    print("\nA whole run: 1,000 proposals x 12 criteria x 7 panelists, 10,000 draws")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder)
        _measure("PostgreSQL", services.start_postgres(services.started()), folder)


def _measure(name: str, address: str, folder: str) -> None:
    env = os.environ | {
        "DATABASE_URL": address,
        "VAR_DIR": folder,
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "localhost",
        "DJANGO_SETTINGS_MODULE": "prioritizer.settings",
    }
    print(f"\n{name}", flush=True)
    subprocess.run(
        [sys.executable, "-m", "bench.company"],
        env=env,
        cwd=Path(__file__).resolve().parent.parent,
        check=True,
    )
