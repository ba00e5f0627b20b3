"""Print every table: ``python -m bench [part ...]``; a part is a module of this package."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import bench

# Helpers without tables of their own, and what ``make calibrate`` prints.
_HELPERS = {"__main__", "calibrate", "table", "peers", "company", "lists", "pages"}


def main(wanted: list[str]) -> None:
    # Two BLAS threads on small blocks burn the machine without being faster.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    parts = [name for _, name, _ in pkgutil.iter_modules(bench.__path__) if name not in _HELPERS]
    for name in wanted or parts:
        if name not in parts:
            raise SystemExit(f"{name}: one of {', '.join(parts)} expected")
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
