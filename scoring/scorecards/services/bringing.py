"""Judgements that a panel gave elsewhere, out of a list: all of them or none."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from projects.amounts import read_amount
from projects.errors import Conflict, StaleVersion
from projects.imports.services import RowError, Table
from projects.imports.services.rows import Row, bring_in
from projects.notices.services import notify
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import Criterion, FrameworkVersion
from scoring.framework.selectors import criteria_to_judge, judged_criteria, published_scales
from scoring.panel.selectors import is_conflicted, is_panelist, members
from scoring.scorecards.models import Scorecard
from scoring.scorecards.selectors.assignments import is_asked, open_proposals
from scoring.scorecards.services.judging import Answer, save_scorecard

COLUMNS = ("proposal", "panelist", "comment")
ABSTAIN = "abstain"
MOST = 2_000  # rows, each of which is a scorecard


def may_bring(user: User) -> bool:
    """An administrator who judges nothing: whoever reads the list has seen all that is in it."""
    return user.is_superuser and not is_panelist(user)


def bring_judgements(*, actor: User, table: Table, dry_run: bool) -> tuple[int, list[RowError]]:
    """(how many scorecards, what is wrong). A row for each panelist and proposal.

    Beside ``COLUMNS`` a column for each judged criterion, by its name or key: a level by its label
    or value, or "abstain:" and why. What a panelist has begun or given stays theirs.
    """
    if not may_bring(actor):
        raise PermissionDenied("Only an administrator without a panel seat brings in judgements.")
    version = published_scales()
    if version is None:
        return 0, [RowError(0, "framework", "None is published, so there is nothing to score by.")]
    table = _by_key(table, version)
    if refused := _refused(table):
        return 0, refused
    keys = [criterion.key for criterion in judged_criteria(version)]
    people = _people()
    proposals = {proposal.reference.lower(): proposal for proposal in open_proposals()}

    def judged(said: Row) -> Scorecard:
        proposal = proposals.get(said["proposal"].lower())
        judge = people.get(said["panelist"].lower())
        if proposal is None:
            raise ValidationError({"proposal": f"“{said['proposal']}” is not open to judge."})
        if judge is None:
            raise ValidationError({"panelist": f"“{said['panelist']}” has no panel seat."})
        _require_may(judge, proposal)
        try:
            return save_scorecard(
                actor=judge,
                proposal=proposal,
                answers=_answers(version, judge, said, table.dialect.decimal),
                comment=said["comment"],
                submit=True,
                expected_version=0,
                entered_by=actor,
            )
        except (Conflict, StaleVersion):
            text = f"{judge} has begun or given a judgement of it. Only they change it."
            raise ValidationError({"panelist": text}) from None

    return bring_in(
        table,
        columns=(*COLUMNS, *keys),
        needed=("proposal", "panelist"),
        take=judged,
        keep=lambda cards: _tell(actor, cards),
        dry_run=dry_run,
    )


def _refused(table: Table) -> list[RowError]:
    """What is wrong with the list as a whole."""
    if len(table.rows) > MOST:
        text = f"A list has up to {MOST:,} rows; this one has {len(table.rows):,}. Split it."
        return [RowError(0, "file", text)]
    twice = [name for name, count in Counter(table.columns).items() if count > 1]
    return [RowError(0, name, "Two columns say this. Leave one out.") for name in twice]


def _people() -> dict[str, User]:
    """The panel by user name and by e-mail address, in small letters."""
    return {
        name.lower(): judge
        for judge in members()
        for name in (judge.username, judge.email)
        if name  # not everybody has an address
    }


def _by_key(table: Table, version: FrameworkVersion) -> Table:
    """Columns of criteria under their keys."""
    keys = {item.name.lower(): item.key for item in judged_criteria(version)}
    new = {column: keys.get(column.lower(), column.lower()) for column in table.columns}
    rows = [{new[name]: cell for name, cell in row.items()} for row in table.rows]
    return replace(table, columns=[new[name] for name in table.columns], rows=rows)


def _require_may(judge: User, proposal: Proposal) -> None:
    if is_conflicted(judge, proposal):
        text = f"{judge} or their team have a part in this proposal, so they do not score it."
        raise ValidationError({"panelist": text})
    if not is_asked(judge, proposal):
        raise ValidationError({"panelist": f"Others than {judge} are asked to judge it."})


def _answers(
    version: FrameworkVersion, judge: User, said: Mapping[str, str], decimal: str | None
) -> dict[int, Answer]:
    """Errors by the criterion's key, as ``save_scorecard`` has them."""
    theirs = criteria_to_judge(version, judge)
    closed = [item for item in judged_criteria(version) if item not in theirs and said[item.key]]
    if closed:
        item = closed[0]
        raise ValidationError({item.key: f"“{item}” is judged by {item.judges} alone."})
    return {item.pk: _answer(item, said[item.key], decimal) for item in theirs}


def _answer(criterion: Criterion, text: str, decimal: str | None) -> Answer:
    """The level of this label or value, or an abstention; a mistyped label must not become one."""
    word, _, why = text.partition(":")
    if word.strip().lower() == ABSTAIN:
        return Answer(abstention_reason=why.strip()[:300])
    levels = list(criterion.levels.all())
    for level in levels:
        if level.label.lower() == text.lower():
            return Answer(level=level.pk)
    readings = _readings(text, decimal)
    meant = [level for level in levels if level.value in readings]
    if len(meant) == 1:
        return Answer(level=meant[0].pk)
    if not text:
        return Answer()
    known = ", ".join(f"{level.value.normalize():f}" for level in levels)
    message = f"“{text}” is no level of “{criterion}”. Use {known}, or “abstain:” and why."
    raise ValidationError({criterion.key: message})


def _readings(text: str, decimal: str | None) -> set[Decimal]:
    """What a number may mean: "50.000" of a list that shows no decimal mark is 50 or 50,000."""
    readings = set()
    for mark in [decimal] if decimal else [".", ","]:
        with suppress(ValidationError):
            readings.add(read_amount(text, decimal=mark))
    return readings


def _tell(actor: User, cards: list[Scorecard]) -> None:
    """Each panelist reads that something was entered in their name, and where to change it."""
    for judge, count in Counter(card.panelist for card in cards).items():
        what = f"{count} of your judgements {'was' if count == 1 else 'were'}"
        notify(
            recipients=[judge],
            text=f"{what} brought in from a list by {actor}. Change what you did not say.",
            url=reverse("admin:index"),
        )
