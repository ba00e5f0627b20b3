"""The demo company from an empty database to a backlog with decisions."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from jobs.models import Message
from projects.cycles.models import Cycle
from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.efforts import quarters_from
from projects.proposals.models.proposals import Proposal
from scoring.decisions.models import Condition
from scoring.decisions.services import decide
from scoring.demo import files
from scoring.demo.company import MARK, Company, count_segments, make_company
from scoring.demo.panel import Panel, open_amendment, put_framework_in_force
from scoring.demo.past import make_past
from scoring.demo.portfolio import creation_key, make_proposal, talk, tie_proposals
from scoring.demo.ranking import agree, rank
from scoring.framework.models import Framework
from scoring.portfolio.forms import PlanForm
from scoring.portfolio.services import adopt_plan
from scoring.ranking.models import RankingRun
from scoring.what_if.services import base_of
from scoring.what_if.services.scenarios import keep_scenario


def seed() -> bool:
    """Make the demo company, all or nothing. False when it is there already."""
    with transaction.atomic():
        if User.objects.filter(email__endswith=MARK).exists():
            return False
        if any(model.objects.exists() for model in (User, Cycle, Framework, Proposal)):
            raise Conflict("This database holds a company of its own, so nothing was added.")
        company = make_company(files.company())
        _make_backlog(company)
        # All this happened before the demo begins: nobody is told of it by mail now.
        Message.objects.update(status=Message.Status.CANCELLED)
    return True


def _make_backlog(company: Company) -> None:
    curator, leader = company.people["curator"], company.people["leader"]
    version = put_framework_in_force(curator, files.framework())
    proposals = {
        key: make_proposal(company, key, row, submit=True) for key, row in files.proposals().items()
    }
    tie_proposals(company, proposals, files.proposals())
    for key, row in files.drafts().items():
        make_proposal(company, key, row, submit=False)
    talk(company, proposals, files.comments())
    scores = files.scores()
    cards = list(scores["cards"].items())
    panel = Panel(company.people, version, scores["leanings"])
    for turn, (key, row) in enumerate(cards):
        panel.judge(proposals[key], row, names=row.get("by", panel.members), turn=turn)
        panel.start(proposals[key], row)
    first = rank(curator)
    decisions = files.decisions()
    for key, row in decisions.items():
        if "prepared_by" not in row:
            made = decide(**_said(company, key, row), proposal=proposals[key], run=first)
            agree(company, made)
    for turn, (key, row) in enumerate(cards):
        panel.judge(proposals[key], row, names=row.get("later", ()), turn=turn)
    newest = rank(leader)
    _plan(leader, newest)
    for key, row in decisions.items():
        if "prepared_by" in row:
            decide(**_said(company, key, row), proposal=proposals[key], run=newest)
    earlier = Cycle.objects.exclude(pk=company.cycle.pk).get()
    make_past(company, earlier, panel, files.past())
    open_amendment(curator)
    later = files.company()["segments_later"]
    count_segments(company.people["cx"], later, "Customer ledger, autumn count", 10)


def _plan(leader: User, run: RankingRun) -> None:
    """Scenarios of the leader's, one of them adopted."""
    base, coming = base_of(run), quarters_from(timezone.localdate(), 2)[-1]
    for row in files.plans().values():
        query = row["query"].replace("%", "%25").replace("NEXT", coming)
        form = PlanForm(QueryDict(query), base=base, choices=[])
        case = form.case()
        if case is None:
            raise ValueError(f"{row['name']}: {form.problems()}")
        said = {"actor": leader, "run": run, "name": row["name"], "query": form.address()}
        if row.get("adopted"):
            adopt_plan(**said, case=case, way=form.way_chosen, seen=0)
        else:
            keep_scenario(**said)


def _said(company: Company, key: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a leader says of a proposal, as ``decide`` takes it."""
    return {
        "actor": company.people[row.get("prepared_by", "leader")],
        "outcome": row["outcome"],
        "reason": row["reason"],
        "conditions": [
            Condition(
                text=text,
                owner=company.people[who],
                due=timezone.localdate() + timedelta(days=days),
            )
            for text, who, days in row.get("conditions", ())
        ],
        "override_code": row.get("override", ""),
        "hold_until": timezone.localdate() + timedelta(days=row["hold"]) if "hold" in row else None,
        "creation_key": creation_key(f"decision-{key}"),
    }
