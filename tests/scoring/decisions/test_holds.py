"""A hold may end on a day: then the leaders look at the proposal again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from projects.immutability import unsealed
from projects.models import Notification, Proposal
from scoring.deadlines.selectors import deadlines_of
from scoring.decisions.selectors import held_until_now
from scoring.decisions.services import draft_letter, remind_of_holds
from scoring.models import Decision, RankingRun
from tests.company import Company, recorded
from tests.contract import Api, refusal_of
from tests.pages import signed_in, words

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def proposal(company: Company) -> Proposal:
    return company.scored("One")


@pytest.fixture
def run(company: Company, proposal: Proposal) -> RankingRun:
    return company.rank()


def held(company: Company, proposal: Proposal, run: RankingRun, **said: Any) -> Decision:
    values = {"outcome": "hold", "reason": "Later.", "override_code": "capacity"}
    return recorded(
        actor=company.leader,
        proposal=proposal,
        run=run,
        creation_key=uuid4(),
        **(values | {"hold_until": SOON} | said),
    )


def over(decision: Decision, day: date = TODAY) -> None:
    with unsealed():
        Decision.objects.filter(pk=decision.pk).update(hold_until=day)


def test_it_is_kept_told_and_written_in_the_letter(
    company: Company, proposal: Proposal, run: RankingRun
) -> None:
    Notification.objects.all().delete()
    made = held(company, proposal, run)
    assert made.hold_until == SOON
    assert f"is on hold until {SOON}." in made.letter
    assert "The leaders look at it again on that day. It stays in the backlog" in made.letter
    told = Notification.objects.get(recipient=company.marketing).text
    assert told.startswith(f"“One”: hold until {SOON}.")


def test_other_outcomes_have_no_end(company: Company, proposal: Proposal, run: RankingRun) -> None:
    made = held(company, proposal, run, outcome="decline")
    assert made.hold_until is None
    letter = draft_letter(
        actor=company.leader,
        result=run.results.get(),
        outcome="decline",
        reason="No.",
        hold_until=SOON,
    )
    assert str(SOON) not in letter
    with pytest.raises(IntegrityError), unsealed(), transaction.atomic():
        Decision.objects.update(hold_until=SOON)


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_it_ends_after_today(
    company: Company, proposal: Proposal, run: RankingRun, day: date
) -> None:
    with pytest.raises(ValidationError) as caught:
        held(company, proposal, run, hold_until=day)
    assert caught.value.message_dict == {"hold_until": ["Choose a day after today."]}
    assert not Decision.objects.exists()


class TestTheDayHasCome:
    def test_who_held_it_is_told_once(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        made = held(company, proposal, run)
        Notification.objects.all().delete()
        assert remind_of_holds() == 0
        over(made)
        assert (remind_of_holds(), remind_of_holds()) == (1, 0)
        note = Notification.objects.get()
        assert (note.recipient, note.text) == (
            company.leader,
            f"“One” was held until {TODAY}: decide on it.",
        )

    def test_leaders_find_it_on_their_first_page_until_it_is_decided(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        made = held(company, proposal, run)
        leader = signed_in(company.leader)
        assert "Held until now" not in words(leader.get("/outcomes/due/"))
        over(made, TODAY - timedelta(days=3))
        assert "Held until now One" in words(leader.get("/outcomes/due/"))
        assert "Held until now" not in words(signed_in(company.marketing).get("/outcomes/due/"))
        held(company, proposal, run, hold_until=None)
        assert not held_until_now().exists()
        assert "Held until now" not in words(leader.get("/outcomes/due/"))

    def test_it_stands_in_the_calendar_of_who_held_it(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        made = held(company, proposal, run)
        mine = [one for one in deadlines_of(company.leader) if one.key == f"hold-{made.pk}"]
        assert [one.day for one in mine] == [SOON]
        others = {one.key for one in deadlines_of(company.marketing)}
        assert f"hold-{made.pk}" not in others

    def test_a_withdrawn_proposal_is_not_asked_about(
        self, company: Company, proposal: Proposal, run: RankingRun
    ) -> None:
        over(held(company, proposal, run))
        Proposal.objects.filter(pk=proposal.pk).update(status="withdrawn")
        assert not held_until_now().exists()


def test_by_page_and_by_interface(company: Company, proposal: Proposal, run: RankingRun) -> None:
    said = {"run": run.pk, "outcome": "hold", "reason": "Later.", "override_code": "capacity"}
    page = signed_in(company.leader).post(
        f"/backlog/{proposal.pk}/decide/",
        said | {"creation_key": uuid4(), "hold_until": str(TODAY)},
    )
    assert page.status_code == 422
    assert "Choose a day after today." in words(page)
    assert f'value="{TODAY}"' in page.content.decode()
    shown = signed_in(company.leader).post(
        f"/backlog/{proposal.pk}/decide/",
        said | {"creation_key": uuid4(), "hold_until": str(SOON)},
        follow=True,
    )
    assert f"Hold until {SOON} recorded for “One”." in words(shown)
    assert Decision.objects.get().hold_until == SOON
    body = said | {"proposal": proposal.pk}
    api = Api(company.leader)
    refused = api.send("POST", "/decisions/", body | {"hold_until": str(TODAY)})
    assert refusal_of(refused) == {"hold_until": ["Choose a day after today."]}
    made = api.send("POST", "/decisions/", body | {"hold_until": str(SOON)}).json()
    assert made["hold_until"] == str(SOON)
