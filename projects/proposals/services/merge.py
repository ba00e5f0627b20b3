"""Two people write one draft at the same time: what each changed since the text they both knew.

Three texts are compared, field by field: the one a change began from, the one the change makes of
it, and the one that stands now. What only one side changed is taken from that side. What both
changed, each in another way, collides, and the person decides. Rows of money are the same row when
kind and name are, rows of effects when stage and segment are; a row that one side removed and the
other changed collides too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from projects.errors import StaleVersion
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import (
    answer_content,
    commitment_content,
    content_of,
    effect_content,
    effort_content,
    money_content,
)
from projects.proposals.services.change import Change

PEOPLE_AND_PROMISE = ("marketing_owner", "cx_owner", "promise")
MINE, THEIRS = "mine", "theirs"
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Both:
    """What two people made of one field; None where a row was removed, or there was none."""

    mine: Any
    theirs: Any


class Collision(StaleVersion):
    """Both changed the same; nothing was saved. ``fields``: path -> what each of them wrote."""

    def __init__(self, fields: Mapping[str, Both]) -> None:
        super().__init__("This proposal")
        self.fields = fields

    def by_field(self) -> dict[str, list[str]]:
        return {
            path: [f"Changed by somebody else too. It now says: {both.theirs}"]
            for path, both in self.fields.items()
        }


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of the proposal: its rows now, how one is told apart, and what it says."""

    name: str
    key: Callable[[Any], str]
    plain: Callable[[Any], Plain]


LISTS = (
    Rows(
        "money",
        lambda row: f"{row.get_kind_display()} {row.label}".strip(),
        lambda row: money_content(row, row.figure),
    ),
    Rows(
        "effects",
        lambda row: f"{row.stage.name}, {row.segment.name}",
        lambda row: effect_content(row, row.stage.name, row.segment.name),
    ),
    Rows("commitments", lambda row: str(row.kpi.name), commitment_content),
    Rows(
        "efforts",
        lambda row: f"{row.team.name}, {row.quarter}",
        lambda row: effort_content(row, row.team.name),
    ),
    Rows("answers", lambda row: str(row.field.key), answer_content),
    Rows("measures", lambda row: str(row.key), lambda row: {"value": repr(row.value)}),
)


def merged(change: Change, base: Plain, proposal: Proposal, decided: Mapping[str, str]) -> Change:
    """``change``, which began from the text ``base``, on top of what stands now.

    ``decided``: path of a collision -> ``mine`` or ``theirs``. Raises Collision for the others.
    """
    now = content_of(proposal)
    collisions: dict[str, Both] = {}
    fields = {}
    for name, value in change.fields.items():
        mine = value.pk if value and name in PEOPLE_AND_PROMISE else value
        before, theirs = base.get(name), now.get(name)
        if _same(mine, before):
            continue  # not changed here: whatever stands now stays
        if _same(theirs, before) or _same(theirs, mine) or decided.get(name) == MINE:
            fields[name] = value
        elif decided.get(name) != THEIRS:
            collisions[name] = Both(mine, theirs)
    lists = {}
    for rows in LISTS:
        given: Sequence[Any] | None = getattr(change, rows.name)
        if given is not None:
            kept = list(getattr(proposal, rows.name).all())
            lists[rows.name] = _merged_rows(rows, base, given, kept, decided, collisions)
    if collisions:
        raise Collision(collisions)
    return replace(change, fields=fields, **lists)


def _merged_rows(
    rows: Rows,
    base: Plain,
    given: Sequence[Any],
    kept: Sequence[Any],
    decided: Mapping[str, str],
    collisions: dict[str, Both],
) -> list[Any]:
    before = _plain_by_key(rows, base)
    mine, theirs = (_by_key(side, rows.key) for side in (given, kept))
    result = []
    for key in [*theirs, *(key for key in mine if key not in theirs)]:
        said = {
            name: None if row is None else rows.plain(row)
            for name, row in (("mine", mine.get(key)), ("theirs", theirs.get(key)))
        }
        path = f"{rows.name}: {key}"
        if said["mine"] == before.get(key) or said["mine"] == said["theirs"]:
            row = theirs.get(key)
        elif said["theirs"] == before.get(key) or decided.get(path) == MINE:
            row = mine.get(key)
        elif decided.get(path) == THEIRS:
            row = theirs.get(key)
        else:
            collisions[path] = Both(said["mine"], said["theirs"])
            continue
        if row is not None:
            result.append(row)
    return result


def _plain_by_key(rows: Rows, base: Plain) -> dict[str, Plain]:
    """The rows of the base text, named as rows of the two others are."""
    if rows.name == "measures":
        return {key: {"value": value} for key, value in base["measures"].items()}
    kinds = dict(MoneyLine.Kind.choices)

    def key(row: Plain) -> str:
        if rows.name == "commitments":
            return str(row["kpi"])
        if rows.name == "effects":
            return f"{row['stage']}, {row['segment']}"
        if rows.name == "answers":
            return str(row["field"])
        if rows.name == "efforts":
            return f"{row['team']}, {row['quarter']}"
        return f"{kinds[row['kind']]} {row['label']}".strip()

    return _by_key(base.get(rows.name, ()), key)


def _by_key(rows: Sequence[Any], key: Callable[[Any], str]) -> dict[str, Any]:
    """Rows by their key; of equal ones, the second is numbered 2, and so on."""
    found: dict[str, Any] = {}
    for row in rows:
        name, number = key(row), 1
        while (place := name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found[place] = row
    return found


def _same(one: Any, other: Any) -> bool:
    """A browser ends lines in another way than a program does."""
    if isinstance(one, str) and isinstance(other, str):
        return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
    return bool(one == other)
