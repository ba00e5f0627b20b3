"""What the panel says to a draft before it votes: to the whole, or to one thing that changes."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import User
from scoring.framework.models import DraftComment, FrameworkVersion
from scoring.framework.selectors import comments_on
from scoring.panel.selectors import is_curator, may_see_drafts, members


def comment_on_draft(
    *, actor: User, version: FrameworkVersion, text: str, clause: str = ""
) -> DraftComment:
    """Leave a comment; the chair and who has commented before are told. It stays."""
    if not may_see_drafts(actor):
        raise PermissionDenied("Only the panel comments on a draft.")
    if not version.is_draft:
        raise Conflict("This version is no draft any more, so there is nothing to mend in it.")
    said = DraftComment(
        framework=version.framework,
        number=version.number,
        clause=clause.strip(),
        author=actor,
        text=text.strip(),
    )
    said.full_clean(validate_constraints=False)
    told = [member for member in members() if is_curator(member)]
    told += [earlier.author for earlier in comments_on(version)]
    with transaction.atomic():
        said.save(force_insert=True)
        record(
            actor=actor,
            action="framework.comment",
            subject=f"framework_version:{version.pk}",
            number=version.number,
        )
        about = f"{version}, {said.clause}" if said.clause else str(version)
        notify(
            recipients=[person for person in told if person != actor],
            text=f"{actor} on {about}: {said.text}"[:300],
            url=reverse("admin:framework-vote"),
        )
    return said
