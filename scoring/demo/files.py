"""Reading the demo's data files."""

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def company() -> dict[str, Any]:
    """Teams, people, cycles, journey, segments; under ``found`` insights, under ``kpis`` KPIs."""
    names = ("company", "personas", "insights", "research")
    parts = [_toml(HERE / f"{name}.toml") for name in names]
    return dict(item for part in parts for item in part.items()) | {
        "kpis": _toml(HERE / "kpis.toml")
    }


def framework() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((HERE / "framework.json").read_text(encoding="utf-8"))
    return spec


def proposals() -> dict[str, dict[str, Any]]:
    """Key -> submitted proposal, in the order of submission."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((HERE / "proposals").glob("*.toml")):
        found |= _toml(path)
    return found


def drafts() -> dict[str, dict[str, Any]]:
    return _toml(HERE / "drafts.toml")


def past() -> dict[str, dict[str, Any]]:
    """Key -> proposal of the round that is over, with what came of it."""
    return _toml(HERE / "past.toml")


def scores() -> dict[str, Any]:
    return _toml(HERE / "scores.toml")


def decisions() -> dict[str, dict[str, Any]]:
    return _toml(HERE / "decisions.toml")


def comments() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _toml(HERE / "comments.toml")["said"]
    return found


def plans() -> dict[str, dict[str, Any]]:
    return _toml(HERE / "plans.toml")


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
