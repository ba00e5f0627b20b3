"""The panel at odds with itself: rounds in which everybody acts at the same moment.

Each round lets a few people loose at a barrier, through the services that every door uses: on one
proposal they judge, judge in two windows, step back and answer in a meeting, or on one draft they
vote, take the vote back, edit, discard and try to publish. Being refused is right; what must hold
is read from the database afterwards.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Count

from projects.audit.services import broken_entries
from projects.errors import Conflict, StaleVersion
from projects.models import Cycle, Proposal, User
from projects.proposals.selectors import content_of, digest_of, with_content
from projects.proposals.services import Change, create_proposal, sign_proposal, submit_proposal
from scoring.framework.selectors import criteria_to_judge, published_scales, spec_of
from scoring.framework.services.versions import (
    discard_draft,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import cast_ballot, open_vote, take_back_vote
from scoring.meetings import services as meetings
from scoring.meetings.selectors.meetings import current_meeting
from scoring.models import Ballot, FrameworkVersion, Round, Scorecard, Vote
from scoring.panel.selectors import in_conflict, is_curator, members
from scoring.scorecards.selectors.cards import latest, own_scorecard
from scoring.scorecards.services import Answer, recuse, save_scorecard

REFUSALS = (PermissionDenied, Conflict, StaleVersion, ValidationError)
TEXT = "Wo es hakt."
Act = Callable[[], object]


class Tally(Counter[str]):
    """What was done, and what was refused."""

    def line(self, rounds: int) -> str:
        done = ", ".join(f"{count} {name}" for name, count in sorted(self.items()))
        return f"panel: {rounds} rounds; {done}"


def set_panel_at_odds(rounds: int) -> list[str]:
    """Carry out the rounds; returns what did not hold."""
    dice, tally, wrong = random.Random(11), Tally(), list[str]()
    proposal = _submitted(0)
    for number in range(rounds):
        if number % 5 == 0:
            proposal = _submitted(number)
        if number % 4 == 3:
            acts = _on_the_draft(dice)
        elif number % 4 == 2:
            acts = _in_the_meeting(dice, proposal)
        else:
            acts = _on_the_proposal(dice, proposal)
        wrong += _at_once(acts, tally)
        wrong += broken(proposal)
        if wrong:
            break
    print(tally.line(rounds))
    _, entries = broken_entries()
    return [*wrong, *(f"the audit is broken at {entry}" for entry in entries)]


def _at_once(acts: list[tuple[str, Act]], tally: Tally) -> list[str]:
    """All of them at the same moment; anything but an answer or a refusal is wrong."""
    barrier, wrong = threading.Barrier(len(acts), timeout=30), list[str]()

    def carry_out(name: str, act: Act) -> None:
        try:
            barrier.wait()
            act()
            tally[name] += 1
        except REFUSALS:
            tally["refused"] += 1
        except Exception as error:  # noqa: BLE001 - whatever else comes is what is looked for
            wrong.append(f"{name}: {type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_out, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def _on_the_proposal(dice: random.Random, proposal: Proposal) -> list[tuple[str, Act]]:
    """Everybody judges; some in two windows, one perhaps steps back meanwhile."""
    acts = []
    for member in members():
        acts += [("judged", _judging(dice, member, proposal))] * dice.choice((1, 1, 2))
    if dice.random() < 0.4:
        acts.append(("stepped back", _stepping_back(dice.choice(members()), proposal)))
    return acts


def _judging(dice: random.Random, member: User, proposal: Proposal) -> Act:
    version = published_scales()
    if version is None:
        raise AssertionError("there is no framework in force")
    own = own_scorecard(member, proposal, version)
    answers = {
        item.pk: Answer(level=dice.choice(list(item.levels.all())).pk)
        for item in criteria_to_judge(version, member)
    }
    return lambda: save_scorecard(
        actor=member,
        proposal=proposal,
        answers=answers,
        change_reason="Read it again.",
        submit=True,
        expected_version=own.version if own else 0,
    )


def _stepping_back(member: User, proposal: Proposal) -> Act:
    version = published_scales()
    own = own_scorecard(member, proposal, version) if version else None
    expected = own.version if own else 0
    return lambda: recuse(
        actor=member, proposal=proposal, reason="A friend.", expected_version=expected
    )


def _in_the_meeting(dice: random.Random, proposal: Proposal) -> list[tuple[str, Act]]:
    """All answer while the leader shows the answers, and somebody judges alone or steps back."""
    chair = _chair()
    meeting = current_meeting() or meetings.begin_meeting(actor=chair)
    version = published_scales()
    if version is None:
        raise AssertionError("there is no framework in force")
    criterion = dice.choice(criteria_to_judge(version, chair))
    try:
        meetings.put_up(actor=chair, meeting=meeting, proposal=proposal, key=criterion.key)
        asked = meetings.begin_round(actor=chair, meeting=meeting)
    except REFUSALS:  # the chair has stepped back from this proposal, or not judged it
        return _on_the_proposal(dice, proposal)
    levels = [level.pk for level in criterion.levels.all()]
    acts: list[tuple[str, Act]] = [
        ("answered", _answering(member, asked.pk, dice.choice(levels))) for member in members()
    ]
    acts.append(("shown", lambda: meetings.reveal(actor=chair, meeting=meeting)))
    other = dice.choice(members())
    acts.append(("judged", _judging(dice, other, proposal)))
    if dice.random() < 0.3:
        acts.append(("stepped back", _stepping_back(other, proposal)))
    return acts


def _answering(member: User, asked: int, level: int) -> Act:
    return lambda: meetings.cast_vote(actor=member, round_id=asked, level=level)


def _on_the_draft(dice: random.Random) -> list[tuple[str, Act]]:
    """A vote in which everybody says something, while the chair does all a chair can."""
    _close_rounds()
    chair = _chair()
    draft = start_draft(actor=chair)
    spec = spec_of(draft) | {"summary": f"Change {uuid4().hex[:6]}"}
    if draft.vote_closes is None:
        draft = save_draft(actor=chair, version=draft, spec=spec, expected_version=draft.version)
        open_vote(actor=chair, version=draft, expected_version=draft.version, at_once=True)
        draft.refresh_from_db()
    text = draft.version
    acts: list[tuple[str, Act]] = [
        ("voted", _voting(member, draft, text, dice.choice(("yes", "yes", "yes", "no"))))
        for member in members()
    ]
    if dice.random() < 0.3:
        acts.append(("took back", lambda: take_back_vote(actor=chair, version=draft)))
    for name, act in (("edited", save_draft), ("published", publish_version)):
        more = {"spec": spec} if act is save_draft else {}
        acts.append((name, _by_the_chair(act, chair, draft, text, more)))
    if dice.random() < 0.3:
        acts.append(("discarded", _by_the_chair(discard_draft, chair, draft, text, {})))
    return acts


def _voting(member: User, draft: FrameworkVersion, text: int, choice: str) -> Act:
    return lambda: cast_ballot(
        actor=member, version=draft, text=text, choice=choice, reason="Too much at once."
    )


def _by_the_chair(
    act: Callable[..., object],
    chair: User,
    draft: FrameworkVersion,
    text: int,
    more: dict[str, object],
) -> Act:
    return lambda: act(actor=chair, version=draft, expected_version=text, **more)


def _close_rounds() -> None:
    """What nobody answered in time is shown, or thrown away with its meeting."""
    meeting = current_meeting()
    if meeting is None:
        return
    try:
        meetings.reveal(actor=meeting.led_by, meeting=meeting)
    except REFUSALS:
        Round.objects.filter(meeting=meeting, revealed_at=None).delete()


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


def _chair() -> User:
    return next(member for member in members() if is_curator(member))


def _submitted(number: int) -> Proposal:
    """A new proposal of the two owners of the demo company."""
    owners = [User.objects.get(username=name) for name in ("marketing", "cx")]
    cycle = Cycle.objects.get(is_current=True)
    fields = {
        "title": f"Round {number}",
        "marketing_owner": owners[0],
        "cx_owner": owners[1],
        **dict.fromkeys(("problem", "customer_job", "marketing_part", "cx_part"), TEXT),
    }
    made = create_proposal(
        actor=owners[0], cycle=cycle, change=Change(fields=fields), creation_key=uuid4()
    )
    text = content_of(with_content(Proposal.objects.filter(pk=made.pk)).get())
    for owner in owners:
        sign_proposal(actor=owner, proposal=made, digest=digest_of(text))
    made.refresh_from_db()
    return submit_proposal(actor=owners[0], proposal=made, expected_version=made.version)
