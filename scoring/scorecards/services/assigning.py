"""Who judges which proposals, where not everybody judges everything.

A proposal with judges assigned is judged by them alone; one without, by everybody on the panel.
Judgements that are given already stay and count, whoever is assigned.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from projects.audit.services import record
from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.analysis.arrays import Bools, Ints
from scoring.analysis.assignment import spread
from scoring.panel.selectors import in_conflict, is_conflicted, may_assign, members
from scoring.scorecards.models import Assignment
from scoring.scorecards.selectors.assignments import given, open_proposals, recused

MOST_JUDGES = 50


@dataclass(frozen=True, slots=True)
class Spread:
    """What came of it: members asked anew, judges that could not be found, and how many sets of
    proposals share no judge (1: all are linked)."""

    asked: int
    short: int
    groups: int


def spread_judges(*, actor: User, each: int) -> Spread:
    """Give every submitted proposal of the current cycle ``each`` judges, evenly.

    Who is assigned already stays, unless they can no longer judge it.
    """
    if not 1 <= each <= MOST_JUDGES:
        raise ValidationError({"each": f"Ask 1 to {MOST_JUDGES} judges for each proposal."})
    return _spread(actor, lambda assigned: np.full(len(assigned), each), each=each)


def hand_over(*, actor: User, member: User) -> Spread:
    """Ask others for what ``member`` is assigned and has not judged yet."""
    return _spread(actor, lambda assigned: assigned, away=member, instead_of=member.pk)


def _spread(
    actor: User, count: Callable[[Ints], Ints], *, away: User | None = None, **noted: int
) -> Spread:
    """``count`` tells from how many are assigned (n,) how many there shall be."""
    _require_chair(actor)
    away_pk = away.pk if away else None
    with transaction.atomic():
        _lock_cycle()
        proposals = list(open_proposals())
        before = Counter(_assigned(proposals).values_list("proposal_id", flat=True))
        wanted = count(np.array([before[proposal.pk] for proposal in proposals], dtype=np.int64))
        judges, may = _who_may(proposals, away=away)
        held, ended = _held(proposals, judges, may, actor)
        functions = [judge.function or "" for judge in judges]
        kinds = [functions.index(function) for function in functions]
        found = spread(may, held, kinds, each=wanted)
        asked = [
            (proposals[row], judges[column]) for row, column in np.argwhere(found.chosen).tolist()
        ]
        _assign(actor, ((proposal.pk, judge.pk) for proposal, judge in asked))
        _tell(Counter(judge for _, judge in asked))
        # Without anybody else it stays where it was, and does not become everybody's.
        alone = {
            proposal.pk
            for proposal, judged in zip(proposals, held | found.chosen, strict=True)
            if not judged.any()
        }
        _assign(actor, (pair for pair in ended if pair[0] in alone and pair[1] == away_pk))
        result = Spread(len(asked), int(found.short.sum()), found.groups)
        record(
            actor=actor,
            action="panel.assign",
            subject="panel",
            asked=result.asked,
            short=result.short,
            **noted,
        )
    return result


def set_judges(*, actor: User, proposal: Proposal, judges: Collection[int]) -> None:
    """Say by hand who judges one proposal; nobody named: everybody does.

    Who has judged it already stays one of its judges.
    """
    _require_chair(actor)
    with transaction.atomic():
        _lock_cycle()
        if not open_proposals().filter(pk=proposal.pk).exists():
            raise Conflict("Judges are assigned to a submitted proposal without a decision.")
        panel = {member.pk: member for member in members()}
        earlier = set(proposal.assignments.values_list("panelist", flat=True))
        done = {pk for _, pk in given([proposal])}
        wanted = set(judges) | done if judges else set()
        for pk in wanted - earlier - done:
            _require_free(panel.get(pk), proposal)
        proposal.assignments.exclude(panelist__in=wanted).delete()
        _assign(actor, ((proposal.pk, pk) for pk in sorted(wanted - earlier)))
        _tell(Counter(panel[pk] for pk in sorted(wanted - earlier - done)))
        record(
            actor=actor,
            action="panel.assign",
            subject=f"proposal:{proposal.pk}",
            judges=sorted(wanted),
        )


def _require_chair(actor: User) -> None:
    if not may_assign(actor):
        raise PermissionDenied("Only the panel's chair says who judges what.")


def _require_free(member: User | None, proposal: Proposal) -> None:
    if member is None:
        raise ValidationError({"judges": "Choose people with a seat on the panel."})
    if is_conflicted(member, proposal) or (proposal.pk, member.pk) in recused([proposal]):
        # Which of the two it is, is between the person and the proposal.
        raise ValidationError({"judges": f"{member} cannot judge this proposal. Choose another."})


def _lock_cycle() -> None:
    """Two who assign at once go one after the other."""
    if Cycle.objects.select_for_update().filter(is_current=True).first() is None:
        raise Conflict("No cycle is current. Make one current first.")


def _who_may(proposals: list[Proposal], *, away: User | None) -> tuple[list[User], Bools]:
    """The members of the panel and whoever else has judged; (n, r) what each may still judge."""
    panel, back = members(), recused(proposals)
    others = {pk for _, pk in given(proposals)} - {member.pk for member in panel}
    judges = [*panel, *User.objects.select_related("team").filter(pk__in=others).order_by("pk")]
    row_of = {proposal.pk: row for row, proposal in enumerate(proposals)}
    may = np.zeros((len(proposals), len(judges)), dtype=np.bool_)
    for column, member in enumerate(panel):
        if member != away:
            free = open_proposals().filter(~in_conflict(member)).values_list("pk", flat=True)
            may[[row_of[pk] for pk in free if (pk, member.pk) not in back], column] = True
    return judges, may


def _held(
    proposals: list[Proposal], judges: list[User], may: Bools, actor: User
) -> tuple[Bools, list[tuple[int, int]]]:
    """(n, r) who judges what already, after ending what will not be judged; and what was ended.

    Who has judged is one of the judges, also where nobody was assigned before.
    """
    done = given(proposals)
    column_of = {judge.pk: column for column, judge in enumerate(judges)}
    row_of = {proposal.pk: row for row, proposal in enumerate(proposals)}
    held, known = np.zeros_like(may), set[tuple[int, int]]()
    over: dict[int, tuple[int, int]] = {}
    for assignment in _assigned(proposals):
        pair = (assignment.proposal_id, assignment.panelist_id)
        known.add(pair)
        row, column = row_of[pair[0]], column_of.get(pair[1])
        if column is not None and may[row, column]:
            held[row, column] = True
        elif pair not in done:
            over[assignment.pk] = pair
    for proposal, panelist in done:
        held[row_of[proposal], column_of[panelist]] = True
    Assignment.objects.filter(pk__in=over).delete()
    _assign(actor, sorted(done - known))
    return held, list(over.values())


def _assigned(proposals: list[Proposal]) -> QuerySet[Assignment]:
    return Assignment.objects.filter(proposal__in=proposals).order_by("pk")


def _assign(actor: User, pairs: Iterable[tuple[int, int]]) -> None:
    Assignment.objects.bulk_create(
        Assignment(proposal_id=proposal, panelist_id=panelist, assigned_by=actor)
        for proposal, panelist in pairs
    )


def _tell(news: Counter[User]) -> None:
    for judge, count in news.items():
        text = "A proposal is" if count == 1 else f"{count} proposals are"
        notify(recipients=[judge], text=f"{text} yours to judge.", url=reverse("admin:index"))
