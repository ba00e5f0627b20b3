"""Who reads which proposals. Everything that lists proposals starts from :func:`visible_to`."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from projects.people.models import User
from projects.proposals.models.attachments import Attachment
from projects.proposals.models.authors import CoAuthor
from projects.proposals.models.links import Link
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision


def visible_to(user: User) -> QuerySet[Proposal]:
    """Proposals ``user`` may read: every submitted one, and drafts of their own team.

    A draft belongs to its two owners, their teams, who writes along and the owners of what it is
    to become part of, until both have signed it.
    """
    proposals = Proposal.objects.all()
    if user.is_superuser:
        return proposals
    return proposals.filter(~Q(status__in=Proposal.PRIVATE) | reads_drafts(user))


def reads_drafts(user: User) -> Q:
    mine = Q(marketing_owner=user) | Q(cx_owner=user) | writes_along(user) | takes_in(user)
    if user.team_id is not None:
        mine |= Q(marketing_owner__team=user.team_id) | Q(cx_owner__team=user.team_id)
    return mine


def writes_along(user: User) -> Q:
    """Proposals that the person writes as a co-author, as a condition on them."""
    return Q(Exists(CoAuthor.objects.filter(proposal=OuterRef("pk"), person=user, left_at=None)))


def takes_in(user: User) -> Q:
    """Proposals that are to become part of one of the person's, or did, as a condition on them."""
    into = Link.objects.filter(proposal=OuterRef("pk"), kind=Link.Kind.PART)
    return Q(Exists(into.filter(Q(other__marketing_owner=user) | Q(other__cx_owner=user))))


def may_write(user: User, proposal: Proposal) -> bool:
    """Change the draft: its owners, who writes along, and administrators."""
    if user.is_superuser or proposal.is_owner(user.pk):
        return True
    return proposal.coauthors.filter(person=user, left_at=None).exists()


def authors_among(user: User) -> QuerySet[CoAuthor]:
    """Who writes along now, on what the person may read."""
    found = CoAuthor.objects.filter(proposal__in=visible_to(user), left_at=None)
    return found.select_related("proposal", "person__team", "invited_by")


def files_among(user: User) -> QuerySet[Attachment]:
    """Files of what the person may read, without what is in them."""
    found = Attachment.objects.filter(proposal__in=visible_to(user)).defer("content")
    return found.select_related("proposal", "added_by")


def readable_revisions(user: User, proposal: Proposal) -> QuerySet[Revision]:
    """Texts of a proposal, oldest first: those that both functions have signed, and for who may
    read its drafts every one that anybody has."""
    revisions = proposal.revisions.order_by("number")
    if user.is_superuser or Proposal.objects.filter(reads_drafts(user), pk=proposal.pk).exists():
        return revisions
    for function in Proposal.KEYS:
        revisions = revisions.filter(signatures__function=function)
    return revisions.distinct()


def with_owners(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related("cycle", "marketing_owner__team", "cx_owner__team")


def links_among(user: User) -> QuerySet[Link]:
    """What ties proposals together, where the person may read both."""
    readable = visible_to(user)
    found = Link.objects.filter(proposal__in=readable, other__in=readable)
    ends = ("marketing_owner", "cx_owner")
    owners = [f"{end}__{owner}" for end in ("proposal", "other") for owner in ends]
    return found.select_related("created_by", *owners).prefetch_related("agreements")


def links_of(proposal: Proposal, user: User) -> list[tuple[str, Proposal, Link]]:
    """What ``proposal`` is tied to, as (words, the other one, the link)."""
    found = links_among(user).filter(Q(proposal=proposal) | Q(other=proposal))
    return [(link.words_for(proposal), link.beside(proposal), link) for link in found]


def merges_asked_of(user: User) -> list[Link]:
    """Merges that wait for the person's word."""
    ends = Q(proposal__in=owned_by(user)) | Q(other__in=owned_by(user))
    asked = links_among(user).filter(ends, kind=Link.Kind.PART, merged_at=None)
    return [link for link in asked if user in link.awaited]


def recently_submitted(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.order_by(Coalesce("submitted_at", "created_at").desc(), "-id")


def owned_by(user: User) -> QuerySet[Proposal]:
    return Proposal.objects.filter(Q(marketing_owner=user) | Q(cx_owner=user))
