"""The panel meets: a question is judged again by everybody, and shown at once."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from projects.errors import Conflict
from projects.models import AuditEntry, Proposal, User
from scoring.decisions.services import decide
from scoring.meetings import services
from scoring.meetings.selectors.meetings import Stage, current_meeting, stage_of, token_now
from scoring.models import Level, Meeting, Round, Score, Scorecard, Seat, Vote
from scoring.scorecards.services import declare_conflict, recuse
from tests.company import Company
from tests.pages import signed_in, text

PAGE, SCREEN, NOW = "/admin/meeting/", "/admin/meeting/screen/", "/admin/meeting/now/"


@pytest.fixture
def alpha(company: Company) -> Proposal:
    """Judged by three: pain 100, 100 and 0, fit 25 each."""
    Seat.objects.create(user=company.leader)
    proposal = company.submitted("Alpha")
    for judge, pain in ((company.curator, 100), (company.panelist, 100), (company.leader, 0)):
        company.score(proposal, judge, pain, 25)
    return proposal


def begun(company: Company, proposal: Proposal, key: str = "pain") -> Meeting:
    meeting = services.begin_meeting(actor=company.curator)
    services.put_up(actor=company.curator, meeting=meeting, proposal=proposal, key=key)
    meeting.refresh_from_db()
    return meeting


def level(meeting: Meeting, value: int) -> int:
    return Level.objects.get(criterion=meeting.criterion_id, value=value).pk


def cast(meeting: Meeting, asked: Round, **votes: int) -> None:
    for username, value in votes.items():
        actor = User.objects.get(username=username)
        services.cast_vote(actor=actor, round_id=asked.pk, level=level(meeting, value))


def pains(proposal: Proposal) -> dict[str, list[int]]:
    """By panelist what they said of the pain, entry after entry."""
    found: dict[str, list[int]] = {}
    for name, value in (
        Score.objects.filter(scorecard__proposal=proposal, criterion__key="pain")
        .order_by("scorecard__entry")
        .values_list("scorecard__panelist__username", "level__value")
    ):
        found.setdefault(name, []).append(int(value))
    return found


def test_the_last_answer_shows_all_and_each_becomes_its_givers_own_entry(
    company: Company, alpha: Proposal
) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, panelist=50, curator=100)
    cast(meeting, asked, panelist=100)
    assert Round.objects.get().revealed_at is None
    assert pains(alpha) == {"curator": [100], "panelist": [100], "leader": [0]}
    cast(meeting, asked, leader=50)
    assert Round.objects.get().revealed_at is not None
    assert pains(alpha) == {"curator": [100], "panelist": [100], "leader": [0, 50]}
    changed = Scorecard.objects.get(panelist=company.leader, entry=2)
    assert changed.change_reason == "After talk in the meeting, round 1."
    assert [int(score.level.value) for score in changed.scores.all() if score.level] == [50, 25]
    entry = AuditEntry.objects.filter(action="scorecard.submit").latest("pk")
    assert entry.actor_id == company.leader.pk


def test_what_the_talk_led_to_counts_by_everybodys_own_answer(
    company: Company, alpha: Proposal
) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(
        actor=company.curator,
        meeting=meeting,
        proposed=level(meeting, 50),
        reason=" The letters stop, the calls do not. ",
    )
    cast(meeting, asked, curator=50, leader=50, panelist=100)
    assert pains(alpha) == {"curator": [100, 50], "panelist": [100], "leader": [0, 50]}
    reasons = Scorecard.objects.filter(entry=2).values_list("change_reason", flat=True)
    assert set(reasons) == {"The letters stop, the calls do not."}
    run = company.rank()
    pain = run.results.get().contributions[2]
    assert pain[2] == pytest.approx(200 / 3)
    assert pain[4] == 3


def test_who_has_not_answered_keeps_the_score_of_before(company: Company, alpha: Proposal) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, panelist=50)
    services.reveal(actor=company.curator, meeting=meeting)
    assert pains(alpha) == {"curator": [100], "panelist": [100, 50], "leader": [0]}
    with pytest.raises(Conflict, match="shown already"):
        cast(meeting, asked, leader=50)
    assert services.begin_round(actor=company.curator, meeting=meeting).number == 2


def test_only_who_has_judged_alone_answers(company: Company, alpha: Proposal) -> None:
    newcomer, conflicted = company.other_cx, company.cx_mate
    for person in (newcomer, conflicted):
        Seat.objects.create(user=person)
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    for person in (newcomer, conflicted, company.marketing):
        with pytest.raises(PermissionDenied):
            services.cast_vote(actor=person, round_id=asked.pk, level=level(meeting, 50))
    company.score(alpha, newcomer, 50, 25)
    cast(meeting, asked, curator=100, panelist=100, leader=0)
    assert Round.objects.get().revealed_at is None
    cast(meeting, asked, **{newcomer.username: 50})
    assert Round.objects.get().revealed_at is not None


def test_who_steps_back_in_between_is_not_waited_for_and_counts_no_more(
    company: Company, alpha: Proposal
) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, leader=50)
    recuse(actor=company.leader, proposal=alpha, reason="A friend.", expected_version=1)
    cast(meeting, asked, panelist=50, curator=50)
    assert pains(alpha) == {"curator": [100, 50], "panelist": [100, 50], "leader": [0]}
    assert Vote.objects.count() == 3


def test_only_the_leader_shows_and_only_what_the_leader_judges(
    company: Company, alpha: Proposal
) -> None:
    with pytest.raises(PermissionDenied):
        services.begin_meeting(actor=company.panelist)
    meeting = services.begin_meeting(actor=company.curator)
    with pytest.raises(Conflict, match="meeting already"):
        services.begin_meeting(actor=company.curator)
    beta = company.submitted("Beta")
    with pytest.raises(Conflict, match="You do not judge this question"):
        services.put_up(actor=company.curator, meeting=meeting, proposal=beta, key="pain")
    with pytest.raises(ValidationError, match="judged criteria"):
        services.put_up(actor=company.curator, meeting=meeting, proposal=alpha, key="expected-roi")
    with pytest.raises(PermissionDenied):
        services.put_up(actor=company.panelist, meeting=meeting, proposal=alpha, key="pain")
    with pytest.raises(ValidationError, match="seat on the panel"):
        services.hand_lead(actor=company.curator, meeting=meeting, to=company.marketing)
    services.hand_lead(actor=company.curator, meeting=meeting, to=company.panelist)
    services.put_up(actor=company.panelist, meeting=meeting, proposal=alpha, key="pain")
    asked = services.begin_round(actor=company.panelist, meeting=meeting)
    with pytest.raises(Conflict, match="round is open"):
        services.put_up(actor=company.panelist, meeting=meeting, proposal=alpha, key="pain")
    with pytest.raises(Conflict, match="round is open"):
        services.end_meeting(actor=company.panelist, meeting=meeting)
    cast(meeting := Meeting.objects.get(), asked, panelist=50)
    services.reveal(actor=company.panelist, meeting=meeting)
    services.end_meeting(actor=company.curator, meeting=meeting)
    with pytest.raises(Conflict, match="over"):
        services.begin_round(actor=company.panelist, meeting=meeting)
    assert current_meeting() is None


def test_what_was_said_is_sealed(company: Company, alpha: Proposal) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, panelist=50)
    services.reveal(actor=company.curator, meeting=meeting)
    services.end_meeting(actor=company.curator, meeting=meeting)
    top = level(meeting, 100)
    for change in (
        lambda: Vote.objects.update(level=top),
        lambda: Vote.objects.create(round=asked, panelist=company.leader, level_id=top),
        lambda: Round.objects.update(revealed_at=None),
        lambda: Meeting.objects.update(ended_at=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_phone_shows_levels_and_nobodys_answer_before_all_are_shown(
    company: Company, alpha: Proposal
) -> None:
    leader = signed_in(company.leader)
    assert "The panel is not meeting now." in text(leader.get(PAGE))
    meeting = begun(company, alpha)
    assert "One stands apart" in text(leader.get(PAGE))
    asked = services.begin_round(actor=company.curator, meeting=meeting, minutes=2)
    page = text(leader.get(PAGE))
    assert "One stands apart" not in page
    assert page.count('name="level"') == 3
    assert "Nobody sees it before all are shown." in page
    sent = {"round": asked.pk, "level": level(meeting, 50)}
    answered = leader.post("/admin/meeting/vote/", sent, headers={"HX-Request": "true"})
    assert "Your answer is in." in text(answered)
    assert leader.post("/admin/meeting/vote/", sent).headers["Location"] == PAGE
    wrong = leader.post(
        "/admin/meeting/vote/", sent | {"level": "x"}, headers={"HX-Request": "true"}
    )
    assert "Choose one of the levels" in text(wrong)


def test_a_page_asks_and_gets_nothing_until_something_changes(
    company: Company, alpha: Proposal
) -> None:
    meeting = begun(company, alpha)
    leader, chair = signed_in(company.leader), signed_in(company.curator)
    phone = token_now(company.leader, counts=False)
    assert leader.get(NOW, {"seen": phone}).status_code == 204
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    assert "Tap one." in text(leader.get(NOW, {"seen": phone}))
    screen = token_now(company.curator, counts=True)
    phone = token_now(company.leader, counts=False)
    cast(meeting, asked, panelist=50)
    assert leader.get(NOW, {"seen": phone}).status_code == 204
    assert "1 of 3 have answered" in text(chair.get(NOW, {"seen": screen, "screen": "1"}))
    assert "have answered" not in text(leader.get(NOW, {"screen": "1"}))


def test_the_screen_leads_from_question_to_question(company: Company, alpha: Proposal) -> None:
    chair, other = signed_in(company.curator), signed_in(company.panelist)
    assert chair.get(SCREEN).headers["Location"] == PAGE
    chair.post("/admin/meeting/begin/")
    page = text(chair.get(SCREEN))
    assert "Choose the first question" in page
    assert "Alpha · 0 to 100" in page
    assert "<svg" in page
    assert other.get(SCREEN).headers["Location"] == PAGE
    chair.post("/admin/meeting/put-up/", {"proposal": alpha.pk, "criterion": "pain"})
    assert "One stands apart" in text(chair.get(SCREEN))
    chair.post("/admin/meeting/round/", {"minutes": "2"})
    assert "0 of 3 have answered · 2:00 left" in text(chair.get(SCREEN)).replace("1:59", "2:00")
    asked = Round.objects.get()
    cast(Meeting.objects.get(), asked, curator=50, panelist=50, leader=50)
    page = text(chair.get(SCREEN))
    assert "All agree" in page
    assert "alone, at first: one stands apart" in page
    no_reason = chair.post(
        "/admin/meeting/round/",
        {"proposed": level(Meeting.objects.get(), 50), "reason": " "},
        follow=True,
    )
    assert "Say what the talk led to" in text(no_reason)
    wrong = chair.post("/admin/meeting/round/", {"minutes": "90"}, follow=True)
    assert "From 1 to 60 minutes" in text(wrong)
    chair.post("/admin/meeting/lead/", {"to": company.panelist.pk})
    assert "Hand the lead over" in text(other.get(SCREEN))
    chair.post("/admin/meeting/end/")
    assert Meeting.objects.get().ended_at is not None


def test_a_member_with_a_part_in_it_sees_no_answer(company: Company, alpha: Proposal) -> None:
    begun(company, alpha)
    assert "One stands apart" in text(signed_in(company.leader).get(PAGE))
    declare_conflict(actor=company.leader, person=company.cx, reason="A friend.")
    page = text(signed_in(company.leader).get(PAGE))
    assert "You do not answer here" in page
    assert "stands apart" not in page
    stage = stage_of(Meeting.objects.get(), company.leader)
    assert stage is not None
    assert (stage.bars, stage.voters, stage.away) == ([], 2, 1)


def test_a_round_without_an_answer_can_be_closed(company: Company, alpha: Proposal) -> None:
    meeting = begun(company, alpha)
    services.begin_round(actor=company.curator, meeting=meeting)
    services.reveal(actor=company.curator, meeting=meeting)
    assert pains(alpha) == {"curator": [100], "panelist": [100], "leader": [0]}
    services.end_meeting(actor=company.curator, meeting=meeting)


def test_what_is_no_longer_judged_takes_no_answer_and_holds_nobody_up(
    company: Company, alpha: Proposal
) -> None:
    """Decided, and put under other rules, while a round is open."""
    run = company.rank()
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, panelist=50)
    decide(
        actor=User.objects.create_user("chief", is_leader=True),
        proposal=alpha,
        run=run,
        outcome="greenlight",
        reason="It fits.",
        creation_key=uuid4(),
    )
    with pytest.raises(PermissionDenied, match="while it is judged"):
        cast(meeting, asked, leader=50)
    services.reveal(actor=company.curator, meeting=meeting)
    assert pains(alpha) == {"curator": [100], "panelist": [100], "leader": [0]}
    assert "no longer judged" in text(signed_in(company.leader).get(PAGE))
    with pytest.raises(Conflict, match="You do not judge this question"):
        services.put_up(actor=company.curator, meeting=meeting, proposal=alpha, key="pain")

    beta = company.submitted("Beta")
    for judge in (company.curator, company.panelist):
        company.score(beta, judge, 100, 25)
    services.put_up(actor=company.curator, meeting=meeting, proposal=beta, key="pain")
    meeting.refresh_from_db()
    asked = services.begin_round(actor=company.curator, meeting=meeting)
    cast(meeting, asked, panelist=50)
    company.amend(weight_spread=0)
    services.reveal(actor=company.curator, meeting=meeting)
    assert pains(beta) == {"curator": [100], "panelist": [100]}
    with pytest.raises(Conflict, match="framework has changed"):
        services.begin_round(actor=company.curator, meeting=meeting)
    services.end_meeting(actor=company.curator, meeting=meeting)


def test_the_chair_takes_the_lead_from_who_is_gone(company: Company, alpha: Proposal) -> None:
    meeting = begun(company, alpha)
    services.begin_round(actor=company.curator, meeting=meeting)
    services.hand_lead(actor=company.curator, meeting=meeting, to=company.panelist)
    Seat.objects.filter(user=company.panelist).update(is_active=False)
    chair = signed_in(company.curator)
    assert "Take the lead" in text(chair.get(PAGE))
    assert "Take the lead" not in text(signed_in(company.leader).get(PAGE))
    chair.post("/admin/meeting/lead/", {"to": company.curator.pk})
    assert "0 of 2 have answered" in text(chair.get(SCREEN))


def test_what_changes_while_a_page_is_made_is_asked_for_again(
    company: Company, alpha: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = begun(company, alpha)
    asked = services.begin_round(actor=company.curator, meeting=meeting)

    def then_shown(held: Meeting, user: User) -> Stage | None:
        found = stage_of(held, user)
        if Round.objects.get().revealed_at is None:
            services.reveal(actor=company.curator, meeting=held)
        return found

    monkeypatch.setattr("scoring.meetings.views.stage_of", then_shown)
    leader = signed_in(company.leader)
    cast(meeting, asked, panelist=50)
    page = text(leader.get(PAGE))
    assert "Tap one." in page
    seen = page.partition("?seen=")[2].partition('"')[0]
    assert "Shown to all." in text(leader.get(f"{NOW}?seen={seen}"))
