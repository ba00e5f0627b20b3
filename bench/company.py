"""A large company in an empty database, and ranking runs and pages over it, taken apart.

Run by ``bench.application`` as ``python -m bench.company PROPOSALS RUNS``; rows are written in
bulk, because reading them is what is measured.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import pages
from projects.models import (
    CustomerEffect,
    Cycle,
    Evidence,
    JourneyStage,
    MoneyLine,
    Proposal,
    Revision,
    Segment,
    Team,
    User,
)
from scoring.framework.selectors import judged_criteria
from scoring.framework.services.versions import import_framework, publish_version
from scoring.models import FrameworkVersion, RankingRun, Score, Scorecard, Seat
from scoring.ranking.services.ranking import rank_run
from scoring.ranking.services.runs import request_run

JUDGED, PANELISTS = 10, 7
KINDS = MoneyLine.Kind


def main(proposals: int, runs: int) -> None:
    call_command("migrate", verbosity=0)
    leader = _fill(proposals)
    print(f"{Proposal.objects.count():,} proposals, {Score.objects.count():,} scores written")
    for _ in range(runs):
        _measure(leader)
    pages.measure(leader, User.objects.get(username="p1"))


def _measure(leader: User) -> None:
    inside = 0.0

    def timed(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal inside
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            inside += time.perf_counter() - started

    run = request_run(actor=leader, trigger=RankingRun.Trigger.COMMAND)
    started = time.perf_counter()
    with connection.execute_wrapper(timed):
        rank_run(run_id=run.pk)
    total = time.perf_counter() - started
    run.refresh_from_db()
    numpy = run.facts["seconds"]["all"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {total:5.2f} s in all: {numpy:5.2f} s numpy ({numpy / total:.0%}), "
        f"{inside:5.2f} s database ({inside / total:.0%}), "
        f"{total - numpy - inside:5.2f} s the rest; "
        f"ratio to numpy {total / numpy:.2f}; peak memory {peak:,.0f} MiB"
    )


def _fill(size: int) -> User:
    """A company whose panel has judged ``size`` proposals; returns its leader."""
    random.seed(7)
    team = {
        name: Team.objects.create(name=name, function=name) for name in ("marketing", "cx", "it")
    }
    owners = (
        User.objects.create(username="owner", team=team["marketing"]),
        User.objects.create(username="partner", team=team["cx"]),
    )
    panel = [User.objects.create(username=f"p{n}", team=team["it"]) for n in range(PANELISTS)]
    for number, judge in enumerate(panel):
        Seat.objects.create(user=judge, is_chair=number == 0)
    draft = import_framework(actor=panel[0], spec=_spec())
    version = publish_version(actor=panel[0], version=draft, expected_version=draft.version)
    proposals = _submitted(size, _cycle(), owners)
    _money_and_effects(proposals)
    _judged(proposals, panel, version)
    return User.objects.create(username="leader", is_leader=True)


def _cycle() -> Cycle:
    today = timezone.localdate()
    return Cycle.objects.create(
        name="Bench",
        intake_opens=today - timedelta(days=1),
        intake_closes=today,
        budget=Decimal(200_000_000),
        is_current=True,
    )


def _submitted(size: int, cycle: Cycle, owners: tuple[User, User]) -> list[Proposal]:
    owner, partner = owners
    proposals = Proposal.objects.bulk_create(
        Proposal(
            cycle=cycle,
            reference=f"B-{number}",
            title=f"Proposal {number}",
            marketing_owner=owner,
            cx_owner=partner,
            created_by=owner,
        )
        for number in range(size)
    )
    revisions = Revision.objects.bulk_create(
        Revision(proposal=row, number=1, content={}, digest=f"{row.pk:064d}") for row in proposals
    )
    for row, revision in zip(proposals, revisions, strict=True):
        row.status = Proposal.Status.SUBMITTED
        row.submitted_at = timezone.now()
        row.submitted_revision = revision
    Proposal.objects.bulk_update(
        proposals, ["status", "submitted_at", "submitted_revision"], batch_size=200
    )
    return proposals


def _judged(proposals: list[Proposal], panel: list[User], version: FrameworkVersion) -> None:
    """One scorecard of each panelist for each proposal, every criterion at a random level."""
    cards = Scorecard.objects.bulk_create(
        Scorecard(
            panelist=judge,
            proposal=row,
            revision=row.submitted_revision,
            framework_version=version,
        )
        for row in proposals
        for judge in panel
    )
    levels = [
        (item.pk, [level.pk for level in item.levels.all()]) for item in judged_criteria(version)
    ]
    Score.objects.bulk_create(
        (
            Score(scorecard=card, criterion_id=criterion, level_id=random.choice(choices))
            for card in cards
            for criterion, choices in levels
        ),
        batch_size=5_000,
    )
    # Scores first: once a scorecard is submitted, the database refuses to change it.
    Scorecard.objects.update(status=Scorecard.Status.SUBMITTED, submitted_at=timezone.now())


def _money_and_effects(proposals: list[Proposal]) -> None:
    stage = JourneyStage.objects.create(name="Use", position=1)
    segments = [Segment.objects.create(name=f"Segment {number}") for number in range(3)]
    kinds = [KINDS.ONE_OFF_COST, KINDS.RUNNING_COST, KINDS.RETENTION, KINDS.ENRICHMENT]
    kinds += [KINDS.COST_TO_SERVE, KINDS.ACQUISITION]

    def line(row: Proposal, kind: MoneyLine.Kind) -> MoneyLine:
        likely = Decimal(random.randrange(10_000, 400_000))
        kept = Decimal("0.8") if kind == KINDS.ACQUISITION else None
        return MoneyLine(
            proposal=row,
            kind=kind,
            low=likely / 2,
            likely=likely,
            high=likely * 2,
            yearly_retention=kept,
        )

    MoneyLine.objects.bulk_create(line(row, kind) for row in proposals for kind in kinds)
    CustomerEffect.objects.bulk_create(
        CustomerEffect(
            proposal=row,
            stage=stage,
            segment=segment,
            reach=random.randrange(100, 90_000),
            points=Decimal(random.randrange(-10, 40)),
            evidence=Evidence.USER,
        )
        for row in proposals
        for segment in segments
    )


def _spec() -> dict[str, Any]:
    steps = [{"value": str(v), "label": f"L{v}", "wording": "x"} for v in (0, 25, 50, 75, 100)]
    judged = [
        {"key": f"judged-{n}", "name": f"Judged {n}", "weight": "10", "levels": steps}
        for n in range(JUDGED)
    ]
    computed = [
        {
            "key": "roi",
            "name": "ROI",
            "source": "expected_roi",
            "weight": "50",
            "knots": [[-1, 0], [0, 20], [5, 100]],
        },
        {
            "key": "impact",
            "name": "Impact",
            "source": "customer_impact",
            "weight": "50",
            "knots": [[0, 0], [20000, 100]],
        },
    ]
    return {
        "name": "Bench",
        "summary": "Bench",
        "profiles": [{"key": "", "name": "General"}],
        "dimensions": [
            {"key": "computed", "name": "Computed", "weights": {"": "50"}, "criteria": computed},
            {"key": "judged", "name": "Judged", "weights": {"": "50"}, "criteria": judged},
        ],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
