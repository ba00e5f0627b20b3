"""Frameworks to begin with, as files beside the code: shown as what they are, then taken."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from projects.people.models import User
from scoring.framework.models import FrameworkVersion
from scoring.framework.services.versions import import_framework

FOLDER = Path(__file__).parent.parent / "ready"


@dataclass(frozen=True)
class Ready:
    """``about``: for whom; ``differs``: from the method that gave it its name."""

    key: str
    about: str
    differs: str
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.spec["name"])


@cache
def ready_frameworks() -> dict[str, Ready]:
    """By key, in the order in which they are offered."""
    found = (_read(path) for path in sorted(FOLDER.glob("*.toml")))
    return {ready.key: ready for ready in found}


def take_ready(*, actor: User, ready: Ready) -> FrameworkVersion:
    """A draft from it. Conflict while another draft is open."""
    return import_framework(actor=actor, spec=ready.spec)


def _read(path: Path) -> Ready:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    about, differs = data.pop("about"), data.pop("differs")
    data["profiles"] = [{"key": "", "name": "All proposals"}]
    for dimension in data["dimensions"]:
        dimension["weights"] = {"": dimension.pop("weight")}
        for criterion in dimension["criteria"]:
            criterion["levels"] = [
                {"value": value, "label": label, "wording": wording}
                for value, label, wording in criterion.get("levels", [])
            ]
    return Ready(path.stem.partition("-")[2], about, differs, data)
