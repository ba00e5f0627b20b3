"""Which objects and bodies each operation of the API accepts."""

from dataclasses import dataclass

from fuzz.backlog import Backlog
from fuzz.framework import Framework
from fuzz.ground import Good
from fuzz.intake import Intake
from fuzz.panel import Panel

__all__ = ["Good", "World"]


@dataclass
class World(Intake, Panel, Framework, Backlog):
    """The demo company with what lets a request through in every room."""
