"""Reads of what is still to be decided."""

from collections.abc import Collection

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.backlog.selectors.backlog import results_of
from scoring.ranking.models import RankedProposal, RankingRun


def undecided(run: RankingRun, user: User, first: Collection[int] = ()) -> QuerySet[RankedProposal]:
    """What is neither greenlit nor declined and not the person's own, from the top of the list.

    The proposals ``first`` come before the others.
    """
    others = ExpressionWrapper(~Q(proposal__in=first), BooleanField())
    mine = Q(proposal__marketing_owner=user) | Q(proposal__cx_owner=user)
    open_ones = results_of(run).filter(proposal__status__in=Proposal.UNDECIDED).exclude(mine)
    return open_ones.alias(others=others).order_by("others", "position").select_related("proposal")
