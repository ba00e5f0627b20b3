"""The demo company seen through the API: which objects and bodies each operation accepts."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client

from projects.models import (
    Cycle,
    Evidence,
    Insight,
    JourneyStage,
    Kpi,
    Link,
    Persona,
    Promise,
    Proposal,
    ResearchRequest,
    Segment,
    Team,
    User,
)
from projects.tokens.services import issue_token
from scoring.backlog.selectors.backlog import results_before
from scoring.demo.company import SIGN_INS
from scoring.exports.services.requests import request_export
from scoring.exports.services.write import write_export
from scoring.framework.selectors import judged_criteria, published_version, spec_of, with_structure
from scoring.framework.services.opinions import ask_for_weights, give_opinion
from scoring.models import (
    Decision,
    DeclaredConflict,
    ExportJob,
    FrameworkVersion,
    Question,
    RankedProposal,
    RankingRun,
    SavedView,
    Scenario,
    Score,
)
from scoring.portfolio.services import adopted_plans
from scoring.ranking.selectors.runs import current_run
from scoring.scorecards.selectors import cards as scorecard_reads

JSON = "application/json"


@dataclass
class Good:
    """What a request needs to be accepted: the object's id, its version, a body."""

    pk: int = 0
    version: int | None = None
    body: Any = None
    before: Callable[[], object] = lambda: None  # carried out in the same transaction


@dataclass
class World:
    people: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in SIGN_INS:
            person = self.people[name] = User.objects.get(username=name)
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
            _, key = issue_token(actor=person, person=person, name="Fuzz", scope="write", days=1)
            self.clients[name] = Client(
                raise_request_exception=False, headers={"Authorization": f"Bearer {key}"}
            )
        self.draft = self.make_proposal("A draft")
        self.signed = self.make_proposal("Signed by both")
        self.fresh = self.make_proposal("Just submitted")
        for made in (self.signed, self.fresh):
            self.sign(made)
        self.post("marketing", f"proposals/{self.fresh.pk}/submit/", version=self.fresh.version)
        self.published = with_structure(FrameworkVersion.objects.all()).get(status="published")
        self.amendment = with_structure(FrameworkVersion.objects.all()).get(status="draft")

    def post(self, who: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        answer = self.clients[who].post(f"/api/v1/{path}", body, JSON, headers=headers)
        assert answer.status_code < 300, answer.content
        return answer.json()

    def make_proposal(self, title: str) -> Proposal:
        made = self.post("marketing", "proposals/", self.proposal_body(title))
        return Proposal.objects.get(pk=made["id"])

    def sign(self, proposal: Proposal) -> None:
        for who in ("marketing", "cx"):
            self.post(who, f"proposals/{proposal.pk}/sign/", {"digest": self.digest(proposal)})
        proposal.refresh_from_db()

    def digest(self, proposal: Proposal) -> str:
        answer = self.clients["marketing"].get(f"/api/v1/proposals/{proposal.pk}/")
        return str(answer.json()["digest"])

    def proposal_body(self, title: str) -> dict[str, Any]:
        stages = list(JourneyStage.objects.values_list("name", flat=True))
        segments = list(Segment.objects.values_list("name", flat=True))
        certain = {"low": "1000", "likely": "2000.50", "high": "3000"}
        texts = ("problem", "customer_job", "marketing_part", "cx_part")
        place = {"stage": stages[0], "segment": segments[0]}
        return {
            "title": title,
            "horizon_months": 36,
            **dict.fromkeys(texts, "As agreed."),
            "marketing_owner": self.people["marketing"].pk,
            "cx_owner": self.people["cx"].pk,
            "money": [{"kind": "one_off_cost", **certain}, {"kind": "retention", **certain}],
            "effects": [{**place, "reach": 100, "points": "5.5", "evidence": "user"}],
            "measures": [{"key": "fit", "value": 3.5}],
        }

    # ------------------------------------------------------------ what is accepted

    def good(self, operation: str, who: str, random: Random) -> Good:
        """What lets this person's request through, as far as anything does."""
        making = getattr(self, f"good_{operation}", None)
        return Good() if making is None else making(self.people[who], random)

    def good_proposals_create(self, _user: User, _random: Random) -> Good:
        return Good(body=self.proposal_body("A new one"))

    def good_links_create(self, user: User, random: Random) -> Good:
        one = self.make_proposal("Tied").pk
        other = self.good_proposals_retrieve(user, random).pk
        kind = random.choice(Link.Kind.values)
        return Good(body={"proposal": one, "kind": kind, "other": other, "because": "So."})

    def good_links_destroy(self, user: User, random: Random) -> Good:
        said = self.good_links_create(user, random).body
        ends = {"proposal_id": said.pop("proposal"), "other_id": said.pop("other")}
        return Good(Link.objects.create(**said, **ends, created_by=user).pk)

    def good_promises_create(self, _user: User, random: Random) -> Good:
        words = f"We answer within {random.randint(1, 10**6)} minutes"
        person = self.people["cx"].pk
        return Good(body={"words": words, "where": "Website", "deliverer": person})

    def good_promises_retrieve(self, user: User, random: Random) -> Good:
        said = {"where": "App", "deliverer": user}
        words = f"We answer today, {random.randint(1, 10**9)}"
        return Good(Promise.objects.create(words=words, **said).pk)

    def good_promises_agree_create(self, user: User, random: Random) -> Good:
        return self.good_promises_retrieve(user, random)

    def good_promises_hand_over_create(self, user: User, random: Random) -> Good:
        found = self.good_promises_retrieve(user, random)
        return Good(found.pk, body={"deliverer": self.people["cx"].pk})

    def good_research_create(self, _user: User, random: Random) -> Good:
        return Good(body={"question": f"Who, {random.randrange(10**9)}?", "why": "So."})

    def good_research_retrieve(self, user: User, _random: Random) -> Good:
        said = {"question": "Why do they leave?", "why": "What we mend.", "asked_by": user}
        return Good(ResearchRequest.objects.create(**said).pk)

    def good_research_plan_create(self, user: User, random: Random) -> Good:
        asked = self.good_research_retrieve(user, random).pk
        planned = {"run_by": self.people["cx"].pk, "planned_for": "2026-01-31"}
        return Good(asked, body=planned)

    def good_research_answer_create(self, user: User, random: Random) -> Good:
        asked = self.good_research_retrieve(user, random).pk
        return Good(asked, body={"insight": self.good_insights_retrieve(user, random).pk})

    def good_personas_create(self, _user: User, random: Random) -> Good:
        return Good(body={"name": f"Mara {random.randrange(99)}", "jobs": "One account."})

    def good_personas_retrieve(self, user: User, _random: Random) -> Good:
        said = {"name": "Ruth", "jobs": "Be left alone."}
        return Good(Persona.objects.create(**said, entered_by=user).pk)

    def good_kpis_create(self, _user: User, random: Random) -> Good:
        said = {"name": f"KPI {random.randrange(10**9)}", "definition": "So many.", "unit": "%"}
        how = {"better": "higher", "function": "cx", "source": "Ledger", "every": "year"}
        return Good(body=said | how)

    def good_kpis_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Kpi.objects.values_list("pk", flat=True))))

    def good_kpi_values_create(self, user: User, random: Random) -> Good:
        kpi = self.good_kpis_retrieve(user, random).pk
        return Good(body={"kpi": kpi, "as_of": "2026-01-31", "value": str(random.randint(0, 99))})

    def good_insights_create(self, _user: User, random: Random) -> Good:
        said = {"finding": "It is so.", "source": "Survey", "gathered_on": "2026-01-31"}
        return Good(body={"kind": random.choice(Evidence.values), **said})

    def good_insights_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Insight.objects.values_list("pk", flat=True)) or [0]))

    def good_segment_figures_create(self, _user: User, random: Random) -> Good:
        numbers = {"customers": random.randint(1, 10**6), "margin": "10.00", "retention": "0.8"}
        day = {"as_of": "2026-01-31", "source": "Ledger"}
        return Good(body={"segment": "Families", **day, **numbers})

    def good_proposals_retrieve(self, _user: User, random: Random) -> Good:
        seen = Proposal.objects.filter(status__in=Proposal.IN_BACKLOG)
        return Good(random.choice(list(seen.values_list("pk", flat=True))))

    def good_proposals_overlaps_list(self, user: User, random: Random) -> Good:
        return self.good_proposals_retrieve(user, random)

    def good_proposals_partial_update(self, _user: User, _random: Random) -> Good:
        return Good(self.draft.pk, self.draft.version, self.proposal_body("Changed"))

    def good_proposals_sign_create(self, _user: User, _random: Random) -> Good:
        return Good(self.draft.pk, body={"digest": self.digest(self.draft)})

    def good_proposals_submit_create(self, _user: User, _random: Random) -> Good:
        return Good(self.signed.pk, self.signed.version)

    def good_proposals_recall_create(self, _user: User, _random: Random) -> Good:
        self.fresh.refresh_from_db()
        return Good(self.fresh.pk, self.fresh.version)

    def good_proposals_copy_create(self, _user: User, _random: Random) -> Good:
        return Good(self.fresh.pk)

    def good_conflicts_create(self, user: User, _random: Random) -> Good:
        other = User.objects.exclude(pk=user.pk).filter(team__isnull=False).order_by("pk").first()
        assert other is not None
        return Good(body={"person": other.pk, "reason": "A friend."})

    def good_conflicts_end_create(self, user: User, _random: Random) -> Good:
        """One that was declared in the transaction of the request."""
        last = DeclaredConflict.objects.order_by("pk").last()
        number = last.pk + 1 if last else 1
        return Good(number, before=partial(self.tie, user, number))

    def tie(self, user: User, number: int) -> None:
        team = Team.objects.order_by("pk").first()
        DeclaredConflict.objects.create(pk=number, user=user, team=team, reason="I worked there.")

    def good_assignments_spread_create(self, _user: User, random: Random) -> Good:
        return Good(body={"each": random.randint(1, 3)})

    def good_assignments_hand_over_create(self, user: User, _random: Random) -> Good:
        return Good(body={"member": user.pk})

    def good_assignments_update(self, _user: User, _random: Random) -> Good:
        return Good(self.fresh.pk, body={"judges": []})

    def good_queue_scorecard_update(self, user: User, random: Random) -> Good:
        answers = []
        for item in judged_criteria(self.published):
            level = random.choice(list(item.levels.all()))
            answers.append({"criterion": item.key, "level": str(level.value)})
        body = {"answers": answers, "comment": "", "submit": random.random() < 0.5}
        return Good(self.pending(user), 0, body)

    def good_queue_recuse_create(self, user: User, _random: Random) -> Good:
        return Good(self.pending(user), 0, {"reason": "I know them too well."})

    def pending(self, user: User) -> int:
        version = published_version()
        assert version is not None
        waiting = scorecard_reads.pending_for(user, version).exclude(scorecards__panelist=user)
        found = waiting.values_list("pk", flat=True).first()
        return self.fresh.pk if found is None else found

    def good_scorecards_retrieve(self, user: User, random: Random) -> Good:
        seen = list(scorecard_reads.visible_to(user).values_list("pk", flat=True))
        return Good(random.choice(seen) if seen else 1)

    def good_scorecards_questions_list(self, user: User, random: Random) -> Good:
        return self.good_scorecards_retrieve(user, random)

    def good_scorecards_questions_create(self, user: User, random: Random) -> Good:
        found = self.good_scorecards_retrieve(user, random)
        key = random.choice(judged_criteria(self.published)).key
        return replace(found, body={"criterion": key, "text": "Why?"})

    def good_scorecards_answer_create(self, user: User, _random: Random) -> Good:
        """A question that was asked in the transaction of the request."""
        last = Question.objects.order_by("pk").last()
        number = last.pk + 1 if last else 1
        score = Score.objects.filter(scorecard__panelist=user).order_by("pk").first()
        if score is None:
            return Good(1, body={"question": 1, "text": "Read it again."})
        return Good(
            score.scorecard_id,
            body={"question": number, "text": "Read it again."},
            before=partial(self.asked, score, number),
        )

    def asked(self, score: Score, number: int) -> None:
        asker = User.objects.exclude(pk=score.scorecard.panelist_id).order_by("pk")[0]
        Question.objects.create(pk=number, score=score, asker=asker, text="Why?")

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

    def good_decisions_retrieve(self, _user: User, random: Random) -> Good:
        return Good(random.choice(list(Decision.objects.values_list("pk", flat=True))))

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

    def good_imports_create(self, _user: User, random: Random) -> Good:
        return Good(body=self.list_body(random))

    def good_imports_retrieve(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random))

    def good_imports_partial_update(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random), body={"left_out": [2]})

    def good_imports_bring_in(self, _user: User, random: Random) -> Good:
        return Good(self.list_of(random))

    def good_imports_undo_create(self, _user: User, random: Random) -> Good:
        pk = self.list_of(random)
        return Good(pk, before=lambda: self.post("admin", f"imports/{pk}/bring-in/"))

    def list_body(self, random: Random) -> dict[str, Any]:
        row = f"Idea {random.randrange(10**9)},marketing,cx\n"
        rows = f"title,marketing_owner,cx_owner\n{row}{row}"
        cycle = Cycle.objects.get(is_current=True)
        content = b64encode(rows.encode()).decode()
        return {"name": "list.csv", "content": content, "cycle": cycle.pk}

    def list_of(self, random: Random) -> int:
        made = self.post("admin", "imports/", self.list_body(random))
        return int(made["id"])

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

    def good_plans_create(self, _user: User, random: Random) -> Good:
        standing = adopted_plans().filter(cycle__is_current=True).first()
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

    def good_framework_versions_retrieve(self, _user: User, _random: Random) -> Good:
        return Good(self.published.pk)

    def good_framework_versions_create(self, _user: User, _random: Random) -> Good:
        return Good(body={"spec": spec_of(self.published)}, before=self.discard)

    def good_framework_versions_update(self, _user: User, _random: Random) -> Good:
        body = {"spec": spec_of(self.amendment)}
        return Good(self.amendment.pk, self.amendment.version, body)

    def good_framework_versions_publish_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def good_framework_versions_ballot_create(self, _user: User, _random: Random) -> Good:
        body = {"text": self.amendment.version, "choice": "no", "reason": "Not yet."}
        path = f"framework-versions/{self.amendment.pk}/publish/"
        ask = partial(self.post, "curator", path, version=self.amendment.version)
        return Good(self.amendment.pk, body=body, before=ask)

    def good_framework_versions_weights_retrieve(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk)

    def good_framework_versions_weights_create(self, _user: User, _random: Random) -> Good:
        version, chair = self.amendment, User.objects.get(username="curator")
        with_criteria = [row for row in version.dimensions.all() if row.criteria.all()]
        ranks = {row.key: place for place, row in enumerate(with_criteria, start=1)}
        ask = partial(
            ask_for_weights, actor=chair, version=version, expected_version=version.version
        )
        body = {"group": "", "method": "rank", "answers": ranks}
        return Good(version.pk, body=body, before=ask)

    def good_framework_versions_weights_ask_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def good_framework_versions_weights_take_create(self, _user: User, random: Random) -> Good:
        """Taken over by the chair, who has given weights in the transaction of the request."""
        version, chair = self.amendment, User.objects.get(username="curator")

        def asked_and_given() -> None:
            number = version.version
            ask_for_weights(actor=chair, version=version, expected_version=number)
            given = self.good_framework_versions_weights_create(chair, random).body
            give_opinion(actor=chair, version=version, **given)

        return Good(version.pk, version.version, {"how": "each"}, asked_and_given)

    def good_framework_versions_comments_list(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk)

    def good_framework_versions_comments_create(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, body={"text": "Too much at once."})

    def good_framework_versions_destroy(self, _user: User, _random: Random) -> Good:
        return Good(self.amendment.pk, self.amendment.version)

    def discard(self) -> None:
        path, match = f"/api/v1/framework-versions/{self.amendment.pk}/", self.amendment.version
        answer = self.clients["curator"].delete(path, headers={"If-Match": f'"{match}"'})
        assert answer.status_code == 204, answer.content


def fresh_key() -> str:
    return str(uuid4())
