"""Reads of decisions, their conditions, and what is still to be decided."""

from collections.abc import Collection

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.backlog.selectors.backlog import results_of
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.runs import is_open


def open_conditions() -> QuerySet[Condition]:
    """Those of the decision that stands, if it is a yes with conditions, the first due first."""
    later = Decision.objects.filter(proposal=OuterRef("decision__proposal")).order_by("-pk")
    standing = Q(decision=Subquery(later.values("pk")[:1]))
    found = Condition.objects.filter(standing, met_at=None, decision__outcome="conditional")
    return found.select_related(
        "owner",
        "decision__decided_by",
        "decision__proposal__marketing_owner",
        "decision__proposal__cx_owner",
    ).order_by("due", "pk")


def held() -> QuerySet[Decision]:
    """Holds that stand and end on a day, the first day first."""
    later = Decision.objects.filter(proposal=OuterRef("proposal")).order_by("-pk")
    standing = Q(pk=Subquery(later.values("pk")[:1]))
    found = Decision.objects.filter(standing, hold_until__isnull=False)
    in_backlog = found.filter(proposal__status=Proposal.Status.ON_HOLD)
    return in_backlog.select_related("proposal", "decided_by").order_by("hold_until", "pk")


def held_until_now() -> QuerySet[Decision]:
    """Holds whose day has come."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return held().filter(hold_until__lte=today)


def may_meet(user: User, condition: Condition) -> bool:
    """Who sees to it, and leaders."""
    return user.is_leader or user.is_superuser or condition.owner_id == user.pk


def letters_for(user: User) -> QuerySet[Decision]:
    """Decisions whose letter a person may read: owners, who decided, leaders, administrators.

    It says where the proposal stood: a panelist waits until the run is open.
    """
    found = Decision.objects.exclude(letter="").filter(is_open(user))
    found = found.select_related("proposal", "decided_by")
    if user.is_leader or user.is_superuser:
        return found
    return found.filter(
        Q(proposal__marketing_owner=user) | Q(proposal__cx_owner=user) | Q(decided_by=user)
    )


def has_letter(user: User) -> Exists:
    """Whether the person may read the letter of a decision, as an annotation."""
    return Exists(letters_for(user).filter(pk=OuterRef("pk")))


def decisions_on(proposal: Proposal) -> QuerySet[Decision]:
    """What was decided on one proposal, the newest first, with its conditions."""
    conditions = Prefetch("conditions", Condition.objects.select_related("owner", "met_by"))
    return proposal.decisions.select_related("decided_by", "seconded_by", "run").prefetch_related(
        conditions
    )


def undecided(run: RankingRun, user: User, first: Collection[int] = ()) -> QuerySet[RankedProposal]:
    """What is neither decided nor prepared and not the person's own, from the top of the list.

    The proposals ``first`` come before the others.
    """
    others = ExpressionWrapper(~Q(proposal__in=first), BooleanField())
    mine = Q(proposal__marketing_owner=user) | Q(proposal__cx_owner=user)
    waits = Q(
        proposal__in=PreparedDecision.objects.filter(ended_at=None, run=run).values("proposal")
    )
    open_ones = results_of(run).filter(proposal__status__in=Proposal.UNDECIDED)
    open_ones = open_ones.exclude(mine).exclude(waits)
    return open_ones.alias(others=others).order_by("others", "position").select_related("proposal")


def prepared() -> QuerySet[PreparedDecision]:
    """What waits for a second leader, the oldest first."""
    return _with_people().filter(ended_at=None)


def prepared_to_see(user: User) -> QuerySet[PreparedDecision]:
    """What waits or waited for a second leader, for leaders to whom the run is open."""
    found = _with_people().filter(is_open(user))
    return found if user.is_leader else found.none()


def _with_people() -> QuerySet[PreparedDecision]:
    return PreparedDecision.objects.select_related(
        "prepared_by__team", "ended_by", "run__framework_version", "decision", "proposal"
    ).prefetch_related("proposal__coauthors")


def may_second(user: User, waiting: PreparedDecision) -> bool:
    """A leader of another function than who prepared it, who neither owns nor wrote it."""
    return (
        user.is_leader
        and user.is_active
        and not waiting.proposal.was_written_by(user.pk)
        and _apart(user, waiting.prepared_by)
    )


def prepared_for(user: User) -> list[PreparedDecision]:
    """What the person may agree to."""
    if not user.is_leader:
        return []
    waiting = prepared_to_see(user).filter(ended_at=None)
    return [found for found in waiting if may_second(user, found)]


def seconds_for(first: User, proposal: Proposal) -> list[User]:
    """Who could agree to what ``first`` prepares on a proposal."""
    leaders = User.objects.filter(is_leader=True, is_active=True).select_related("team")
    return [
        person
        for person in leaders
        if not proposal.was_written_by(person.pk) and _apart(person, first)
    ]


def _apart(one: User, other: User) -> bool:
    """Both have a function, and not the same."""
    functions = {person.team.function for person in (one, other) if person.team}
    return one.team is not None and other.team is not None and len(functions) == len((one, other))
