"""The panel's vote: nobody changes the rules alone, by no way, and a no says why."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.errors import Conflict
from projects.immutability import unsealed
from projects.models import AuditEntry, Notification, Team, User
from scoring.framework.selectors import draft_version, published_version, spec_of
from scoring.framework.services.versions import (
    discard_draft,
    publish_version,
    save_draft,
    start_draft,
)
from scoring.framework.services.votes import (
    cast_ballot,
    open_vote,
    remind_of_votes,
    settle_votes,
    take_back_vote,
    tally_of,
)
from scoring.models import Ballot, FrameworkVersion, Seat
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
