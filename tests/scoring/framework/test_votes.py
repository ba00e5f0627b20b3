"""The panel's vote: nobody changes the rules alone, by no way, and a no says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.cycles.services import make_current
from projects.errors import Conflict
from projects.immutability import unsealed
from projects.models import AuditEntry, Cycle, Notification, Team, User
from scoring.framework.selectors import draft_version, published_version, spec_of
from scoring.framework.services.comments import comment_on_draft
from scoring.framework.services.versions import (
    discard_draft,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import (
    begin_ratified,
    cast_ballot,
    open_vote,
    remind_of_votes,
    settle_votes,
    take_back_vote,
    tally_of,
)
from scoring.models import Ballot, DraftComment, FrameworkVersion, Seat
from tests.company import Company
from tests.pages import signed_in, text

VOTE = "/admin/framework/vote/"


@pytest.fixture
def draft(company: Company) -> FrameworkVersion:
    """A change that the panel is asked about; Marketing and CX have a seat each and must agree."""
    with unsealed():
        FrameworkVersion.objects.update(must_agree=["marketing", "cx"])
    for name, team in (("mo", "Brand"), ("cleo", "Insights")):
        user = User.objects.create_user(name, team=Team.objects.get(name=team))
        Seat.objects.create(user=user)
    opened = start_draft(actor=company.curator)
    spec = spec_of(opened) | {"summary": "Fit counts for more."}
    for row, weight in zip(spec["dimensions"], ("30", "30", "40"), strict=True):
        row["weights"][""] = weight
    saved = save_draft(actor=company.curator, version=opened, spec=spec, expected_version=1)
    return open_vote(actor=company.curator, version=saved, expected_version=saved.version)


def say(draft: FrameworkVersion, **ballots: str) -> FrameworkVersion:
    """Ballots by user name; what is no choice is a no with that reason."""
    for name, said in ballots.items():
        choice = said if said in ("yes", "abstain") else "no"
        cast_ballot(
            actor=User.objects.select_related("team", "seat").get(username=name),
            version=draft,
            text=draft.version,
            choice=choice,
            reason="" if choice != "no" else said,
        )
    return FrameworkVersion.objects.get(pk=draft.pk)


def time_is_up(draft: FrameworkVersion) -> FrameworkVersion:
    FrameworkVersion.objects.filter(pk=draft.pk).update(
        vote_closes=timezone.now() - timedelta(seconds=1)
    )
    assert settle_votes() == 1
    return FrameworkVersion.objects.get(pk=draft.pk)


def test_the_last_ballot_settles_the_vote(company: Company, draft: FrameworkVersion) -> None:
    undecided = say(draft, mo="yes", cleo="yes", curator="yes")
    assert (undecided.status, undecided.is_voted_on) == ("draft", True)
    passed = say(draft, panelist="It counts twice.")
    assert (passed.status, passed.number) == ("published", 2)
    assert published_version() == passed
    assert passed.published_by == company.curator
    said = Notification.objects.filter(recipient=company.panelist).values_list("text", flat=True)
    assert list(said.order_by("pk")) == [
        "Vote on Test framework v2: Fit counts for more.",
        "Test framework v2 is in force: the panel said yes.",
    ]


@pytest.mark.parametrize(
    ("ballots", "why"),
    [
        ({"mo": "yes", "cleo": "yes"}, "2 of 4 voted, which is not more than 50 %"),
        ({"mo": "yes", "curator": "yes", "panelist": "yes"}, "no yes from CX"),
        ({"cleo": "yes", "curator": "yes", "mo": "abstain"}, "no yes from Marketing"),
        (
            {"mo": "yes", "cleo": "Too soon.", "curator": "abstain"},
            "1 yes against 1 no, which is not more than 50 %",
        ),
        ({"mo": "yes", "cleo": "abstain", "curator": "abstain"}, "one yes alone changes nothing"),
    ],
)
def test_what_does_not_pass_goes_back_to_its_chair(
    company: Company, draft: FrameworkVersion, ballots: dict[str, str], why: str
) -> None:
    say(draft, **ballots)
    back = time_is_up(draft)
    assert (back.status, back.vote_closes, back.version) == ("draft", None, draft.version + 1)
    assert published_version() == company.version
    told = Notification.objects.filter(recipient=company.curator).latest("pk")
    assert told.text == f"Test framework v2 did not pass: {why}."
    failed = AuditEntry.objects.get(action="framework.vote_failed")
    assert failed.data == {"number": 2, "reason": why}
    # A changed text is voted on anew; the ballots of before do not count for it.
    again = open_vote(actor=company.curator, version=back, expected_version=back.version)
    assert tally_of(again).cast == []


def test_a_ballot_that_comes_too_late_counts_no_more(draft: FrameworkVersion) -> None:
    say(draft, mo="yes", cleo="yes")
    late = timezone.now() - timedelta(seconds=1)
    FrameworkVersion.objects.filter(pk=draft.pk).update(vote_closes=late)
    with pytest.raises(Conflict, match="The time to vote is over"):
        say(draft, curator="yes")
    assert settle_votes() == 1
    assert FrameworkVersion.objects.get(pk=draft.pk).status == "draft"


def test_who_has_not_voted_is_reminded_once(company: Company, draft: FrameworkVersion) -> None:
    say(draft, mo="yes")
    assert remind_of_votes() == 0
    soon = timezone.now() + timedelta(hours=19)
    FrameworkVersion.objects.filter(pk=draft.pk).update(vote_closes=soon)
    for _ in range(2):
        remind_of_votes()
    said = Notification.objects.filter(text__startswith="The vote on Test framework v2 closes soon")
    told = sorted(said.values_list("recipient__username", flat=True))
    assert told == ["cleo", "curator", "panelist"]


def test_with_quorum_and_both_functions_it_passes_when_time_is_up(draft: FrameworkVersion) -> None:
    say(draft, mo="yes", cleo="yes", curator="Not now.")
    assert time_is_up(draft).status == "published"


def test_nobody_publishes_alone(company: Company, draft: FrameworkVersion) -> None:
    take_back_vote(actor=company.curator, version=draft)
    opened = draft_version()
    assert opened is not None
    for actor in (company.curator, company.admin):
        with pytest.raises(Conflict, match="The panel votes on a change"):
            publish_version(actor=actor, version=opened, expected_version=opened.version)
    assert published_version() == company.version


def test_the_database_keeps_the_rule_too(company: Company, draft: FrameworkVersion) -> None:
    versions = FrameworkVersion.objects
    say(draft, curator="yes")
    in_force = {"status": "published", "published_at": timezone.now()}
    with transaction.atomic():
        versions.filter(status="published").update(status="retired")
        with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
            versions.filter(pk=draft.pk).update(**in_force)
        with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
            versions.create(framework=draft.framework, number=9, **in_force)
        transaction.set_rollback(True)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        Ballot.objects.update(choice="no", reason="Altered.")
    assert published_version() == company.version


def test_a_ballot_is_cast_once_on_the_text_that_was_read(
    company: Company, draft: FrameworkVersion
) -> None:
    say(draft, mo="yes")
    with pytest.raises(Conflict, match="You have voted already"):
        say(draft, mo="Changed my mind.")
    with pytest.raises(ValidationError, match="Say what speaks against it"):
        cast_ballot(actor=company.panelist, version=draft, text=draft.version, choice="no")
    with pytest.raises(Conflict, match="The draft was changed since"):
        cast_ballot(actor=company.panelist, version=draft, text=draft.version - 1, choice="yes")
    for who in (company.leader, company.admin, company.marketing):
        with pytest.raises(PermissionDenied):
            cast_ballot(actor=who, version=draft, text=draft.version, choice="yes")
    take_back_vote(actor=company.curator, version=draft)
    with pytest.raises(Conflict, match="There is no vote"):
        say(draft, cleo="yes")


def test_the_draft_is_frozen_while_the_panel_votes(
    company: Company, draft: FrameworkVersion
) -> None:
    spec = spec_of(company.version) | {"summary": "Slipped in."}
    with pytest.raises(Conflict, match="The panel votes on this draft"):
        save_draft(actor=company.curator, version=draft, spec=spec, expected_version=draft.version)
    say(draft, mo="yes")
    take_back_vote(actor=company.curator, version=draft)
    back = FrameworkVersion.objects.get(pk=draft.pk)
    discard_draft(actor=company.curator, version=back, expected_version=back.version)
    kept = FrameworkVersion.objects.get(pk=draft.pk)
    assert (kept.status, kept.published_at, kept.ballots.count()) == ("retired", None, 1)
    assert start_draft(actor=company.curator).number == kept.number + 1


def test_a_seat_given_up_counts_no_more(company: Company, draft: FrameworkVersion) -> None:
    say(draft, mo="yes", cleo="yes", curator="yes")
    Seat.objects.filter(user__username="mo").update(is_active=False)
    tally = tally_of(draft)
    assert (len(tally.cast), tally.seats, tally.lacking) == (2, 3, ["Marketing"])
    assert tally.why_not == "no yes from Marketing"


def test_a_panel_of_one_cannot_change_the_rules(company: Company) -> None:
    opened = start_draft(actor=company.curator)
    Seat.objects.filter(user=company.panelist).update(is_active=False)
    with pytest.raises(Conflict, match="A panel of one"):
        open_vote(actor=company.curator, version=opened, expected_version=1)
    with pytest.raises(ValidationError, match="1 to 60 days"):
        open_vote(actor=company.curator, version=opened, expected_version=1, days=0)


def test_the_page_hides_what_others_said(company: Company, draft: FrameworkVersion) -> None:
    say(draft, mo="Mo's own reason.", cleo="yes")
    client = signed_in(company.panelist)
    page = text(client.get(VOTE))
    assert "2 of 4 voted" in page
    assert "Mo's own reason." not in page
    assert "Fit counts for more." in page
    assert "Weight of Fit" in page
    refused = client.post(VOTE, {"text": draft.version, "choice": "no", "reason": " "})
    assert (refused.status_code, "Say what speaks against it" in text(refused)) == (422, True)
    client.post(VOTE, {"text": draft.version, "choice": "yes"})
    assert "You voted: yes" in text(client.get(VOTE))
    say(draft, curator="Nor I.")
    # Two against two: back to the chair. Now everybody on the panel reads what was said.
    result = text(client.get(VOTE))
    assert "It did not pass, or was taken back." in result
    assert "Mo's own reason." in result
    assert (
        "Mo&#x27;s own reason."
        in signed_in(company.curator).get("/admin/framework/").content.decode()
    )


def amended(company: Company, **charter: object) -> FrameworkVersion:
    """A draft that changes the charter alone."""
    opened = start_draft(actor=company.curator)
    spec = spec_of(opened) | {"summary": "Another charter."}
    spec["charter"] |= charter
    number = opened.version
    return save_draft(actor=company.curator, version=opened, spec=spec, expected_version=number)


def opened(company: Company, draft: FrameworkVersion, **how: bool) -> FrameworkVersion:
    number = draft.version
    return open_vote(actor=company.curator, version=draft, expected_version=number, **how)


def test_the_charter_in_force_rules_its_own_change(company: Company) -> None:
    strict = opened(company, amended(company, quorum=99, majority=66, must_agree=["finance"]))
    assert tally_of(strict).charter == company.version
    strict = say(strict, curator="yes", panelist="yes")
    assert (strict.status, strict.quorum, strict.must_agree) == ("published", 99, ["finance"])
    loose = opened(company, amended(company, quorum=0, must_agree=[]))
    for name in ("mo", "cleo"):
        Seat.objects.create(user=User.objects.create_user(name, team=company.marketing.team))
    loose = say(loose, mo="yes", cleo="yes", panelist="yes")
    assert tally_of(loose).why_not == "3 of 4 voted, which is not more than 99 %"
    loose = say(loose, curator="abstain")
    # Two thirds are more than 66 %; nobody of Finance says yes.
    assert (loose.status, loose.vote_closes) == ("draft", None)
    reason = AuditEntry.objects.get(action="framework.vote_failed").data["reason"]
    assert reason == "no yes from Finance"


@pytest.mark.parametrize(("yes", "no", "passes"), [(2, 1, True), (3, 2, False), (4, 2, True)])
def test_the_majority_is_of_yes_and_no(company: Company, yes: int, no: int, passes: bool) -> None:
    with unsealed():
        FrameworkVersion.objects.update(majority=66)
    names = [f"member-{number}" for number in range(yes + no + 1)]
    Seat.objects.all().update(is_active=False)
    for name in names:
        Seat.objects.create(user=User.objects.create_user(name))
    company.curator.is_superuser = True
    draft = opened(company, amended(company))
    said = ["yes"] * yes + ["Not so."] * no + ["abstain"]
    draft = say(draft, **dict(zip(names, said, strict=True)))
    assert draft.status == ("published" if passes else "draft")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("must_agree", ["sales"], "Name functions, each once"),
        ("must_agree", ["cx", "cx"], "Name functions, each once"),
        ("must_agree", "cx", "Name functions, each once"),
        ("quorum", 100, "less than or equal to 99"),
        ("majority", 49, "greater than or equal to 50"),
    ],
)
def test_a_charter_that_cannot_be_met_is_refused(
    company: Company, name: str, value: object, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        amended(company, **{name: value})


def test_a_function_that_must_agree_needs_a_seat(company: Company) -> None:
    with unsealed():
        FrameworkVersion.objects.update(must_agree=["it", "cx"])
    draft = amended(company)
    with pytest.raises(Conflict, match="CX must agree to a change"):
        opened(company, draft)


def test_rules_chosen_after_the_scores_wait_for_the_next_cycle(company: Company) -> None:
    company.scored("Alpha")
    draft = opened(company, amended(company, quorum=60))
    page = text(signed_in(company.panelist).get(VOTE))
    assert "It comes into force after This year" in page
    assert "It comes into force after This year" in text(signed_in(company.cx).get("/framework/"))
    assert say(draft, curator="yes", panelist="yes").status == "ratified"
    assert published_version() == company.version
    assert begin_ratified() == 0
    told = Notification.objects.filter(recipient=company.panelist).latest("pk").text
    assert told == "Test framework v2 is ratified, for after This year: the panel said yes."
    in_force = {"status": "published", "published_at": timezone.now()}
    with transaction.atomic():
        FrameworkVersion.objects.filter(status="published").update(status="retired")
        with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
            FrameworkVersion.objects.filter(pk=draft.pk).update(**in_force)
        transaction.set_rollback(True)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        FrameworkVersion.objects.filter(pk=draft.pk).update(quorum=10)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        FrameworkVersion.objects.filter(pk=draft.pk).update(after_cycle=None)
    make_current(actor=company.admin, cycle=next_cycle(company))
    assert begin_ratified() == 1
    now = published_version()
    assert now is not None
    assert (now.number, now.quorum, now.published_by) == (2, 60, company.curator)
    assert begin_ratified() == 0


def next_cycle(company: Company) -> Cycle:
    day = company.cycle.intake_closes + timedelta(days=1)
    return Cycle.objects.create(name="Next year", intake_opens=day, intake_closes=day, budget=1)


def test_the_panel_can_vote_for_at_once_by_name(company: Company) -> None:
    company.scored("Alpha")
    draft = opened(company, amended(company), at_once=True)
    assert "It comes into force at once" in text(signed_in(company.panelist).get(VOTE))
    assert AuditEntry.objects.get(action="framework.vote").data["at_once"] is True
    assert say(draft, curator="yes", panelist="yes").status == "published"


def test_before_the_first_judgement_a_change_is_in_force_at_once(company: Company) -> None:
    company.submitted("Begun")
    draft = opened(company, amended(company))
    assert draft.after_cycle is None
    assert "It comes into force" not in text(signed_in(company.panelist).get(VOTE))
    company.scored("Alpha")
    assert say(draft, curator="yes", panelist="yes").status == "published"


def test_a_change_begins_from_what_is_ratified_and_replaces_it(company: Company) -> None:
    company.scored("Alpha")
    first = say(opened(company, amended(company, quorum=60)), curator="yes", panelist="yes")
    second = amended(company, majority=60)
    assert (second.number, second.quorum) == (3, 60)
    second = say(opened(company, second), curator="yes", panelist="yes")
    first.refresh_from_db()
    assert (first.status, first.published_at, second.status) == ("retired", None, "ratified")
    assert "never in force" in text(signed_in(company.cx).get("/framework/"))


def test_a_cycle_that_ends_during_the_vote_delays_nothing(company: Company) -> None:
    company.scored("Alpha")
    draft = opened(company, amended(company))
    make_current(actor=company.admin, cycle=next_cycle(company))
    assert say(draft, curator="yes", panelist="yes").status == "published"


def test_a_term_that_is_over_gives_no_vote(company: Company, draft: FrameworkVersion) -> None:
    today = timezone.localdate()
    terms = Seat.objects.filter(user__username="mo")
    terms.update(until=today)
    say(draft, mo="yes")
    terms.update(until=today - timedelta(days=1))
    assert (tally_of(draft).seats, tally_of(draft).lacking) == (3, ["Marketing", "CX"])
    Seat.objects.filter(user=company.panelist).update(until=today - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        say(draft, panelist="yes")


def test_the_panel_comments_before_it_votes(company: Company) -> None:
    draft = amended(company, quorum=60)
    client = signed_in(company.panelist)
    page = text(client.get(VOTE))
    assert "being written" in page
    assert "Your ballot" not in page
    assert "Read and comment" in text(client.get("/framework/"))
    body = {"clause": "Seats that have to vote", "text": "Three of four is too many."}
    page = text(client.post("/admin/framework/comment/", body, follow=True))
    assert "Three of four is too many." in page
    assert "on: Seats that have to vote" in page
    told = Notification.objects.get(recipient=company.curator)
    assert told.text == (
        f"{company.panelist} on Test framework v2, Seats that have to vote: "
        "Three of four is too many."
    )
    assert "What the panel says (1)" in text(signed_in(company.curator).get("/admin/framework/"))
    answer = "Said better: half of them."
    comment_on_draft(actor=company.curator, version=draft, text=answer)
    assert Notification.objects.filter(recipient=company.panelist, text__endswith=answer).exists()
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        DraftComment.objects.update(text="Never said.")
    # Begun anew under the same number, what was said stays; a draft that voted is over.
    discard_draft(actor=company.curator, version=draft, expected_version=draft.version)
    again = opened(company, amended(company))
    assert "Three of four is too many." in text(client.get(VOTE))
    passed = say(again, curator="yes", panelist="yes")
    with pytest.raises(Conflict, match="no draft any more"):
        comment_on_draft(actor=company.panelist, version=passed, text="Too late.")


def test_only_the_panel_comments_and_says_something(company: Company) -> None:
    draft = amended(company)
    with pytest.raises(PermissionDenied):
        comment_on_draft(actor=company.leader, version=draft, text="So.")
    with pytest.raises(ValidationError, match="cannot be blank"):
        comment_on_draft(actor=company.panelist, version=draft, text="  ")
