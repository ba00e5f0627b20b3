"""Reads of scorecards, blind until one's own is in."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from scoring.framework.models import TOP, FrameworkVersion
from scoring.panel.selectors import in_conflict, is_panelist
from scoring.scorecards.models import Score, Scorecard
from scoring.scorecards.selectors.assignments import is_for, least_judged, open_proposals

ENOUGH_SCORES, MOSTLY = 20, 0.6  # from when on much at the top is pointed out
DONE = (Scorecard.Status.SUBMITTED, Scorecard.Status.RECUSED)


def to_judge(user: User) -> QuerySet[Proposal]:
    """Proposals the person is to judge: open, theirs or everybody's, without a conflict."""
    if not is_panelist(user):
        return Proposal.objects.none()
    return open_proposals().filter(~in_conflict(user), is_for(user))


def pending_for(user: User, version: FrameworkVersion) -> QuerySet[Proposal]:
    """The part of :func:`to_judge` without a finished scorecard of the person.

    What fewest have judged comes first, then what waits longest. A recusal holds under every
    version.
    """
    finished = Scorecard.objects.filter(
        Q(framework_version=version) | Q(status=Scorecard.Status.RECUSED),
        panelist=user,
        revision=OuterRef("submitted_revision"),
        status__in=DONE,
    )
    return least_judged(to_judge(user).filter(~Exists(finished)))


def unseen_proposals(user: User) -> QuerySet[Proposal]:
    """Proposals whose scores must stay hidden from this panelist: own judgement still due.

    It does not matter under which version the person once judged the same text: whoever has given
    a judgement can no longer be led by the others'.
    """
    if not is_panelist(user):
        return Proposal.objects.none()
    given = Scorecard.objects.filter(
        panelist=user, revision=OuterRef("submitted_revision"), status__in=DONE
    )
    return to_judge(user).filter(~Exists(given))


def unseen_proposal_ids(user: User) -> set[int]:
    """The ids of :func:`unseen_proposals`, read once to be asked often."""
    return set(unseen_proposals(user).values_list("pk", flat=True))


def visible_to(user: User) -> QuerySet[Scorecard]:
    """Scorecards ``user`` may read.

    One's own; and those of others (submitted only) on a proposal where one's own is submitted.
    Of who is recused, nothing but the recusal is left, and that is for the person alone. Owners,
    leaders and administrators see aggregates on the backlog, never a person's scorecard.
    """
    own = Scorecard.objects.filter(panelist=user)
    seen = own.filter(status=Scorecard.Status.SUBMITTED).values("revision")
    left = own.filter(status=Scorecard.Status.RECUSED).values("revision")
    others = Q(status=Scorecard.Status.SUBMITTED, revision__in=seen) & ~Q(revision__in=left)
    recused = Scorecard.objects.filter(
        revision=OuterRef("revision"),
        panelist=OuterRef("panelist"),
        status=Scorecard.Status.RECUSED,
    )
    return Scorecard.objects.filter(
        (Q(panelist=user) | others) & (Q(status=Scorecard.Status.RECUSED) | ~Exists(recused))
    ).select_related("panelist__team", "proposal", "framework_version__framework")


def latest(scorecards: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    """Of each person's entries on a text the last one; one that is only begun is none yet."""
    later = Scorecard.objects.filter(
        panelist=OuterRef("panelist"),
        revision=OuterRef("revision"),
        entry__gt=OuterRef("entry"),
        status__in=DONE,
    )
    return scorecards.filter(~Exists(later))


def own_scorecard(user: User, proposal: Proposal, version: FrameworkVersion) -> Scorecard | None:
    return (
        Scorecard.objects.filter(
            panelist=user, revision=proposal.submitted_revision_id, framework_version=version
        )
        .prefetch_related("scores")
        .order_by("-entry")
        .first()
    )


def judged_before(user: User, proposal: Proposal) -> int | None:
    """The number of the newest text that the person judged, if another one stands now."""
    cards = Scorecard.objects.filter(
        panelist=user, proposal=proposal, status=Scorecard.Status.SUBMITTED
    ).exclude(revision=proposal.submitted_revision_id)
    return cards.order_by("-revision__number").values_list("revision__number", flat=True).first()


def begun_or_given(user: User) -> QuerySet[Proposal]:
    """Open proposals that the person judges or has judged, and is not recused from."""
    cards = Scorecard.objects.filter(panelist=user, revision=OuterRef("submitted_revision"))
    recused = cards.filter(status=Scorecard.Status.RECUSED)
    return to_judge(user).filter(Exists(cards), ~Exists(recused))


@dataclass(frozen=True, slots=True)
class QueueProgress:
    done: int
    total: int

    @property
    def remaining(self) -> int:
        return self.total - self.done


def queue_progress(user: User, version: FrameworkVersion) -> QueueProgress:
    counts = to_judge(user).aggregate(
        total=Count("pk", distinct=True),
        done=Count(
            "pk",
            distinct=True,
            filter=Q(
                Q(scorecards__framework_version=version)
                | Q(scorecards__status=Scorecard.Status.RECUSED),
                scorecards__panelist=user,
                scorecards__status__in=DONE,
                scorecards__revision=F("submitted_revision"),
            ),
        ),
    )
    return QueueProgress(done=counts["done"], total=counts["total"])


@dataclass(frozen=True, slots=True)
class Habit:
    """How many scores a panelist gave in the current cycle, and how many of them at the top."""

    scores: int
    at_top: int

    @property
    def is_inflated(self) -> bool:
        """So much at the top that little is told apart."""
        return self.scores >= ENOUGH_SCORES and self.at_top >= MOSTLY * self.scores

    @property
    def share(self) -> float:
        return self.at_top / self.scores


def habit_of(user: User) -> Habit:
    """One's own scores that count, of the current cycle."""
    cards = Scorecard.objects.filter(
        panelist=user,
        status=Scorecard.Status.SUBMITTED,
        revision=F("proposal__submitted_revision"),
        proposal__cycle__is_current=True,
    )
    scores = Score.objects.filter(scorecard__in=latest(cards).values("pk"), level__isnull=False)
    top = Count("pk", filter=Q(level__value=TOP))
    return Habit(**scores.aggregate(scores=Count("pk"), at_top=top))


def submitted_count(proposal: Proposal) -> int:
    """How many panelists have judged the submitted text. A count says nothing about the scores."""
    cards = Scorecard.objects.filter(revision=proposal.submitted_revision_id)
    recused = cards.filter(status=Scorecard.Status.RECUSED).values("panelist")
    judged = cards.filter(status=Scorecard.Status.SUBMITTED).exclude(panelist__in=recused)
    return judged.values("panelist").distinct().count()


def judged_count() -> int:
    """How many proposals of the current cycle somebody has judged. It says nothing of scores."""
    cards = Scorecard.objects.filter(
        status=Scorecard.Status.SUBMITTED, proposal__cycle__is_current=True
    )
    return cards.values("proposal").distinct().count()
