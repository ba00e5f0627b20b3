"""Nothing that a panelist can reach depends on others' scores of what is still to be judged.

Two databases, equal but for those scores, answer every route, method and format with the same
bytes. What differs from one making of a database to the next by itself (moments, durations, keys
drawn by lot) is taken out of both.
"""

import itertools
import logging
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.db.models import QuerySet

from projects.models import User
from scoring.models import RankingRun
from scoring.ranking.selectors import runs as run_reads
from scoring.ranking.services import runs as run_services
from tests.policy.check import SAFE, Cell, _ask, _text, cells
from tests.policy.making import make_world
from tests.policy.table import TABLE
from tests.policy.world import World

pytestmark = [
    # The numbers of rows go on counting on PostgreSQL where a transaction is rolled back.
    pytest.mark.sqlite,
    pytest.mark.django_db,
]
Bytes = dict[str, str]
CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # creation keys
    r"|\d{4}-\d\d-\d\d[T ][\d:.+Z]+"  # moments for programs
    r"|\d{1,2} \w+ \d{4}, (at )?\d\d:\d\d"  # and for people
    r"|\d\d:\d\d(:\d\d)?"
    r"|prio_[\w-]{43}"  # keys of tokens
    # what is drawn for a second factor
    r'|"challenge": "[\w-]+"|<code class="breakable">\w+</code>|<div class="qr"[\s\S]*?</div>'
    r"|[\w-]{43}:[\w-]+|csrf\S+ value=\S+|X-CSRFToken\S+ \S+"
    r"|\"(seal|signature|digest)\": ?[^,}]+[,}]"
    r'|"(seconds|oldest_due_seconds)": ?(\{[^}]*\}|[\d.]+)'
    r"|[\d.]+ s\b"
    r"|\b[0-9a-f]{128}\b|\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{12}\b"
)


@pytest.fixture(autouse=True)
def the_same_but_for_the_scores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(run_services, "_seed", lambda _cycle: 7)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def leading(world: World) -> None:
    """Whatever other role the person has."""
    world.user.is_leader = True
    world.user.save(update_fields=["is_leader"])


def answers(
    role: str,
    blind: tuple[int, int],
    change: Callable[[World], None] | None,
    routes: Collection[str],
) -> Bytes:
    """Every answer of one database to one person, and the database is gone again."""
    caches["lines"].clear()
    with transaction.atomic():
        world = make_world(role, blind=blind, early=True)
        if change is not None:
            change(world)
        client = world.client()
        found = {}
        for cell in cells(TABLE, role):
            if cell.method not in ("GET", "POST") or (routes and cell.row.route not in routes):
                continue
            if cell.case.relation in ("owner", "same team"):
                continue  # of those, nothing is due
            session = {name: morsel.value for name, morsel in client.cookies.items()}
            found[f"{cell} {cell.row.path}"] = _answer(world, cell, client)
            client.cookies.clear()
            for name, value in session.items():
                client.cookies[name] = value
        transaction.set_rollback(True)
    return found


def _answer(world: World, cell: Cell, client: Any) -> str:
    with transaction.atomic():
        if cell.method not in SAFE:
            cell.row.before(world, cell.case)
        response = _ask(world, cell, client)
        body = _text(response)
        transaction.set_rollback(True)
    head = f"{response.status_code} {response.headers.get('Location', '')} "
    return CHANGING.sub("…", head + body)


def differences(
    role: str, change: Callable[[World], None] | None = None, routes: Collection[str] = ()
) -> tuple[int, list[str]]:
    """(answers compared, those that tell the two databases apart)."""
    one, other = (answers(role, blind, change, routes) for blind in ((0, 0), (100, 100)))
    assert one.keys() == other.keys()
    return len(one), [
        f"{name}: {_first(one[name], other[name])}" for name in one if one[name] != other[name]
    ]


def _first(one: str, other: str) -> str:
    pairs = enumerate(itertools.zip_longest(one, other))
    place = next(place for place, (a, b) in pairs if a != b)
    return f"…{one[max(place - 40, 0) : place + 40]!r} / {other[max(place - 40, 0) : place + 40]!r}"


@pytest.mark.parametrize(
    ("role", "change"),
    [("panelist", None), ("curator", None), ("panelist", leading)],
    ids=["panelist", "chair", "panelist who leads"],
)
def test_two_databases_that_differ_in_blind_scores_answer_alike(
    role: str, change: Callable[[World], None] | None, record_property: Any
) -> None:
    count, told = differences(role, change)
    assert not told, "\n".join(told)
    assert count > 120
    record_property("answers that could have told a blind score", count)


def test_a_leak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are open to everybody tell the two databases apart, on many routes."""

    def leaky(_user: User | None, found: QuerySet[RankingRun]) -> QuerySet[RankingRun]:
        return found

    monkeypatch.setattr(run_reads, "open_to", leaky)
    routes = {"backlog", "home", "api-backlog-list", "backlog-export", "proposal"}
    _, told = differences("panelist", routes=routes)
    assert {text.split()[1] for text in told} == routes


def test_scores_that_are_not_blind_may_be_told() -> None:
    """The detector looks at what it says: for who does not judge, the same change shows."""
    _, told = differences("leader", routes={"backlog"})
    assert any(text.startswith("GET backlog ") for text in told)
