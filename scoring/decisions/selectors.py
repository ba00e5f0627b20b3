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

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.backlog.selectors.backlog import results_of
from scoring.decisions.models import Condition, Decision
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
    return proposal.decisions.select_related("decided_by", "run").prefetch_related(conditions)


def undecided(run: RankingRun, user: User, first: Collection[int] = ()) -> QuerySet[RankedProposal]:
    """What is neither greenlit nor declined and not the person's own, from the top of the list.

    The proposals ``first`` come before the others.
    """
    others = ExpressionWrapper(~Q(proposal__in=first), BooleanField())
    mine = Q(proposal__marketing_owner=user) | Q(proposal__cx_owner=user)
    open_ones = results_of(run).filter(proposal__status__in=Proposal.UNDECIDED).exclude(mine)
    return open_ones.alias(others=others).order_by("others", "position").select_related("proposal")
