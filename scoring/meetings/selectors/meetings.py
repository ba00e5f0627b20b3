"""What stands on the screen of a meeting, and how much of it whom."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.models.revisions import Revision
from scoring.analysis.agreement import Shape, shape_of
from scoring.framework.models import Criterion, FrameworkVersion, Level
from scoring.meetings.models import Meeting, Round, Vote
from scoring.panel.selectors import conflicted, members
from scoring.scorecards.models import Score, Scorecard
from scoring.scorecards.selectors.assignments import assigned

WORDS: dict[Shape, str] = {
    "too few": "Too few answers to compare",
    "agreed": "All agree",
    "close": "Close together",
    "one apart": "One stands apart",
    "camps": "Two camps",
    "spread": "All over the scale",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A level, how many answer with it, and how many did before they knew of each other."""

    level: Level
    count: int
    first: int
    is_own: bool

    @property
    def pips(self) -> range:
        return range(self.count)


@dataclass(frozen=True, slots=True)
class Stage:
    """The question on the screen as one person may see it.

    ``bars`` are empty for who has not judged the proposal; ``vote`` is the person's own in the
    round that is open.
    """

    proposal: Proposal
    criterion: Criterion
    round: Round | None
    voters: int
    cast: int
    away: int
    may_vote: bool
    bars: list[Bar]
    vote: int | None

    @property
    def is_open(self) -> bool:
        return self.round is not None and self.round.revealed_at is None

    @property
    def time_left(self) -> str:
        """In minutes and seconds; empty where no time is set, or the answers are shown."""
        if not self.is_open or self.round is None or self.round.closes_at is None:
            return ""
        left = seconds_until(self.round.closes_at)
        return f"{left // 60}:{left % 60:02}"

    @property
    def words(self) -> str:
        """How the answers lie, in words."""
        return WORDS[shape_of([bar.count for bar in self.bars])]

    @property
    def first_words(self) -> str:
        """How they lay when everybody judged alone."""
        return WORDS[shape_of([bar.first for bar in self.bars])]

    @property
    def dots(self) -> list[bool]:
        """One for each judge: whether the answer is in. Nobody's name."""
        return [place < self.cast for place in range(self.voters)]


def seconds_until(moment: datetime) -> int:
    return max(0, round((moment - timezone.now()).total_seconds()))


def current_meeting() -> Meeting | None:
    """The meeting that is being held, with what is on its screen."""
    return (
        Meeting.objects.filter(ended_at__isnull=True, cycle__is_current=True)
        .select_related(
            "led_by", "revision__proposal", "criterion__dimension__framework_version", "cycle"
        )
        .first()
    )


def voters_of(revision: Revision, criterion: Criterion) -> set[int]:
    """Who answers again: members of the criterion's functions whose scorecard on the text is in.

    Under the criterion's version, without a part in the proposal and not recused. Who has not
    judged it yet does so alone first. Nobody, once the text or the version is no longer judged.
    """
    version, functions = criterion.dimension.framework_version, criterion.judged_by
    cards = Scorecard.objects.filter(revision=revision)
    recused = cards.filter(status=Scorecard.Status.RECUSED).values("panelist")
    given = cards.filter(
        status=Scorecard.Status.SUBMITTED,
        framework_version=version,
        framework_version__status=FrameworkVersion.Status.PUBLISHED,
        proposal__status=Proposal.Status.SUBMITTED,
        proposal__submitted_revision=revision,
    )
    found = set(given.exclude(panelist__in=recused).values_list("panelist", flat=True))
    asked = assigned([revision.proposal]).get(revision.proposal_id, found)
    panel = [
        member
        for member in members()
        if member.pk in found & asked and (not functions or member.function in functions)
    ]
    return {member.pk for member in panel} - conflicted(panel, revision.proposal)


def round_on_screen(meeting: Meeting) -> Round | None:
    """The latest round on the question, open or shown."""
    return (
        Round.objects.filter(
            meeting=meeting, revision=meeting.revision_id, criterion=meeting.criterion_id
        )
        .select_related("proposed")
        .order_by("-number")
        .first()
    )


def token_now(user: User, *, counts: bool) -> str:
    """A short text that changes when what ``user`` sees does; with ``counts`` for every answer.

    Asked for every second by everybody in the room, so it reads next to nothing.
    """
    held = (
        Meeting.objects.filter(ended_at__isnull=True, cycle__is_current=True)
        .values_list("pk", "led_by", "revision", "criterion")
        .first()
    )
    if held is None:
        return "none"
    pk, leader, revision, criterion = held
    parts = [pk, int(leader == user.pk), revision, criterion]
    rounds = Round.objects.filter(meeting=pk).order_by("-pk")
    found = rounds.values_list("pk", "revealed_at", "closes_at").first()
    if found is not None:
        latest, revealed, closes = found
        parts += [latest, int(revealed is not None)]
        if counts and revealed is None:
            parts.append(Vote.objects.filter(round=latest).count())
            if closes is not None:
                parts.append(seconds_until(closes))
    return "-".join(str(part) for part in parts)


def stage_of(meeting: Meeting, user: User) -> Stage | None:
    """What is on the screen; None before the first question."""
    if meeting.revision is None or meeting.criterion is None:
        return None
    criterion, revision = meeting.criterion, meeting.revision
    voters = voters_of(revision, criterion)
    latest, votes = round_on_screen(meeting), dict[int, int]()
    if latest is not None and latest.revealed_at is None:
        votes = dict(Vote.objects.filter(round=latest).values_list("panelist", "level"))
    may_vote = user.pk in voters
    said, first = answers_on(revision, criterion, voters) if may_vote else ({}, {})
    bars = _bars(criterion, said, first, user) if may_vote else []
    return Stage(
        proposal=revision.proposal,
        criterion=criterion,
        round=latest,
        voters=len(voters),
        cast=len(votes.keys() & voters),
        away=len(members()) - len(voters),
        may_vote=may_vote,
        bars=bars,
        vote=votes.get(user.pk),
    )


def answers_on(
    revision: Revision, criterion: Criterion, voters: set[int]
) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """By panelist the value that counts, and the one first given; an abstention is none."""
    rows = (
        Score.objects.filter(
            scorecard__revision=revision,
            scorecard__status=Scorecard.Status.SUBMITTED,
            scorecard__panelist__in=voters,
            criterion__key=criterion.key,
            criterion__scale_digest=criterion.scale_digest,
        )
        .order_by("scorecard__entry")
        .values_list("scorecard__panelist", "level__value")
    )
    first: dict[int, Decimal | None] = {}
    latest: dict[int, Decimal | None] = {}
    for panelist, value in rows:
        first.setdefault(panelist, value)
        latest[panelist] = value
    return _known(latest), _known(first)


def _known(answers: dict[int, Decimal | None]) -> dict[int, Decimal]:
    return {panelist: value for panelist, value in answers.items() if value is not None}


def _bars(
    criterion: Criterion, said: dict[int, Decimal], first: dict[int, Decimal], user: User
) -> list[Bar]:
    now, before, own = Counter(said.values()), Counter(first.values()), said.get(user.pk)
    return [
        Bar(level, now[level.value], before[level.value], own == level.value)
        for level in criterion.levels.all()
    ]
