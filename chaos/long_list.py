"""A backlog that takes a while to be exported."""

from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from projects.models import Cycle, Proposal
from scoring.models import RankedProposal, RankingRun

NAME = "Long list"
AT_ONCE = 2_000  # rows written


def long_list(rows: int) -> RankingRun:
    """A finished run of a cycle that is over: copies of one result. Made once."""
    done = RankingRun.objects.filter(status=Job.Status.DONE)
    made = done.filter(cycle__name=NAME).first()
    return made or _copied(done.latest("pk"), rows)


def _copied(run: RankingRun, rows: int) -> RankingRun:
    result = run.results.select_related("proposal").earliest("position")
    facts, digest = run.facts, run.result_digest
    run.pk, run.cycle, run.status, run.facts = None, _cycle(), Job.Status.RUNNING, {}
    run.save(force_insert=True)
    for start in range(1, rows + 1, AT_ONCE):
        _copy(result, run, range(start, min(start + AT_ONCE, rows + 1)))
    RankingRun.objects.filter(pk=run.pk).update(
        status=Job.Status.DONE, facts=facts, result_digest=digest
    )
    return RankingRun.objects.get(pk=run.pk)


def _cycle() -> Cycle:
    today = timezone.localdate()
    return Cycle.objects.create(
        name=NAME, intake_opens=today - timedelta(days=1), intake_closes=today, budget=0
    )


def _copy(result: RankedProposal, run: RankingRun, numbers: range) -> None:
    model = result.proposal
    proposals = Proposal.objects.bulk_create(
        Proposal(
            cycle=run.cycle,
            reference=f"LONG-{number}",
            title=f"{model.title[:80]} {number}",
            marketing_owner_id=model.marketing_owner_id,
            cx_owner_id=model.cx_owner_id,
            created_by_id=model.created_by_id,
        )
        for number in numbers
    )
    cells = {
        field.attname: getattr(result, field.attname) for field in result._meta.concrete_fields
    }
    for name in ("id", "run_id", "proposal_id", "position", "rank", "reference", "title"):
        del cells[name]
    RankedProposal.objects.bulk_create(
        RankedProposal(
            run=run,
            proposal=proposal,
            position=number,
            rank=number,
            reference=proposal.reference,
            title=proposal.title,
            **cells,
        )
        for number, proposal in zip(numbers, proposals, strict=True)
    )
