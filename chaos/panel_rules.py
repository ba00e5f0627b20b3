"""What must hold of a panel that acted at odds, read from the database."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count

from projects.models import Proposal
from scoring.models import Ballot, FrameworkVersion, Round, Scorecard, Vote
from scoring.panel.selectors import in_conflict, members
from scoring.scorecards.selectors.cards import latest


def broken(proposal: Proposal) -> Iterable[str]:
    """What does not hold of the proposal, the framework and the meeting."""
    cards = Scorecard.objects.filter(proposal=proposal)
    for judge, entries in Counter(cards.values_list("panelist", flat=True)).items():
        numbers = sorted(cards.filter(panelist=judge).values_list("entry", flat=True))
        if numbers != list(range(1, entries + 1)):
            yield f"entries of {judge} are numbered {numbers}"
    for card in cards.filter(status=Scorecard.Status.RECUSED):
        later = cards.filter(panelist=card.panelist_id, entry__gt=card.entry)
        if later.exclude(status=Scorecard.Status.RECUSED).exists():
            yield f"{card.panelist} stepped back and judged after that"
    for member in members():
        own = cards.filter(panelist=member)
        if own.exists() and Proposal.objects.filter(in_conflict(member), pk=proposal.pk).exists():
            yield f"{member} judged a proposal of their own"
    submitted = cards.filter(status=Scorecard.Status.SUBMITTED)
    criteria = submitted.annotate(given=Count("scores")).values_list("given", flat=True)
    if len(set(criteria)) > 1:
        yield f"scorecards are in with {sorted(set(criteria))} scores"
    yield from _broken_framework()
    yield from _broken_rounds()


def _broken_framework() -> Iterable[str]:
    in_force = FrameworkVersion.objects.filter(status=FrameworkVersion.Status.PUBLISHED)
    if in_force.count() != 1:
        yield f"{in_force.count()} versions are in force"
    ratified = FrameworkVersion.objects.exclude(status=FrameworkVersion.Status.DRAFT)
    first = ratified.order_by("number").first()
    for version in in_force.exclude(pk=first.pk if first else None):
        said = Counter(
            Ballot.objects.filter(framework_version=version, text=version.version).values_list(
                "choice", flat=True
            )
        )
        if said["yes"] <= said["no"] or said["yes"] < 2:
            yield f"{version} is in force by {dict(said)}"


def _broken_rounds() -> Iterable[str]:
    """An answer that was shown counts: as an entry, or as the same level of before.

    Whoever has judged again alone since, or stepped back, has said something else.
    """
    last = Round.objects.filter(revealed_at__isnull=False).order_by("-pk").first()
    if last is None:
        return
    cards = Scorecard.objects.filter(revision=last.revision_id)
    gone = set(cards.filter(status=Scorecard.Status.RECUSED).values_list("panelist", flat=True))
    for vote in Vote.objects.filter(round=last).exclude(panelist__in=gone):
        own = cards.filter(panelist=vote.panelist_id, status=Scorecard.Status.SUBMITTED)
        counting = latest(own).first()
        if counting is None or counting.submitted_at is None or last.revealed_at is None:
            yield f"{vote} has no scorecard"
        elif not counting.scores.filter(criterion=last.criterion_id, level=vote.level_id).exists():
            after = own.filter(submitted_at__gt=last.revealed_at).exclude(
                change_reason__startswith="After talk"
            )
            if not after.exists():
                yield f"{vote} was shown, and does not count"
