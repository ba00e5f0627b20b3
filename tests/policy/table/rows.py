"""One row of the policy."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.policy import bodies
from tests.policy.bodies import Body
from tests.policy.rules import (
    METHODS,
    Case,
    Expected,
    Rule,
    always,
)
from tests.policy.world import World


class Door(Enum):
    """What somebody who is not signed in meets."""

    OPEN = "nothing"
    PAGE = "the sign-in page"
    API = "401"
    ADMIN = "the admin's door, which is closed to people without a seat too"


OPEN, PAGE, API, ADMIN = Door


@dataclass(frozen=True)
class Row:
    route: str
    door: Door
    rules: dict[str, Rule]
    kind: str = ""  # which objects of the world it is asked for; empty: it names none
    body: Callable[[World, Case], Body] = bodies.nothing
    before: Callable[[World, Case], None] = bodies.no_step
    path: str = ""  # the address of a route without a name
    asked: tuple[str, ...] = METHODS


def row(
    route: str,
    door: Door,
    kind: str = "",
    *,
    body: Callable[[World, Case], Body] = bodies.nothing,
    before: Callable[[World, Case], None] = bodies.no_step,
    path: str = "",
    rules: dict[str, Rule] | None = None,
    **methods: Rule | Expected,
) -> Row:
    made = {
        name: always(rule) if isinstance(rule, Expected) else rule for name, rule in methods.items()
    }
    return Row(route, door, (rules or {}) | made, kind, body, before, path)
