"""The panel's vote on a draft: opened by the chair, one ballot each, settled by the rule below.

A change of the framework passes when the vote is over (everybody has voted, or its time is up) and
the charter of the version in force is met: enough seats have voted, enough of them say yes, and
somebody of each function that must agree. Opened while proposals are judged already, it comes into
force after their cycle, unless the vote says otherwise by name. The first version of a company is
provisional: there is no panel's word on it, and the chair or an administrator puts it in force.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit.services import record
from projects.errors import Conflict
from projects.notices.services import notify
from projects.people.models import Function, User
from scoring.framework.models import Ballot, FrameworkVersion
from scoring.framework.selectors import charter, judged_cycle, published_version, with_structure
from scoring.framework.services.versions import (
    locked_draft,
    publication_errors,
    publish_version,
    put_in_force,
    ratify,
    require_curator,
)
from scoring.panel.selectors import is_panelist, members

DAYS, MOST_DAYS = 7, 60
LAST_CALL = timedelta(hours=20)  # before a vote closes
LEAST_SEATS = 2  # one alone cannot change the rules


@dataclass(frozen=True)
class Tally:
    """Where a vote stands. ``missing`` are members who have not voted."""

    charter: FrameworkVersion
    cast: list[Ballot]
    missing: list[User]
    lacking: list[str]  # functions that must agree and have not yet

    def count(self, choice: str) -> int:
        return Counter(ballot.choice for ballot in self.cast)[choice]

    @property
    def seats(self) -> int:
        return len(self.cast) + len(self.missing)

    @property
    def why_not(self) -> str:
        """Why it does not pass, in words; empty if it does."""
        yes, no = self.count(Ballot.Choice.YES), self.count(Ballot.Choice.NO)
        quorum, majority = self.charter.quorum, self.charter.majority
        if 100 * len(self.cast) <= quorum * self.seats:
            return f"{len(self.cast)} of {self.seats} voted, which is not more than {quorum} %"
        if 100 * yes <= majority * (yes + no):
            return f"{yes} yes against {no} no, which is not more than {majority} %"
        if yes < LEAST_SEATS:
            return "one yes alone changes nothing"
        return f"no yes from {' and '.join(self.lacking)}" if self.lacking else ""


def open_vote(
    *,
    actor: User,
    version: FrameworkVersion,
    expected_version: int,
    days: int = DAYS,
    at_once: bool = False,
) -> FrameworkVersion:
    """Ask the panel. The draft cannot be edited until the vote is over or taken back.

    ``at_once`` asks for rules that also count for the proposals which are judged already.
    """
    require_curator(actor)
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": f"Give the panel 1 to {MOST_DAYS} days."})
    with transaction.atomic():
        draft = locked_draft(version, expected_version)
        in_force = charter()
        if in_force is None:
            raise Conflict("Nothing is in force yet: publish this first version.")
        panel = members()
        if len(panel) < LEAST_SEATS:
            raise Conflict("A panel of one cannot change the rules. Give somebody else a seat.")
        unseated = _lacking(in_force, {member.function for member in panel})
        if unseated:
            names = " and ".join(unseated)
            raise Conflict(f"{names} must agree to a change. Give somebody of {names} a seat.")
        errors = publication_errors(with_structure(FrameworkVersion.objects.all()).get(pk=draft.pk))
        if errors:
            raise ValidationError(errors)
        draft.vote_closes = timezone.now() + timedelta(days=days)
        draft.vote_opened_by = actor
        draft.weights_asked_at = None
        draft.after_cycle = None if at_once else judged_cycle()
        draft.save(
            update_fields=["vote_closes", "vote_opened_by", "weights_asked_at", "after_cycle"]
        )
        _note(draft, "framework.vote", actor, days=days, at_once=draft.after_cycle is None)
        _tell(panel, f"Vote on {draft}: {draft.summary}")
    return draft


def put_forward(
    *,
    actor: User,
    version: FrameworkVersion,
    expected_version: int,
    days: int = DAYS,
    at_once: bool = False,
) -> FrameworkVersion:
    """Put the first version of all in force; on every later one, open the panel's vote."""
    if published_version() is None:
        return publish_version(actor=actor, version=version, expected_version=expected_version)
    return open_vote(
        actor=actor, version=version, expected_version=expected_version, days=days, at_once=at_once
    )


def take_back_vote(*, actor: User, version: FrameworkVersion) -> None:
    """End the vote without a result; the draft can be edited again."""
    require_curator(actor)
    with transaction.atomic():
        draft = _in_vote(version)
        _close(draft)
        _note(draft, "framework.vote_taken_back", actor)
        _tell(members(), f"The vote on {draft} was taken back.")


def cast_ballot(
    *, actor: User, version: FrameworkVersion, text: int, choice: str, reason: str = ""
) -> FrameworkVersion:
    """Say yes, no (with a reason) or nothing to the ``text`` that was read. It stays."""
    if not is_panelist(actor):
        raise PermissionDenied("Only people with a panel seat vote.")
    if choice not in Ballot.Choice.values:
        raise ValidationError({"choice": "Choose yes, no or abstain."})
    reason = reason.strip()
    if choice == Ballot.Choice.NO and not reason:
        raise ValidationError({"reason": "Say what speaks against it, so that it can be mended."})
    with transaction.atomic():
        draft = _in_vote(version)
        if draft.version != text:
            raise Conflict("The draft was changed since. Read it again.")
        if _is_late(draft):
            raise Conflict("The time to vote is over.")
        ballot = Ballot(
            framework_version=draft,
            text=text,
            member=actor,
            function=actor.function or "",
            choice=choice,
            reason=reason,
        )
        ballot.full_clean(validate_unique=False, validate_constraints=False)
        try:
            with transaction.atomic():
                ballot.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict("You have voted already. A ballot stays as it is.") from error
        _note(draft, "framework.ballot", actor)
        _settle(draft)
    return draft


def settle_votes() -> int:
    """Settle the votes whose time is up; returns how many. For the scheduler."""
    over = FrameworkVersion.objects.filter(
        status=FrameworkVersion.Status.DRAFT, vote_closes__lte=timezone.now()
    )
    for version in over:
        with transaction.atomic():
            draft = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
            if draft.is_voted_on:
                _settle(draft)
    return len(over)


def remind_of_votes() -> int:
    """Tell who has not voted, once, before a vote closes; returns how many those are."""
    now = timezone.now()
    closing = FrameworkVersion.objects.filter(
        status=FrameworkVersion.Status.DRAFT,
        vote_closes__gt=now,
        vote_closes__lte=now + LAST_CALL,
    )
    reminded = 0
    for draft in closing.select_related("framework"):
        missing = tally_of(draft).missing
        _tell(
            missing,
            f"The vote on {draft} closes soon, and yours is missing: {draft.summary}",
            cause=f"vote:{draft.pk}:{draft.version}",
        )
        reminded += len(missing)
    return reminded


def begin_ratified() -> int:
    """Put in force what the panel ratified, once its cycle is over. For the scheduler."""
    waiting = FrameworkVersion.objects.filter(
        status=FrameworkVersion.Status.RATIFIED, after_cycle__is_current=False
    )
    with transaction.atomic():
        version = waiting.select_for_update().first()
        if version is None:
            return 0
        put_in_force(actor=version.vote_opened_by, version=version)
        _tell(members(), f"{version} is in force: {version.after_cycle} is over.")
    return 1


def tally_of(version: FrameworkVersion) -> Tally:
    """The ballots on the draft as it stands, by who has a seat now."""
    panel, in_force = members(), charter() or version
    of_panel = {member.pk for member in panel}
    ballots = version.ballots.filter(text=version.version).select_related("member__team")
    cast = [ballot for ballot in ballots if ballot.member_id in of_panel]
    voted = {ballot.member_id for ballot in cast}
    yes = {ballot.function for ballot in cast if ballot.choice == Ballot.Choice.YES}
    missing = [member for member in panel if member.pk not in voted]
    return Tally(in_force, cast, missing, _lacking(in_force, yes))


def _lacking(in_force: FrameworkVersion, found: Collection[str | None]) -> list[str]:
    """The functions that must agree and are not among those found, by name."""
    return [Function(name).label for name in in_force.must_agree if name not in found]


def _settle(draft: FrameworkVersion) -> None:
    """Put the draft in force, or give it back to its chair, once the vote is over."""
    tally = tally_of(draft)
    if tally.missing and not _is_late(draft):
        return
    if not tally.why_not:
        ratify(actor=draft.vote_opened_by, draft=draft)
        when = f"ratified, for after {draft.after_cycle}" if draft.is_ratified else "in force"
        _tell(members(), f"{draft} is {when}: the panel said yes.")
        return
    _close(draft)
    _note(draft, "framework.vote_failed", None, reason=tally.why_not)
    _tell(members(), f"{draft} did not pass: {tally.why_not}.")


def _is_late(draft: FrameworkVersion) -> bool:
    return draft.vote_closes is not None and draft.vote_closes <= timezone.now()


def _in_vote(version: FrameworkVersion) -> FrameworkVersion:
    draft = FrameworkVersion.objects.select_for_update().get(pk=version.pk)
    if not draft.is_voted_on:
        raise Conflict("There is no vote on this version.")
    return draft


def _close(draft: FrameworkVersion) -> None:
    """Let the draft be edited again. Its ballots stay, for the text that they were cast on."""
    draft.vote_closes = None
    draft.version += 1
    draft.save(update_fields=["vote_closes", "version"])


def _note(draft: FrameworkVersion, action: str, actor: User | None, **data: object) -> None:
    subject = f"framework_version:{draft.pk}"
    record(actor=actor, action=action, subject=subject, number=draft.number, **data)


def _tell(people: list[User], text: str, *, cause: str = "") -> None:
    url = reverse("admin:framework-vote")
    notify(recipients=people, text=text[:300], url=url, cause=cause)
