"""The framework in force, an open amendment, and what the panel says of the proposals."""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.framework.selectors import criteria_of, judged_criteria, spec_of
from scoring.framework.services.edits import with_weights
from scoring.framework.services.versions import (
    import_framework,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.panel.selectors import conflicted
from scoring.scorecards.services import Answer, recuse, save_scorecard

BEST = 4
KEPT = "."


def put_framework_in_force(curator: User, spec: dict[str, Any]) -> FrameworkVersion:
    draft = import_framework(actor=curator, spec=spec)
    return publish_version(actor=curator, version=draft, expected_version=draft.version)


def open_amendment(curator: User) -> FrameworkVersion:
    """A draft of version 2 that counts return for more and strategy for less."""
    draft = start_draft(actor=curator)
    weights = {"impact": 35, "return": 30, "strategy": 10, "feasibility": 15, "risk": 10}
    spec = with_weights(
        spec_of(draft),
        dimensions={("", key): Decimal(weight) for key, weight in weights.items()},
        criteria={criterion.key: criterion.weight for criterion in criteria_of(draft)},
    )
    spec["summary"] = "Counts return for more and the three-year plan for less."
    return save_draft(actor=curator, version=draft, spec=spec, expected_version=draft.version)


class Panel:
    """The seats and their leanings; judges one proposal at a time."""

    def __init__(
        self, people: dict[str, User], version: FrameworkVersion, leanings: dict[str, list[float]]
    ) -> None:
        self.members = {name: people[name] for name in leanings}
        self.leanings = leanings
        self.criteria = judged_criteria(version)

    def judge(
        self, proposal: Proposal, row: dict[str, Any], *, names: Iterable[str], turn: int
    ) -> None:
        """Each of ``names`` without a conflict of interest answers as ``row`` says."""
        judges = {name: self.members[name] for name in names}
        closed = conflicted(list(judges.values()), proposal)
        for name, panelist in judges.items():
            if panelist.pk in closed:
                continue
            if name in row.get("recuse", {}):
                reason = row["recuse"][name]
                recuse(actor=panelist, proposal=proposal, reason=reason, expected_version=0)
                continue
            save_scorecard(
                actor=panelist,
                proposal=proposal,
                answers=self._answers(name, row, turn),
                comment=row.get("comments", {}).get(name, ""),
                submit=True,
                expected_version=0,
            )

    def start(self, proposal: Proposal, row: dict[str, Any]) -> None:
        """Scorecards that are begun and not in."""
        for name, levels in row.get("started", {}).items():
            given = zip(self.criteria, levels, strict=True)
            save_scorecard(
                actor=self.members[name],
                proposal=proposal,
                answers=answers_of((criterion, _level(digit)) for criterion, digit in given),
                submit=False,
                expected_version=0,
            )

    def _answers(self, name: str, row: dict[str, Any], turn: int) -> dict[int, Answer]:
        own = row.get("splits", {}).get(name, KEPT * len(self.criteria))
        levels: list[int | None] = []
        for place, (usual, digit) in enumerate(zip(row["levels"], own, strict=True)):
            leaning = self.leanings[name][place]
            levels.append(leant(int(usual), leaning, turn + place) if digit == KEPT else int(digit))
        answers = answers_of(zip(self.criteria, levels, strict=True))
        reasons = row.get("abstain", {}).get(name, {})
        for criterion in self.criteria:
            if criterion.key in reasons:
                answers[criterion.pk] = Answer(abstention_reason=reasons[criterion.key])
        return answers


def leant(level: int, leaning: float, turn: int) -> int:
    """``level`` moved by ``leaning``: 0.4 lifts it in four of ten turns, -0.4 lowers it in four."""
    tenth = turn * 7 % 10 / 10
    return max(0, min(BEST, math.floor(level + leaning + tenth)))


def answers_of(levels: Iterable[tuple[Criterion, int | None]]) -> dict[int, Answer]:
    return {
        criterion.pk: Answer(level=criterion.levels.all()[level].pk)
        for criterion, level in levels
        if level is not None
    }


def _level(digit: str) -> int | None:
    return None if digit == KEPT else int(digit)
