"""The attacks one after another, each on a product of its own."""

from argparse import Namespace
from collections.abc import Callable, Iterable

from chaos.crowd import crowd
from chaos.databases import break_database
from chaos.editors import edit_at_once
from chaos.panel import set_panel_at_odds
from chaos.queues import break_queue
from chaos.scale import scale
from chaos.site import Site
from chaos.work import KINDS, Work
from chaos.workers import freeze_workers, kill_workers


def attack(site: Site, parts: Iterable[str], sizes: Namespace) -> list[str]:
    """Carry out the named attacks; returns what did not hold."""
    known: dict[str, Callable[[], list[str]]] = {
        "kills": lambda: _at_each_work(kill_workers, site, sizes.kills),
        "zombies": lambda: _at_each_work(freeze_workers, site, sizes.zombies),
        "queue": lambda: break_queue(site, sizes.outage),
        "panel": lambda: set_panel_at_odds(sizes.rounds),
        "edits": lambda: edit_at_once(site, sizes.edits),
        "database": lambda: break_database(site, sizes.restarts),
        "crowd": lambda: crowd(site, sizes.people, sizes.minutes, sizes.proposals),
        "scale": lambda: scale(site, sizes.proposals),
    }
    wrong = []
    for name in parts:
        wrong += known[name]()
        site.end_product()
    return wrong


def _at_each_work(
    hurt: Callable[[Site, Work, int], list[str]], site: Site, times: int
) -> list[str]:
    wrong = []
    for kind in KINDS:
        wrong += hurt(site, kind(), times)
        site.end_product()
    return wrong
