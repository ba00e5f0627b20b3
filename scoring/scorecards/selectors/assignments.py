"""Who is asked to judge what, and how far it is."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import with_owners
from scoring.panel.selectors import conflicts, members
from scoring.scorecards.models import Assignment, Scorecard

NOT_YOURS = "Others on the panel are asked to judge this proposal."


def open_proposals() -> QuerySet[Proposal]:
    """What the panel judges: submitted, undecided, of the current cycle; longest waiting first."""
    return with_owners(
        Proposal.objects.filter(status=Proposal.Status.SUBMITTED, cycle__is_current=True)
    ).order_by("submitted_at", "id")


def least_judged(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """What fewest have judged comes first, then what waits longest."""
    cards = Scorecard.objects.filter(
        revision=OuterRef("submitted_revision"), status=Scorecard.Status.SUBMITTED
    )
    count = cards.order_by().values("revision").annotate(n=Count("panelist", distinct=True))
    judged = Coalesce(Subquery(count.values("n")), 0)
    return proposals.annotate(judged=judged).order_by("judged", "submitted_at", "id")


def is_for(user: User) -> Q:
    """Which proposals the person is to judge, as a condition: assigned to them or to nobody."""
    assigned = Assignment.objects.filter(proposal=OuterRef("pk"))
    return Q(~Exists(assigned)) | Q(Exists(assigned.filter(panelist=user)))


def is_asked(user: User, proposal: Proposal) -> bool:
    return Proposal.objects.filter(is_for(user), pk=proposal.pk).exists()


def recused(proposals: Collection[Proposal]) -> set[tuple[int, int]]:
    """(proposal, panelist) of those who stepped back from the submitted text."""
    return _pairs(proposals, Scorecard.Status.RECUSED)


def given(proposals: Collection[Proposal]) -> set[tuple[int, int]]:
    """(proposal, panelist) of those whose judgement of the submitted text is in and counts."""
    return _pairs(proposals, Scorecard.Status.SUBMITTED) - recused(proposals)


def _pairs(proposals: Collection[Proposal], status: str) -> set[tuple[int, int]]:
    cards = Scorecard.objects.filter(
        proposal__in=proposals, status=status, revision=F("proposal__submitted_revision")
    )
    return set(cards.values_list("proposal_id", "panelist_id").distinct())


def awaited(proposals: Collection[Proposal]) -> dict[int, int]:
    """How many of those asked to judge each proposal have neither judged it nor stepped back.

    Nobody is awaited for what is decided.
    """
    open_ones = [one for one in proposals if one.status == Proposal.Status.SUBMITTED]
    panel = {member.pk: member for member in members()} if open_ones else {}
    done, asked = given(open_ones) | recused(open_ones), assigned(open_ones)
    missing = {
        (one.pk, member)
        for one in open_ones
        for member in asked.get(one.pk, panel.keys()) & panel.keys()
        if (one.pk, member) not in done
    }
    late = {panel[member] for _, member in missing}
    waiting = {pk for pk, _ in missing}
    closed = conflicts(late, [one for one in open_ones if one.pk in waiting])
    counts = Counter(proposal for proposal, _ in missing - closed)
    return {one.pk: counts[one.pk] for one in open_ones}


def assigned(proposals: Collection[Proposal]) -> dict[int, set[int]]:
    """By proposal who is asked to judge it, where somebody is."""
    asked: dict[int, set[int]] = {}
    rows = Assignment.objects.filter(proposal__in=proposals)
    for proposal, panelist in rows.values_list("proposal_id", "panelist_id"):
        asked.setdefault(proposal, set()).add(panelist)
    return asked


@dataclass(frozen=True, slots=True)
class Judges:
    """Of one proposal: who judges it, each with whether the judgement is in."""

    proposal: Proposal
    judges: list[tuple[User, bool]]
    assigned: bool

    @property
    def given(self) -> int:
        return sum(done for _, done in self.judges)


@dataclass(frozen=True, slots=True)
class Load:
    """Of one member of the panel: proposals assigned, and how many of them are judged."""

    member: User
    assigned: int
    given: int

    @property
    def due(self) -> int:
        return self.assigned - self.given


def judges_of(proposals: list[Proposal]) -> list[Judges]:
    """Who judges each of ``proposals``, those assigned and those who have judged it anyway."""
    done, asked = given(proposals), assigned(proposals)
    people = {pk for _, pk in done}.union(*asked.values())
    users = User.objects.filter(pk__in=people).select_related("team").order_by("last_name", "pk")
    return [
        Judges(
            proposal,
            [
                (user, (proposal.pk, user.pk) in done)
                for user in users
                if user.pk in asked.get(proposal.pk, ()) or (proposal.pk, user.pk) in done
            ],
            proposal.pk in asked,
        )
        for proposal in proposals
    ]


def loads() -> list[Load]:
    """How much each member of the panel is assigned in the current cycle."""
    proposals = list(open_proposals())
    done = given(proposals)
    asked: dict[int, list[bool]] = defaultdict(list)
    for proposal, judges in assigned(proposals).items():
        for panelist in judges:
            asked[panelist].append((proposal, panelist) in done)
    return [Load(user, len(asked[user.pk]), sum(asked[user.pk])) for user in members()]
