"""The list, what is asked of it, and what becomes of it."""

from random import Random
from uuid import uuid4

from django.utils import timezone

from fuzz.ground import Good, Ground
from projects.models import (
    Proposal,
    User,
)
from scoring.backlog.selectors.backlog import results_before
from scoring.exports.services.requests import request_export
from scoring.exports.services.write import write_export
from scoring.models import (
    Condition,
    Decision,
    ExportJob,
    PreparedDecision,
    RankedProposal,
    RankingRun,
    SavedView,
    Scenario,
)
from scoring.portfolio.services import adopted_plans
from scoring.ranking.selectors.runs import current_run


class Backlog(Ground):
    """The list, what is asked of it, and what becomes of it."""

    def good_backlog_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(self.ranked()).proposal_id)

    def good_decisions_create(self, _user: User, random: Random) -> Good:
        row = random.choice(self.ranked())
        inside = row.line == RankedProposal.Line.INSIDE
        body = {
            "proposal": row.proposal_id,
            "run": row.run_id,
            "outcome": "greenlight" if inside else "hold",
            "reason": "It is worth it.",
        }
        return Good(body=body)

    def good_conditions_meet_create(self, user: User, _random: Random) -> Good:
        """One of a proposal that was greenlit with conditions, for this person to see to."""
        decision = Decision.objects.filter(outcome=Decision.Outcome.CONDITIONAL).earliest("pk")
        made = Condition.objects.create(decision=decision, text="Agreed.", owner=user)
        return Good(made.pk, body={"how": "By mail."})

    def good_prepared_decisions_retrieve(self, _user: User, random: Random) -> Good:
        return Good(self.prepared(random).pk)

    def good_prepared_decisions_second_create(self, _user: User, random: Random) -> Good:
        return Good(self.prepared(random).pk)

    def good_prepared_decisions_turn_down_create(self, _user: User, random: Random) -> Good:
        return Good(self.prepared(random).pk, body={"because": "Not this year."})

    def prepared(self, random: Random) -> PreparedDecision:
        """One that waits for a leader of another function than Finance."""
        waiting = PreparedDecision.objects.filter(ended_at=None).first()
        if waiting is not None:
            return waiting
        row = random.choice(self.ranked())
        return PreparedDecision.objects.create(
            proposal_id=row.proposal_id,
            run_id=row.run_id,
            outcome=Decision.Outcome.HOLD,
            reason="Later.",
            why="It takes two leaders.",
            prepared_by=User.objects.filter(is_leader=True, team__function="finance")[0],
            creation_key=uuid4(),
        )

    def good_decisions_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Decision.objects.values_list("pk", flat=True))))

    def good_reports_create(self, _user: User, random: Random) -> Good:
        decided = Decision.objects.filter(outcome__in=Decision.YES)
        proposal = random.choice(list(decided.values_list("proposal", flat=True)))
        body = {
            "proposal": proposal,
            "as_of": str(timezone.localdate()),
            "state": random.choice(["under_way", "delayed", "stopped"]),
            "brought": str(random.randint(-9, 10**6)),
        }
        return Good(body=body)

    def good_backlog_ledger_retrieve(self, _user: User, random: Random) -> Good:
        """Only what was ranked before has moved."""
        run = current_run(None)
        assert run is not None
        before = set(results_before(run, None).values_list("proposal", flat=True))
        both = [row.proposal_id for row in self.ranked() if row.proposal_id in before]
        return Good(random.choice(both))

    def good_exports_create(self, _user: User, random: Random) -> Good:
        body = {"format": random.choice(ExportJob.Format.values), "filter": "status=submitted"}
        return Good(body=body)

    def good_exports_retrieve(self, user: User, _random: Random) -> Good:
        return Good(self.export_of(user).pk)

    def good_exports_file_retrieve(self, user: User, _random: Random) -> Good:
        return Good(self.export_of(user).pk)

    def export_of(self, user: User) -> ExportJob:
        """A finished one of the person's own."""
        made = ExportJob.objects.filter(owner=user, status=ExportJob.Status.DONE).first()
        if made is None:
            run = current_run(None)
            assert run is not None
            made = request_export(actor=user, run=run, kind="csv", query="", creation_key=uuid4())
            assert write_export(job_id=made.pk)
        return made

    def good_saved_views_create(self, _user: User, random: Random) -> Good:
        name = f"View {random.randrange(10**9)}"
        return Good(body={"name": name, "query": "status=submitted&sort=-roi"})

    def good_saved_views_destroy(self, user: User, _random: Random) -> Good:
        made, _ = SavedView.objects.get_or_create(owner=user, name="Mine", query="sort=-roi")
        return Good(made.pk)

    def good_scenarios_create(self, _user: User, random: Random) -> Good:
        return Good(body={"name": f"Scenario {random.randrange(10**9)}", "query": "budget=1000000"})

    def good_scenarios_ask_create(self, _user: User, random: Random) -> Good:
        return Good(body={"query": random.choice(["", "budget=1000000"])})

    def good_plans_ask_create(self, _user: User, random: Random) -> Good:
        pool = "of=stream:Retention&low=10%25&high="
        return Good(body={"query": random.choice(["", pool, "way=list&budget=1000000"])})

    def good_plans_worth_create(self, _user: User, random: Random) -> Good:
        return Good(body={"query": random.choice(["", "budget=1000000"])})

    def good_plans_create(self, user: User, random: Random) -> Good:
        standing = adopted_plans(user).filter(cycle__is_current=True).first()
        name, seen = f"Plan {random.randrange(10**9)}", standing.pk if standing else 0
        return Good(body={"name": name, "query": "way=list&budget=99000000", "seen": seen})

    def scenario(self, user: User, _random: Random) -> Good:
        run = current_run(None)
        assert run is not None
        made, _ = Scenario.objects.get_or_create(
            cycle=run.cycle,
            name=f"Of {user}",
            defaults={"run": run, "query": "budget=1000000", "created_by": user},
        )
        return Good(made.pk)

    good_scenarios_retrieve = scenario

    good_scenarios_destroy = scenario

    good_scenarios_answer_retrieve = scenario

    def good_runs_cancel_create(self, _user: User, _random: Random) -> Good:
        """A run that waits, made in the transaction of the request."""
        last = RankingRun.objects.latest("pk")
        return Good(last.pk + 1, before=self.ask_for_run)

    def ask_for_run(self) -> None:
        run = RankingRun.objects.latest("pk")
        number = run.pk + 1
        RankingRun.objects.create(
            pk=number,
            cycle=run.cycle,
            framework_version=run.framework_version,
            trigger=RankingRun.Trigger.API,
            seed=run.seed,
            draws=run.draws,
        )

    def good_runs_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(RankingRun.objects.values_list("pk", flat=True))))

    def ranked(self) -> list[RankedProposal]:
        run = current_run(None)
        assert run is not None
        return list(run.results.filter(proposal__status__in=Proposal.IN_BACKLOG))
