"""``python -m fuzz [part ...]``: imports and api, on a real PostgreSQL with the demo company."""

import argparse
import io
import logging
import os
import sys
import warnings
from collections.abc import Callable

from prioritizer.processes import Children
from tests import services

PARTS = ("imports", "api")


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; both without one")
    parser.add_argument("--files", type=int, default=1_000, help="files to import")
    parser.add_argument("--cases", type=int, default=6_000, help="requests to the API")
    parser.add_argument("--seed", type=int, default=1, help="another one tries other input")
    options = parser.parse_args()
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)
    for name in options.parts or PARTS:
        if name not in PARTS:
            parser.error(f"{name}: one of {', '.join(PARTS)} expected")
    with Children() as children:
        prepare(children)
        wrong = attack(options)
    print("\n".join(f"WRONG: {text}" for text in wrong) or "All of it holds.")
    return bool(wrong)


def attack(options: argparse.Namespace) -> list[str]:
    from django.db import connections

    from fuzz.api import fuzz_api
    from fuzz.imports import fuzz_imports

    parts: dict[str, Callable[[], list[str]]] = {
        "imports": lambda: fuzz_imports(options.files, options.seed),
        "api": lambda: fuzz_api(options.cases, options.seed),
    }
    wrong = []
    for name in options.parts or PARTS:
        wrong += parts[name]()
    connections.close_all()
    return wrong


def prepare(children: Children) -> None:
    os.environ.update(
        DATABASE_URL=services.start_postgres(children),
        VAR_DIR=str(services.scratch("prioritizer-fuzz")),
        SECRET_KEY="only-for-fuzz",  # noqa: S106 - of a site that nobody sees
        ALLOWED_HOSTS="testserver",
        SECURE="0",
        API_REQUESTS_PER_MINUTE="0",
        DJANGO_SETTINGS_MODULE="prioritizer.settings",
    )
    os.environ.pop("QUEUE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    # Thousands of refusals are expected.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=io.StringIO())


if __name__ == "__main__":
    sys.exit(main())
