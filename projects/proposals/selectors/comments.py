"""Reads of what is said about proposals."""

from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q, QuerySet

from projects.people.models import User
from projects.proposals.models.comments import Comment
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors.reading import reads_drafts, visible_to


def comments_for(user: User) -> QuerySet[Comment]:
    """What ``user`` may read of what was said about proposals.

    What was said to a draft stays with those who read its drafts, also once it is submitted.
    """
    readable = visible_to(user)
    drafts = (
        Q()
        if user.is_superuser
        else Q(in_draft=False) | Q(proposal__in=Proposal.objects.filter(reads_drafts(user)))
    )
    found = Comment.objects.filter(drafts, proposal__in=readable)
    return found.select_related("author", "to", "resolved_by", "proposal")


def threads_on(proposal: Proposal, user: User) -> QuerySet[Comment]:
    """Comments on one proposal with what was said to each, the open ones first."""
    settled = ExpressionWrapper(Q(resolved_at__isnull=False), BooleanField())
    found = comments_for(user).filter(proposal=proposal, thread=None).alias(settled=settled)
    said = Prefetch("replies", queryset=comments_for(user).filter(thread__proposal=proposal))
    return found.prefetch_related(said).order_by("settled", "written_at", "pk")


def may_resolve(user: User, thread: Comment) -> bool:
    """Who made the comment, who is asked, an owner, or an administrator."""
    mine = user.pk in (thread.author_id, thread.to_id) or thread.proposal.is_owner(user.pk)
    return mine or user.is_superuser


def asked_of(user: User) -> QuerySet[Comment]:
    """Open questions to a person, the first due first."""
    asked = comments_for(user).filter(to=user, resolved_at=None, thread=None)
    return asked.order_by(F("due").asc(nulls_last=True), "pk")
