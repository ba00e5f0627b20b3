"""``python -m chaos [part ...]``: hurt the product and count what it did."""

import argparse
import os
import sys
from io import TextIOWrapper

from chaos.site import Site
from prioritizer.processes import Children

PARTS = ("kills", "zombies", "queue", "panel", "edits", "database")
# Attacks leave thousands of rows behind: these come to a site of their own.
ALONE = ("crowd", "scale")


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        help=f"of {', '.join(PARTS)}; all without one; or {' or '.join(ALONE)} alone",
    )
    parser.add_argument("--kills", type=int, default=15, help="workers killed at each kind of work")
    parser.add_argument(
        "--zombies", type=int, default=4, help="workers frozen, likewise, and thawed"
    )
    parser.add_argument("--outage", type=float, default=10, help="seconds without the queue")
    parser.add_argument("--rounds", type=int, default=100, help="of the panel at odds with itself")
    parser.add_argument("--edits", type=int, default=1_000, help="of the same drafts at once")
    parser.add_argument("--restarts", type=int, default=8, help="of the database")
    parser.add_argument("--people", type=int, default=40, help="in the crowd, all at work")
    parser.add_argument("--minutes", type=float, default=2, help="that the crowd works")
    parser.add_argument("--proposals", type=int, default=300, help="more, of crowd and scale")
    parser.add_argument("--lease", type=int, default=4, help="seconds; the product's default is 30")
    parser.add_argument("--prove", action="store_true", help="plant faults: each must be found")
    options = parser.parse_args()
    assert isinstance(sys.stdout, TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)
    wrong: list[str] = []
    for name in options.parts or PARTS:
        if name not in PARTS and options.parts not in [[part] for part in ALONE]:
            parser.error(f"{name}: of {', '.join(PARTS)}, or one of {', '.join(ALONE)}, expected")
    with Children() as children:
        site = Site(children, lease=options.lease)
        prepare(site)
        if options.prove:
            from chaos.faults import prove

            wrong = prove(site)
        else:
            from chaos.attacks import attack

            wrong = attack(site, options.parts or PARTS, options)
    print("\n".join(["", *(f"WRONG: {text}" for text in wrong)]) if wrong else "All of it holds.")
    return bool(wrong)


def prepare(site: Site) -> None:
    os.environ.update(site.env)
    site.manage("migrate", "--verbosity", "0")
    site.manage("seed_demo")
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
