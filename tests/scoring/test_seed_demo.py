"""The demo company: what it shows, and that it never mixes with anybody else's data."""

from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.urls import reverse

from prioritizer.management.commands.up import DEMO_PASSWORD, DEMO_PEOPLE
from projects.audit.services import broken_entries
from projects.cycles.selectors import open_cycle
from projects.models import AuditHead, Cycle, Function, Notification, Proposal, User
from projects.proposals.selectors import owned_drafts
from scoring.backlog.selectors.backlog import cut_line
from scoring.demo.company import PASSWORD, SIGN_INS
from scoring.framework.selectors import draft_version, published_version
from scoring.models import Decision, RankedProposal, RankingRun, Score, Scorecard, Seat
from scoring.outcomes.selectors import greenlit, standings
from scoring.outcomes.services import progress_of
from scoring.outcomes.services.record import accuracy
from scoring.ranking.selectors.runs import current_run, latest_change
from scoring.ranking.services.ranking import replay
from scoring.scorecards.selectors.cards import pending_for, queue_progress
from scoring.what_if.services.preview import preview_draft

CARD = "Stop offering customers the card they already hold"


class TestDemoCompany(TestCase):
    """One seeding for all of these; what a test changes is taken back after it."""

    @classmethod
    def setUpTestData(cls):
        call_command("seed_demo", verbosity=0)

    def person(self, username: str) -> User:
        return User.objects.get(username=username)

    def results(self) -> dict[str, RankedProposal]:
        run = current_run(None)
        assert run is not None
        return {result.title: result for result in run.results.all()}

    def test_proposals_stand_in_every_state(self):
        states = Counter(Proposal.objects.values_list("status", flat=True))
        assert states == {
            "draft": 6,
            "submitted": 23,
            "greenlit": 13,
            "conditional": 2,
            "on_hold": 3,
            "declined": 2,
        }

    def test_the_panel_has_scored_all_some_and_none_of_a_proposal(self):
        submitted = Proposal.objects.filter(status=Proposal.Status.SUBMITTED)
        counts = Counter(
            proposal.scorecards.filter(status=Scorecard.Status.SUBMITTED).count()
            for proposal in submitted
        )
        assert counts[0] == 4
        assert sum(counts[few] for few in (1, 2, 3, 4)) >= 5
        assert sum(counts[many] for many in (5, 6, 7)) >= 12

    def test_a_second_seeding_changes_nothing(self):
        def seen():
            return (
                AuditHead.objects.get().digest,
                Notification.objects.count(),
                Scorecard.objects.count(),
                max(Proposal.objects.values_list("updated_at", flat=True)),
            )

        before = seen()
        with self.assertNumQueries(3):  # a savepoint around one question
            call_command("seed_demo", verbosity=0)
        assert seen() == before

    def test_people_who_come_later_do_not_disturb(self):
        User.objects.create(username="newcomer", email="newcomer@bank.test")
        call_command("seed_demo", verbosity=0)

    def test_the_sign_ins_are_those_that_are_announced(self):
        assert (SIGN_INS, PASSWORD) == (DEMO_PEOPLE, DEMO_PASSWORD)

    def test_everyone_signs_in(self):
        for username in SIGN_INS:
            self.client.logout()
            self.client.post(
                reverse(settings.LOGIN_URL), {"username": username, "password": PASSWORD}
            )
            assert self.client.session["_auth_user_id"] == str(self.person(username).pk)

    def test_the_sign_ins_have_the_roles_of_their_names(self):
        assert self.person("marketing").function == Function.MARKETING
        assert self.person("cx").function == Function.CX
        assert not self.person("panelist").seat.is_chair
        assert self.person("curator").seat.is_chair
        assert list(User.objects.filter(is_leader=True)) == [
            self.person("leader"),
            self.person("nora"),
        ]
        assert list(User.objects.filter(is_superuser=True)) == [self.person("admin")]

    def test_the_panel_comes_from_many_functions(self):
        seats = Seat.objects.select_related("user__team")
        assert len(seats) == 7
        assert len({seat.user.function for seat in seats}) >= 4

    def test_intake_is_open(self):
        assert open_cycle() == Cycle.objects.get(is_current=True)
        assert Cycle.objects.count() == 2

    def test_weights_sum_in_force_and_in_the_amendment(self):
        for version in (published_version(), draft_version()):
            assert version is not None
            for profile in version.profiles.all():
                assert sum(weight.weight for weight in profile.weights.all()) == Decimal(100)
            for dimension in version.dimensions.all():
                assert sum(item.weight for item in dimension.criteria.all()) == Decimal(100)

    def test_judged_criteria_have_five_anchored_levels(self):
        version = published_version()
        assert version is not None
        judged = [
            [level.value for level in criterion.levels.all()]
            for dimension in version.dimensions.all()
            for criterion in dimension.criteria.all()
            if criterion.is_judged
        ]
        assert len(judged) == 6
        assert all(values == [0, 25, 50, 75, 100] for values in judged)

    def test_the_amendment_moves_something(self):
        draft, run = draft_version(), current_run(None)
        assert draft is not None
        assert run is not None
        assert any(move.by for move in preview_draft(draft, run))

    def test_the_card_that_people_hold_is_near_the_top_for_certain(self):
        card = self.results()[CARD]
        assert card.rank is not None
        assert card.rank_high is not None
        assert card.rank <= 3
        assert card.rank_high <= 3
        assert card.line == RankedProposal.Line.INSIDE

    def test_the_budget_ends_inside_the_list(self):
        run = current_run(None)
        assert run is not None
        line = cut_line(run)
        assert 8 <= line.inside <= 20
        assert line.first_out is not None
        near = [result for result in run.results.all() if 0.1 <= (result.p_funded or 0) < 0.9]
        assert len(near) >= 3

    def test_some_proposals_are_incomplete_and_say_why(self):
        incomplete = [
            result
            for result in self.results().values()
            if result.line == RankedProposal.Line.INCOMPLETE
        ]
        assert len(incomplete) == 6
        assert all(result.missing for result in incomplete)
        assert any(result.roi is None for result in incomplete)
        assert any(result.impact is None for result in incomplete)

    def test_two_proposals_cannot_be_told_apart(self):
        results = self.results()
        view = results["One view of all accounts in a family"]
        card = results["A first card that teaches a teenager to budget"]
        assert view.value == pytest.approx(card.value, abs=1)
        assert view.rank_low is not None
        assert view.rank_high is not None
        assert card.rank is not None
        assert view.rank_low <= card.rank <= view.rank_high

    def test_neither_side_gets_its_pet_past_the_money(self):
        results = self.results()
        for title in (
            "Win 40,000 students with a 100 EUR welcome gift",
            "A gold gift for everyone who stays five years",
        ):
            result = results[title]
            assert result.roi is not None
            assert result.roi < 0
            assert result.line == RankedProposal.Line.OUTSIDE

    def test_decisions_came_before_the_current_run(self):
        first, current = RankingRun.objects.filter(cycle__is_current=True).order_by("pk")
        assert current == current_run(None)
        decided = Decision.objects.filter(proposal__cycle__is_current=True)
        assert set(decided.values_list("run", flat=True)) == {first.pk}
        codes = set(Decision.objects.exclude(override_code="").values_list("override_code"))
        assert codes == {("legal",), ("capacity",)}

    def test_the_round_of_a_year_ago_is_over(self):
        progress = progress_of(standings(greenlit().filter(cycle__is_current=False)))
        states = Counter(one.state for one in progress)
        assert states == {"done": 5, "stopped": 1, "delayed": 1}
        # Some came as expected, some did not, and enough is known to learn from.
        costs, benefits = accuracy(progress)
        assert costs.is_enough
        assert benefits.is_enough
        assert {one.spent.word for one in progress} == {
            "as expected",
            "more than expected",
            "less than expected",
        }
        assert all(one.months > 6 for one in progress)

    def test_the_backlog_is_up_to_date(self):
        run = current_run(None)
        assert run is not None
        changed = latest_change(run.cycle)
        assert changed is not None
        assert run.started_at is not None
        assert changed <= run.started_at

    def test_the_panelist_has_done_some_begun_one_and_left_some(self):
        version = published_version()
        assert version is not None
        progress = queue_progress(self.person("panelist"), version)
        assert progress.done >= 10
        assert progress.remaining >= 5
        begun = Scorecard.objects.get(status=Scorecard.Status.DRAFT)
        assert begun.panelist == self.person("panelist")
        assert begun.proposal in pending_for(self.person("panelist"), version)

    def test_panelists_do_not_judge_their_own_teams(self):
        version = published_version()
        assert version is not None
        submitted = Proposal.objects.filter(status=Proposal.Status.SUBMITTED).count()
        for username in ("panelist", "lucas", "hannah", "grace"):
            assert queue_progress(self.person(username), version).total < submitted

    def test_abstentions_and_a_recusal_have_reasons(self):
        recused = Scorecard.objects.get(status=Scorecard.Status.RECUSED)
        assert recused.recusal_reason
        assert Score.objects.exclude(abstention_reason="").count() >= 3

    def test_drafts_wait_for_the_cx_owner(self):
        drafts = {draft.proposal.title: draft for draft in owned_drafts(self.person("cx"))}
        assert drafts["Tell customers early when their branch closes"].needs_my_key
        assert drafts["The app in five more languages"].signed == {"marketing", "cx"}
        assert not drafts["Quiet hours for messages from the app"].signed

    def test_owners_were_told(self):
        assert Notification.objects.filter(recipient=self.person("marketing")).exists()

    def test_runs_replay_and_the_audit_trail_is_whole(self):
        assert all(replay(run) for run in RankingRun.objects.all())
        count, broken = broken_entries()
        assert count > 300
        assert not broken


@pytest.mark.django_db
def test_a_company_of_ones_own_is_left_alone():
    User.objects.create(username="ada", email="ada@bank.test")
    with pytest.raises(CommandError, match="company of its own"):
        call_command("seed_demo")
    assert User.objects.count() == 1
    assert not Cycle.objects.exists()
