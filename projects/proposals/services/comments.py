"""Talking about a proposal: comments and questions on its parts, answers, and what is settled."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.selectors import told_before
from projects.notices.services import remind
from projects.people.models import User
from projects.people.selectors import require_somebody
from projects.proposals.models.comments import Comment
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import comments_for, may_resolve, visible_to
from projects.proposals.services.telling import tell

SHOWN = 120  # letters of a comment in a note about it


def add_comment(*, actor: User, comment: Comment) -> Comment:
    """Say something about ``comment.proposal``, perhaps to somebody and until a day.

    Its owners are told, and who is asked. Errors: PermissionDenied for who may not read it.
    """
    with transaction.atomic():
        proposal = _readable(actor, comment.proposal)
        comment.author, comment.in_draft, comment.thread = actor, _is_private(proposal), None
        comment.text = comment.text.strip()
        comment.full_clean({"proposal", "author", "thread"})
        if comment.to is not None:
            require_somebody(comment.to, field="to")
            if not visible_to(comment.to).filter(pk=proposal.pk).exists():
                message = "They cannot read this draft. Ask somebody of the two teams."
                raise ValidationError({"to": message})
        if comment.due is not None and comment.due < timezone.localdate():
            raise ValidationError({"due": "Choose a day from today on."})
        comment.save(force_insert=True)
        _note(actor, comment, "comment.add")
        if comment.to is not None and comment.to != actor:
            by = f" Please answer by {comment.due:%Y-%m-%d}." if comment.due else ""
            _tell(proposal, [comment.to], f"{actor} asks you about", comment, by)
        others = [owner for owner in proposal.owners if owner not in (actor, comment.to)]
        _tell(proposal, others, f"{actor} commented on", comment)
    return comment


def reply(*, actor: User, thread: Comment, text: str) -> Comment:
    """Say something to a comment. Who has said something there, and the owners, are told."""
    with transaction.atomic():
        proposal = _readable(actor, thread.proposal)
        thread = _open_thread(actor, thread)
        said = Comment(
            proposal=proposal,
            thread=thread,
            part=thread.part,
            text=text.strip(),
            in_draft=thread.in_draft or _is_private(proposal),
            author=actor,
        )
        said.full_clean({"proposal", "author", "thread"})
        said.save(force_insert=True)
        _note(actor, said, "comment.reply")
        people = {thread.author, *proposal.owners, *([thread.to] if thread.to else [])}
        people |= {before.author for before in thread.replies.select_related("author")}
        readers = _readers(people - {actor}, said)
        _tell(proposal, readers, f"{actor} answered on", said)
    return said


def resolve(*, actor: User, thread: Comment) -> Comment:
    """Settle a comment, for good: who made it, who was asked, or an owner."""
    with transaction.atomic():
        _readable(actor, thread.proposal)
        thread = _open_thread(actor, thread)
        if not may_resolve(actor, thread):
            raise PermissionDenied("Who made the comment, who is asked, or an owner resolves it.")
        thread.resolved_by, thread.resolved_at = actor, timezone.now()
        thread.save(update_fields=["resolved_by", "resolved_at"])
        _note(actor, thread, "comment.resolve")
    return thread


def remind_of_answers() -> int:
    """Tell who is asked, on the day before an answer is due and on that day, once each.

    Returns for how many questions somebody was told.
    """
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    asked = Comment.objects.filter(
        resolved_at__isnull=True, due__lte=today + timedelta(days=1), to__is_active=True
    )
    told, found = told_before("answer:"), 0
    for comment in asked.select_related("proposal", "to", "author"):
        if comment.to is None or not _readers({comment.to}, comment):
            continue
        day = "today" if comment.due is not None and comment.due <= today else "tomorrow"
        found += remind(
            people=[comment.to],
            text=f"Your answer to {comment.author} on “{comment.proposal.title}” is due {day}.",
            url=reverse("proposal", args=[comment.proposal_id]),
            cause=f"answer:{comment.pk}:{day}",
            told=told,
        )
    return found


def _readers(people: set[User], comment: Comment) -> list[User]:
    """Those of ``people`` who may read what was said, now; active ones alone."""
    return [
        person
        for person in sorted(people, key=lambda person: person.pk)
        if person.is_active and comments_for(person).filter(pk=comment.pk).exists()
    ]


def _readable(actor: User, proposal: Proposal) -> Proposal:
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    found = visible_to(actor).select_related("marketing_owner", "cx_owner").filter(pk=proposal.pk)
    fresh = found.first()
    if fresh is None:
        raise PermissionDenied("This proposal is not yours to read.")
    return fresh


def _open_thread(actor: User, thread: Comment) -> Comment:
    fresh = comments_for(actor).filter(thread=None).select_for_update(of=("self",))
    found = fresh.get(pk=thread.pk)
    if found.resolved_at is not None:
        raise Conflict("This comment is resolved already.")
    return found


def _is_private(proposal: Proposal) -> bool:
    return proposal.status in Proposal.PRIVATE


def _note(actor: User, comment: Comment, action: str) -> None:
    record(
        actor=actor,
        action=action,
        subject=f"proposal:{comment.proposal_id}",
        comment=comment.pk,
        part=comment.part,
    )


def _tell(
    proposal: Proposal, people: list[User], said: str, comment: Comment, more: str = ""
) -> None:
    text = comment.text if len(comment.text) <= SHOWN else f"{comment.text[:SHOWN]}…"
    tell(proposal, people, f"{said} “{proposal.title}”: {text}{more}")
