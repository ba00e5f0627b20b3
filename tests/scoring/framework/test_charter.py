"""The charter, when a change that the panel ratifies comes into force, and comments on it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projects.cycles.services import make_current
from projects.errors import Conflict
from projects.immutability import unsealed
from projects.models import AuditEntry, Cycle, Notification, User
from scoring.framework.selectors import published_version, spec_of
from scoring.framework.services.comments import comment_on_draft
from scoring.framework.services.versions import discard_draft, save_draft, start_draft
from scoring.framework.services.votes import begin_ratified, open_vote, tally_of
from scoring.models import DraftComment, FrameworkVersion, Seat
from tests.company import Company
from tests.pages import signed_in, text
from tests.scoring.framework.test_votes import VOTE, say


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


def test_a_run_names_the_vote_on_its_framework(company: Company) -> None:
    company.scored("One")
    first = company.rank()
    company.amend(coverage_limit="0.7")
    second = company.rank()
    leader = signed_in(company.leader)
    assert "Test framework v1, provisional" in text(leader.get(f"/runs/{first.pk}/"))
    shown = text(leader.get(f"/runs/{second.pk}/"))
    assert "Test framework v2, ratified by the panel: 2 yes, 0 no, 0 abstained" in shown
