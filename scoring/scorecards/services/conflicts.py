"""Conflicts of interest that a panelist declares: whom they are tied to, and since when."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import Team, User
from scoring.framework.selectors import published_scales
from scoring.panel.models import DeclaredConflict
from scoring.panel.selectors import is_panelist, of_theirs
from scoring.scorecards.selectors.cards import begun_or_given, own_scorecard
from scoring.scorecards.services.judging import recuse


def declare_conflict(
    *, actor: User, reason: str, person: User | None = None, team: Team | None = None
) -> DeclaredConflict:
    """Say that one is tied to a person or a team; their proposals are not one's own to judge.

    What the actor has begun or given on open ones is recused: it counts no more.
    """
    if not is_panelist(actor):
        raise PermissionDenied("Only people with a panel seat declare conflicts of interest.")
    if (person is None) == (team is None):
        raise ValidationError({"subject": "Choose a person or a team."})
    if person == actor:
        raise ValidationError({"subject": "Nobody judges their own proposals anyway."})
    tie = DeclaredConflict(user=actor, person=person, team=team, reason=reason.strip())
    tie.full_clean(validate_unique=False, validate_constraints=False)
    with transaction.atomic():
        _recuse_from_theirs(actor, tie)
        try:
            with transaction.atomic():
                tie.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(f"Your tie to {tie.subject} is declared already.") from error
        record(actor=actor, action="conflict.declare", subject=f"conflict:{tie.pk}")
    return tie


def end_conflict(*, actor: User, tie: DeclaredConflict) -> None:
    """Say that it is over. Proposals begun until now stay closed."""
    if tie.user_id != actor.pk:
        raise PermissionDenied("Only who declared a conflict ends it.")
    with transaction.atomic():
        open_ones = DeclaredConflict.objects.filter(pk=tie.pk, ended_at__isnull=True)
        if open_ones.update(ended_at=timezone.now()) != 1:
            raise Conflict("It has ended already.")
        record(actor=actor, action="conflict.end", subject=f"conflict:{tie.pk}")


def _recuse_from_theirs(actor: User, tie: DeclaredConflict) -> None:
    version = published_scales()
    if version is None:
        return
    theirs = begun_or_given(actor).filter(of_theirs(tie))
    # All of them before the first is audited, or two people could wait for each other.
    for proposal in list(theirs.select_for_update(of=("self",), no_key=True)):
        card = own_scorecard(actor, proposal, version)
        recuse(
            actor=actor,
            proposal=proposal,
            reason=f"Conflict of interest: {tie.reason}"[:300],
            expected_version=card.version if card else 0,
        )
