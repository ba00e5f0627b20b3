"""The letter to both owners: with the decision, never without it; its advice, followed, works."""

from typing import Any
from uuid import uuid4

import pytest

from jobs.models import Message
from projects.models import Notification, Proposal, User
from projects.people.models import MailChoice
from scoring.decisions.services import draft_letter
from scoring.decisions.services.crossing import crossing_of
from scoring.framework.selectors import spec_of
from scoring.framework.services.versions import save_draft, start_draft
from scoring.models import Decision, RankedProposal, RankingRun, Seat
from tests.company import Company, a_condition, recorded
from tests.contract import Api
from tests.pages import signed_in, words


def decided(
    company: Company, proposal: Proposal, run: RankingRun, outcome: str = "decline", **said: Any
) -> Decision:
    return recorded(
        actor=company.leader,
        proposal=proposal,
        run=run,
        outcome=outcome,
        reason="Not this year.",
        creation_key=uuid4(),
        **said,
    )


def result_of(run: RankingRun, proposal: Proposal) -> RankedProposal:
    return run.results.select_related("run", "proposal").get(proposal=proposal)


@pytest.fixture
def below(company: Company) -> tuple[Proposal, RankingRun]:
    """Two fill the budget of 250,000; the third is judged a little worse, all return enough."""
    money = {"cost": 120_000, "benefit": 1_000_000}
    for name in ("First", "Second"):
        company.scored(name, money=company.money(**money), pain=50, fit=100)
    third = company.scored("Third", money=company.money(**money), pain=0, fit=100)
    return third, company.rank()


class TestText:
    def test_a_refusal_says_what_why_and_what_would_have_changed_it(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        third, run = below
        letter = decided(company, third, run).letter
        paragraphs = letter.split("\n\n")
        assert paragraphs[0] == f"“Third” ({third.reference}) is declined."
        assert paragraphs[1] == "Not this year."
        assert paragraphs[2].startswith(f"It stood at rank 3 in run {run.pk} under ")
        assert paragraphs[2].endswith("outside the budget of 250,000 EUR.")
        assert paragraphs[3].startswith("What carried it: ")
        assert paragraphs[4].startswith("What cost it most: ")
        score, cost = paragraphs[5].splitlines()
        change = "Pain relieved at 50.01 of 100 instead of 0."
        assert score == f"The smallest change that would have put it inside: {change}"
        change = "an expected cost of 10.0 k EUR instead of 120 k EUR."
        assert cost == f"At its rank it would have fitted with {change}"
        assert paragraphs[6].startswith("It leaves the backlog.")
        assert paragraphs[7] == "Ask leader, who decided."

    def test_a_yes_has_no_advice(self, company: Company) -> None:
        proposal = company.scored("One")
        made = decided(
            company,
            proposal,
            company.rank(),
            "conditional",
            conditions=[a_condition(company.cx, "Legal agrees.")],
        )
        assert "would have" not in made.letter
        assert "What must be true first:\n- Legal agrees. (cx, by " in made.letter

    def test_a_departure_says_its_reason(self, company: Company) -> None:
        proposal = company.scored("One")
        made = decided(company, proposal, company.rank(), "hold", override_code="capacity")
        assert (
            "The decision departs from the ranking: the people needed are not free." in made.letter
        )

    def test_what_has_no_rank_says_what_is_missing(self, company: Company) -> None:
        proposal = company.submitted("Unjudged")
        made = decided(company, proposal, company.rank(), "hold")
        assert "It had no rank in run" in made.letter
        assert "No score yet: Pain relieved, Strategic fit" in made.letter
        assert "would have" not in made.letter

    def test_nobody_elses_figures_are_in_it(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        third, run = below
        letter = decided(company, third, run).letter
        assert "First" not in letter
        assert "Second" not in letter


class TestAdvice:
    """Each piece of advice is followed, alone, and the next run is asked."""

    def test_what_it_needs_is_just_above_who_took_its_place(self, company: Company) -> None:
        """Fit 25 of the one on the line; the other has 0 and needs more than 25 there."""
        money = {"cost": 200_000, "benefit": 2_000_000}
        company.scored("On the line", money=company.money(**money), pain=50, fit=25)
        worse = company.scored("Worse", money=company.money(**money), pain=50, fit=0)
        run = company.rank()
        found = crossing_of(run, result_of(run, worse))
        assert found is not None
        assert found.needed is not None
        assert found.needed.criterion.key == "strategic-fit"
        assert found.needed.value == pytest.approx(25, abs=1e-3)
        assert found.needed.value > 25
        better = company.scored("Better", money=company.money(**money), pain=50, fit=100)
        again = company.rank()
        assert result_of(again, better).line == "inside"

    def test_what_fits_exactly_fits(self, company: Company) -> None:
        """50,000 are left below the first: the place behind it is early enough."""
        money = {"cost": 200_000, "benefit": 2_000_000}
        company.scored("First", money=company.money(**money), pain=100, fit=100)
        small = {"cost": 50_000, "benefit": 500_000}
        company.scored("Second", money=company.money(**small), pain=50, fit=25)
        worse = company.scored("Worse", money=company.money(**small), pain=50, fit=0)
        run = company.rank()
        found = crossing_of(run, result_of(run, worse))
        assert found is not None
        assert found.needed is not None
        assert found.needed.value == pytest.approx(25, abs=1e-3)

    def test_where_value_is_divided_by_cost(self, company: Company) -> None:
        """Twice the cost needs twice the value. Such a framework does not look at ROI itself."""
        draft = start_draft(actor=company.curator)
        spec = spec_of(draft) | {"summary": "Value for money."}
        spec["parameters"]["cost_unit"] = "100000"
        spec["dimensions"] = spec["dimensions"][1:]
        for dimension in spec["dimensions"]:
            dimension["weights"] = {"": "50"}
        draft = save_draft(
            actor=company.curator, version=draft, spec=spec, expected_version=draft.version
        )
        company.version = company.ratified(draft)
        company.scored("Above", money=company.money(cost=100_000), pain=0, fit=25)
        below = company.scored("Below", money=company.money(cost=200_000), pain=0, fit=25)
        run = company.rank()
        first, other = result_of(run, Proposal.objects.get(title="Above")), result_of(run, below)
        assert (first.line, other.line) == ("inside", "outside")
        found = crossing_of(run, other)
        assert found is not None
        assert found.needed is not None
        assert first.value is not None
        assert other.value is not None
        assert found.needed.criterion.key == "strategic-fit"
        short = first.value * 2 - other.value
        assert found.needed.value == pytest.approx(25 + short / 0.5, abs=1e-3)

    def test_a_lower_cost_puts_it_inside(self, company: Company) -> None:
        company.scored("Above", money=company.money(cost=200_000, benefit=300_000), pain=100)
        below = company.scored("Below", money=company.money(cost=90_000, benefit=60_000))
        run = company.rank()
        found = crossing_of(run, result_of(run, below))
        assert found is not None
        assert found.cost == pytest.approx(50_000)
        for cost, line in ((50_000, "inside"), (50_001, "outside")):
            Proposal.objects.filter(title__startswith="Cheaper").update(status="declined")
            made = company.scored(
                f"Cheaper {cost}", money=company.money(cost=cost, benefit=cost * 2 // 3)
            )
            Proposal.objects.filter(pk=below.pk).update(status="declined")
            assert result_of(company.rank(), made).line == line

    def test_a_computed_criterion_is_said_in_its_own_unit(self, company: Company) -> None:
        company.scored("Above", money=company.money(cost=200_000, benefit=200_000), pain=100)
        poor = company.scored(
            "Poor", money=company.money(cost=200_000, benefit=90_000), pain=100, fit=25
        )
        run = company.rank()
        found = crossing_of(run, result_of(run, poor))
        assert found is not None
        assert found.needed is not None
        # Return weighs most, so it needs the least rise.
        assert found.needed.criterion.source == "expected_roi"
        above = run.results.get(title="Above")
        assert found.needed.given == pytest.approx(above.roi, abs=1e-3)
        letter = draft_letter(
            actor=company.leader, result=result_of(run, poor), outcome="hold", reason="So."
        )
        assert "Expected ROI at " in letter
        assert "× instead of " in letter

    def test_what_costs_more_than_the_budget_has_no_score_that_helps(
        self, company: Company
    ) -> None:
        dear = company.scored("Dear", money=company.money(cost=300_000), pain=100, fit=100)
        run = company.rank()
        found = crossing_of(run, result_of(run, dear))
        assert found is not None
        assert (found.needed, found.cost) == (None, 250_000)

    def test_what_is_inside_has_nothing_to_cross(self, company: Company) -> None:
        proposal = company.scored("One")
        run = company.rank()
        assert crossing_of(run, result_of(run, proposal)) is None


class TestSending:
    def test_it_goes_to_both_owners_with_the_decision(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        third, run = below
        for owner in (company.marketing, company.cx):
            User.objects.filter(pk=owner.pk).update(
                email=f"{owner.username}@x.example", mail=MailChoice.AT_ONCE
            )
        Message.objects.all().delete()
        made = decided(company, third, run)
        mails = Message.objects.all()
        assert {mail.recipient for mail in mails} == {"marketing@x.example", "cx@x.example"}
        for mail in mails:
            assert made.letter in mail.payload["text"]
        again = recorded(
            actor=company.leader,
            proposal=third,
            run=run,
            outcome="decline",
            reason="Not this year.",
            creation_key=made.creation_key,
        )
        assert (again.pk, Message.objects.count()) == (made.pk, 2)

    def test_a_decision_that_is_refused_sends_nothing(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        third, run = below
        Notification.objects.all().delete()
        before = Message.objects.count()
        with pytest.raises(Exception, match="override_code"):
            decided(company, third, run, "greenlight")
        assert (Message.objects.count(), Notification.objects.count()) == (before, 0)

    def test_who_reads_it_and_a_preview_that_records_nothing(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        third, run = below
        person = signed_in(company.leader)
        form = {"run": run.pk, "outcome": "decline", "reason": "Not this year.", "preview": "1"}
        form |= {"creation_key": str(uuid4())}
        page = person.post(f"/backlog/{third.pk}/decide/", form)
        assert "The letter, not sent yet “Third”" in words(page)
        assert not Decision.objects.exists()
        made = decided(company, third, run)
        for reader in (company.marketing, company.cx, company.leader, company.admin):
            page = signed_in(reader).get(f"/decisions/{made.pk}/letter/")
            assert "What carried it" in words(page)
            told = Api(reader).read(f"/decisions/{made.pk}/")
            assert told["letter"] == made.letter
        for stranger in (company.other_cx, company.marketing_mate, company.panelist):
            page = signed_in(stranger).get(f"/decisions/{made.pk}/letter/")
            assert page.status_code == 404
            assert Api(stranger).read(f"/decisions/{made.pk}/")["letter"] == ""
            assert (
                "/letter/"
                not in signed_in(stranger).get(f"/proposals/{third.pk}/").content.decode()
            )

    def test_an_owner_on_the_panel_waits_until_all_of_theirs_is_judged(
        self, company: Company, below: tuple[Proposal, RankingRun]
    ) -> None:
        """The letter says where it stood, from which what is still to be judged could be read."""
        third, _ = below
        other = company.submitted("Other", marketing=company.other_marketing, cx=company.other_cx)
        Seat.objects.create(user=company.marketing)
        for owner in (company.marketing, company.cx):
            User.objects.filter(pk=owner.pk).update(
                email=f"{owner.username}@x.example", mail=MailChoice.AT_ONCE
            )
        run = company.rank()
        Message.objects.all().delete()
        made = decided(company, third, run)
        said = {mail.recipient: mail.payload["text"] for mail in Message.objects.all()}
        assert made.letter in said["cx@x.example"]
        assert "It stood at rank" not in said["marketing@x.example"]
        assert "“Third”: decline. Read the reason on its page." in said["marketing@x.example"]
        page = f"/decisions/{made.pk}/letter/"
        person = signed_in(company.marketing)
        assert person.get(page).status_code == 404
        assert page not in person.get(f"/proposals/{third.pk}/").content.decode()
        assert Api(company.marketing).read(f"/decisions/{made.pk}/")["letter"] == ""
        company.score(other, company.marketing, 50, 25)
        assert person.get(page).status_code == 200
