"""The panel at odds with itself: rounds in which everybody acts at the same moment.

Each round lets a few people loose at a barrier, through the services that every door uses: on one
proposal they judge, judge in two windows, step back and answer in a meeting, or on one draft they
vote, take the vote back, edit, discard and try to publish. Being refused is right; what must hold
is read from the database afterwards (`panel_rules`).
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from chaos.ledger import broken_audit
from chaos.panel_rules import broken
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
from scoring.models import FrameworkVersion
from scoring.panel.selectors import is_curator, members
from scoring.scorecards.selectors.cards import own_scorecard
from scoring.scorecards.services import Answer, recuse, save_scorecard

REFUSALS = (PermissionDenied, Conflict, StaleVersion, ValidationError)
EXPECTED = ("judged", "stepped back", "answered", "shown", "voted", "refused")
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
    missed = [f"nobody {act}" for act in EXPECTED if not tally[act]]
    return [*wrong, *missed, *broken_audit()]


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
        more: dict[str, object] = {"spec": spec} if act is save_draft else {}
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
    """No draft is discarded while a round is open."""
    meeting = current_meeting()
    if meeting is not None:
        with suppress(*REFUSALS):  # there is no open round
            meetings.reveal(actor=meeting.led_by, meeting=meeting)


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
