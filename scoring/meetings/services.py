"""A meeting of the panel: what is talked about is judged again by everybody, and shown at once.

A consensus is everybody's own answer: nobody's score is changed by another person.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision
from scoring.framework.models import Criterion, FrameworkVersion, Level
from scoring.framework.selectors import judged_criteria, published_scales
from scoring.meetings.models import Meeting, Round, Vote
from scoring.meetings.selectors.meetings import answers_on, round_on_screen, voters_of
from scoring.panel.selectors import is_curator, is_panelist
from scoring.ranking.selectors.runs import current_cycle
from scoring.scorecards.services import judge_again, locked

LONGEST = 60  # minutes of a round
NOT_LEADING = "Somebody else leads this meeting."
NOT_A_JUDGE = (
    "Only who has judged this proposal alone answers here, while it is judged. Send your scorecard "
    "in, and you are in."
)


def begin_meeting(*, actor: User) -> Meeting:
    """Open the room; the chair leads, until the lead is handed over."""
    if not is_curator(actor):
        raise PermissionDenied("Only the panel's chair opens a meeting.")
    cycle = current_cycle()
    if cycle is None:
        raise Conflict("There is no current cycle, so there is nothing to talk about.")
    with transaction.atomic():
        try:
            with transaction.atomic():
                meeting = Meeting.objects.create(cycle=cycle, led_by=actor)
        except IntegrityError as error:
            raise Conflict("The panel is meeting already.") from error
        record(actor=actor, action="meeting.begin", subject=f"meeting:{meeting.pk}")
    return meeting


def hand_lead(*, actor: User, meeting: Meeting, to: User) -> None:
    """Let another member lead, such as where the leader may not judge what comes next."""
    with transaction.atomic():
        held = _held(meeting)
        if held.led_by_id != actor.pk and not is_curator(actor):
            raise PermissionDenied(NOT_LEADING)
        if not is_panelist(to):
            raise ValidationError({"to": "Choose somebody with a seat on the panel."})
        held.led_by = to
        held.save(update_fields=["led_by"])
        record(actor=actor, action="meeting.lead", subject=f"meeting:{held.pk}", to=to.pk)


def put_up(*, actor: User, meeting: Meeting, proposal: Proposal, key: str) -> None:
    """Show a question to all. Who leads must be one of its judges."""
    with transaction.atomic():
        held = _led(actor, meeting)
        if _open_round(held) is not None:
            raise Conflict("Show the answers first: a round is open.")
        version = _in_force()
        criteria = {row.key: row for row in judged_criteria(version)}
        if key not in criteria:
            raise ValidationError({"criterion": "Choose one of the judged criteria."})
        if proposal.submitted_revision is None or proposal.cycle_id != held.cycle_id:
            raise ValidationError({"proposal": "Choose a proposal of the current cycle."})
        criterion = criteria[key]
        if actor.pk not in voters_of(proposal.submitted_revision, criterion):
            raise Conflict(
                "You do not judge this question, so you do not lead the talk on it. Hand the lead "
                "to somebody who does."
            )
        held.revision, held.criterion = proposal.submitted_revision, criterion
        held.save(update_fields=["revision", "criterion"])
        record(
            actor=actor,
            action="meeting.question",
            subject=f"proposal:{proposal.pk}",
            meeting=held.pk,
            criterion=key,
        )


def begin_round(
    *,
    actor: User,
    meeting: Meeting,
    minutes: int | None = None,
    proposed: int | None = None,
    reason: str = "",
) -> Round:
    """Ask everybody for an answer again; ``proposed`` is the id of a level to agree on, with why.

    ``minutes`` is how long the screen counts down; answers are taken until they are shown.
    """
    with transaction.atomic():
        held = _led(actor, meeting)
        revision, criterion = _question(held)
        if minutes is not None and not 1 <= minutes <= LONGEST:
            raise ValidationError({"minutes": f"From 1 to {LONGEST} minutes, or none."})
        level = _level(criterion, proposed, "proposed") if proposed is not None else None
        if level is not None and not reason.strip():
            raise ValidationError({"reason": "Say what the talk led to; it stands with the score."})
        if _open_round(held) is not None:
            raise Conflict("A round is open already.")
        last = round_on_screen(held)
        asked = Round.objects.create(
            meeting=held,
            revision=revision,
            criterion=criterion,
            number=last.number + 1 if last else 1,
            proposed=level,
            reason=reason.strip() if level is not None else "",
            closes_at=timezone.now() + timedelta(minutes=minutes) if minutes else None,
        )
        record(
            actor=actor, action="meeting.round", subject=f"meeting:{held.pk}", number=asked.number
        )
        return asked


def cast_vote(*, actor: User, round_id: int, level: int) -> Round:
    """Answer in the open round. With the last answer all are shown."""
    with transaction.atomic():
        asked = _locked(round_id)
        if actor.pk not in voters_of(asked.revision, asked.criterion):
            raise PermissionDenied(NOT_A_JUDGE)
        if asked.revealed_at is not None:
            raise Conflict("The answers are shown already. What you said before stands.")
        chosen = _level(asked.criterion, level, "level")
        Vote.objects.update_or_create(round=asked, panelist=actor, defaults={"level": chosen})
        if _all_in(asked):
            _show(asked)
    return asked


def reveal(*, actor: User, meeting: Meeting) -> Round:
    """Show the answers that are in, if any; who has not answered keeps the one of before."""
    with transaction.atomic():
        held = _led(actor, meeting)
        found = _open_round(held)
        asked = _locked(found.pk) if found else None
        if asked is None or asked.revealed_at is not None:  # by the last answer, just now
            raise Conflict("The answers are shown already.")
        _show(asked)
        record(actor=actor, action="meeting.reveal", subject=f"meeting:{held.pk}")
    return asked


def end_meeting(*, actor: User, meeting: Meeting) -> None:
    with transaction.atomic():
        held = _held(meeting)
        if held.led_by_id != actor.pk and not is_curator(actor):
            raise PermissionDenied(NOT_LEADING)
        if _open_round(held) is not None:
            raise Conflict("Show the answers first: a round is open.")
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        record(actor=actor, action="meeting.end", subject=f"meeting:{held.pk}")


def _held(meeting: Meeting) -> Meeting:
    """The meeting as it is now, for this transaction alone."""
    fresh = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if fresh.ended_at is not None:
        raise Conflict("The meeting is over.")
    return fresh


def _led(actor: User, meeting: Meeting) -> Meeting:
    held = _held(meeting)
    if held.led_by_id != actor.pk or not is_panelist(actor):
        raise PermissionDenied(NOT_LEADING)
    return held


def _in_force() -> FrameworkVersion:
    version = published_scales()
    if version is None:
        raise Conflict("There is no published framework to score against.")
    return version


def _question(held: Meeting) -> tuple[Revision, Criterion]:
    if held.revision is None or held.criterion is None:
        raise Conflict("Choose a question first.")
    if held.criterion.dimension.framework_version.status != FrameworkVersion.Status.PUBLISHED:
        raise Conflict("The framework has changed. Choose the question again.")
    return held.revision, held.criterion


def _open_round(held: Meeting) -> Round | None:
    return Round.objects.filter(meeting=held, revealed_at__isnull=True).first()


def _locked(round_id: int) -> Round:
    """The round, which nobody else answers or shows until this transaction is over."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related(
        "criterion__dimension__framework_version", "revision__proposal"
    )
    found = rounds.filter(pk=round_id).first()
    if found is None:
        raise Conflict("This round is over.")
    return found


def _level(criterion: Criterion, pk: int, field: str) -> Level:
    level = criterion.levels.filter(pk=pk).first()
    if level is None:
        raise ValidationError({field: f"Choose one of the levels of “{criterion.name}”."})
    return level


def _all_in(asked: Round) -> bool:
    voters = voters_of(asked.revision, asked.criterion)
    return voters <= set(asked.votes.values_list("panelist", flat=True))


def _show(asked: Round) -> None:
    """Close the round, and make each changed answer a further entry of its giver.

    The vote of who no longer judges the question is kept, and counts for nothing.
    """
    asked.revealed_at = timezone.now()
    asked.save(update_fields=["revealed_at"])
    revision, criterion = asked.revision, asked.criterion
    locked(revision.proposal)
    voters = voters_of(revision, criterion)
    said, _ = answers_on(revision, criterion, voters)
    talked = f"After talk in the meeting, round {asked.number}."
    changed = {
        vote.panelist: (vote.level, asked.reason if vote.level_id == asked.proposed_id else talked)
        for vote in asked.votes.select_related("panelist", "level")
        if vote.panelist_id in voters and said.get(vote.panelist_id) != vote.level.value
    }
    if changed:
        judge_again(proposal=revision.proposal, criterion=criterion, answers=changed)
