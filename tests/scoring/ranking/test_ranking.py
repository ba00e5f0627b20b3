"""The run: exact numbers, a seal that holds, and one result whatever happens to workers."""

import json
import os
import subprocess
import sys
import threading
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs.selectors import oldest_due_seconds, unrung
from jobs.services import leases
from jobs.services.bell import dispatch
from projects.errors import Conflict
from projects.models import AuditEntry, Cycle, MoneyLine, Proposal
from scoring.backlog.selectors.backlog import certainty, cut_line, terms_of
from scoring.models import RankedProposal, RankingRun, RunSnapshot, Scorecard
from scoring.ranking.selectors.runs import current_run
from scoring.ranking.selectors.snapshot import canonical, load_snapshot, pack
from scoring.ranking.services import ranking, runs
from scoring.ranking.services.pipeline import compute, result_digest
from scoring.ranking.services.runs import request_run, schedule_runs
from tests.company import Company, make_company, without_seal

Status = RankingRun.Status
RUNS = Path(__file__).with_name("runs")


def waiting(company: Company) -> RankingRun:
    return request_run(actor=company.leader, trigger=RankingRun.Trigger.BUTTON)


def expire(run: RankingRun) -> None:
    """What happens to a worker that was killed: nobody renews its lease."""
    RankingRun.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1))


# ---------------------------------------------------------------- the numbers


def test_the_value_is_the_sum_that_the_framework_says(company: Company) -> None:
    """ROI and impact by hand; the certain money of the test company makes both exact."""
    company.scored("Only one", pain=50, fit=25)
    result = company.rank().results.get()
    # 150,000 a year in monthly instalments at 10 % over three years.
    benefit = 150_000 / 12 * sum(1.1 ** (-month / 12) for month in range(1, 37))
    roi = (benefit - 100_000) / 100_000
    assert result.benefit == pytest.approx(benefit, abs=1e-6)
    assert result.cost == 100_000
    # Draws are single precision.
    assert result.roi == pytest.approx(roi, rel=1e-6)
    assert result.roi_p10 == result.roi_p90 == pytest.approx(roi, rel=1e-6)
    # 10,000 customers x 10 points of 100 x confidence 0.6
    assert result.impact == pytest.approx(600)
    terms = {term.key: term for term in terms_of(result)}
    assert [term.weight for term in terms.values()] == [40, 15, 15, 30]
    assert terms["expected-roi"].value == pytest.approx(20 + 20 * roi, rel=1e-5)
    assert terms["impact-points"].value == pytest.approx(60)
    assert terms["pain"].value == 50
    assert terms["strategic-fit"].value == 25
    value = 0.4 * (20 + 20 * roi) + 0.15 * 60 + 0.15 * 50 + 0.3 * 25
    assert result.value == pytest.approx(value, rel=1e-6)
    assert sum(term.contribution or 0 for term in terms.values()) == pytest.approx(
        result.value, abs=1e-9
    )


def test_a_panel_score_is_the_mean_of_who_judged(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.curator, 0, 100)
    company.score(proposal, company.panelist, 100, -1)
    terms = {term.key: term for term in terms_of(company.rank().results.get())}
    assert (terms["pain"].value, terms["pain"].scores) == (50, 2)
    assert (terms["strategic-fit"].value, terms["strategic-fit"].scores) == (100, 1)


def test_a_draft_scorecard_does_not_count(company: Company) -> None:
    proposal = company.submitted()
    company.score(proposal, company.curator, 0, 0)
    company.score(proposal, company.panelist, 100, 100, submit=False)
    terms = {term.key: term.value for term in terms_of(company.rank().results.get())}
    assert terms["pain"] == 0


@pytest.mark.parametrize(
    ("kinds", "roi", "missing"),
    [
        (["one_off_cost"], None, "Expected ROI: no ROI, because cost or benefit is not stated"),
        (["enrichment"], None, "Expected ROI: no ROI, because cost or benefit is not stated"),
    ],
)
def test_a_missing_side_of_the_money_is_missing_and_not_zero(
    company: Company, kinds: list[str], roi: None, missing: str
) -> None:
    lines = [MoneyLine(kind=kind, low=5, likely=5, high=5) for kind in kinds]
    company.scored("Half costed", money=lines)
    result = company.rank().results.get()
    assert result.roi is roi
    assert missing in result.missing
    assert (result.line, result.rank, result.p_funded) == ("incomplete", None, None)
    # The value over what is known is shown, with how much of the weight it covers.
    assert result.coverage == pytest.approx(0.6)


def test_a_missing_criterion_within_the_limit_is_shared_out_and_said(company: Company) -> None:
    company.scored("No effect", effects=[], pain=100, fit=100)
    result = company.rank().results.get()
    assert result.coverage == pytest.approx(0.85)
    assert result.impact is None
    assert result.missing == ["Impact points: no effect on customers is stated"]
    assert result.rank == 1
    terms = {term.key: term for term in terms_of(result)}
    assert terms["impact-points"].contribution is None
    assert terms["pain"].contribution == pytest.approx(15 / 0.85)


def test_equal_proposals_tie_and_share_their_chances(company: Company) -> None:
    """The money fits only one of two equal proposals: about 50/50 each."""
    ranges = [
        MoneyLine(kind="one_off_cost", low=100_000, likely=150_000, high=200_000),
        MoneyLine(kind="retention", low=50_000, likely=150_000, high=300_000),
    ]
    for title in ("First", "Second"):
        lines = [
            MoneyLine(kind=row.kind, low=row.low, likely=row.likely, high=row.high)
            for row in ranges
        ]
        company.scored(title, money=lines)
    first, second = company.rank().results.order_by("position")
    # Their ROI is drawn independently, so it differs a little; the true means are equal.
    assert first.roi == pytest.approx(second.roi, rel=0.1)
    assert sum([first.p_funded or 0, second.p_funded or 0]) == pytest.approx(1.0)
    assert first.p_funded == pytest.approx(0.5, abs=0.07)
    assert (first.rank_low, first.rank_high) == (second.rank_low, second.rank_high) == (1, 2)


def test_identical_certain_proposals_share_a_rank(company: Company) -> None:
    for title in ("A", "B", "C"):
        company.scored(title, fit=100 if title == "A" else 25)
    # Their order within the tie follows the futures, so it is not fixed here.
    ranks = dict(company.rank().results.values_list("title", "rank"))
    assert ranks == {"A": 1, "B": 2, "C": 2}


def test_adding_a_proposal_changes_nobodys_numbers(company: Company) -> None:
    ranges = [
        MoneyLine(kind="one_off_cost", low=10_000, likely=15_000, high=90_000),
        MoneyLine(kind="acquisition", low=1, likely=50_000, high=70_000, yearly_retention="0.6"),
    ]
    company.scored("Alone", money=ranges)
    company.scored("Rich and loved", pain=100, fit=100, money=company.money(benefit=900_000))
    run = company.rank()
    snapshot = load_snapshot(run)
    first = snapshot["proposals"][0]["id"]
    alone = snapshot | {
        "proposals": [row for row in snapshot["proposals"] if row["id"] == first],
        "scores": [row for row in snapshot["scores"] if row[0] == first],
    }
    [single], _ = compute(alone, seed=run.seed, draws=run.draws)
    own = ("value", "roi", "roi_p10", "roi_p50", "roi_p90", "impact", "cost", "contributions")
    assert {key: single[key] for key in own} == run.results.values(*own).get(title="Alone")


def test_each_lens_has_its_own_rank_and_names_who_is_beaten_by_none(company: Company) -> None:
    """ROI and impact by hand: Rich wins the one, Loved the other, Third loses to Rich in both."""
    for title, benefit, reach in (
        ("Rich", 900_000, 1_000),
        ("Loved", 100_000, 9_000),
        ("Third", 90_000, 900),
    ):
        company.scored(
            title, money=company.money(benefit=benefit), effects=company.effects(reach=reach)
        )
    company.scored("No money", money=[])
    lenses = {
        row.title: (row.roi_rank, row.impact_rank, row.undominated)
        for row in company.rank().results.all()
    }
    assert lenses == {
        "Rich": (1, 2, True),
        "Loved": (2, 1, True),
        "Third": (3, 3, False),
        "No money": (None, None, False),
    }


def test_acquired_customers_who_leave_are_worth_less(company: Company) -> None:
    """The same campaign with 5 % and with 40 % churn."""
    values = {}
    for kept in ("0.95", "0.60"):
        lines = [
            MoneyLine(kind="one_off_cost", low=100_000, likely=100_000, high=100_000),
            MoneyLine(
                kind="acquisition",
                low=120_000,
                likely=120_000,
                high=120_000,
                yearly_retention=kept,
            ),
        ]
        company.scored(f"Kept {kept}", money=lines)
    for row in company.rank().results.all():
        values[row.title] = row.roi
    cohorts = {
        kept: sum(
            120_000 / 144 * kept ** ((month - start) / 12) * 1.1 ** (-month / 12)
            for start in range(1, 37)
            for month in range(start, 37)
        )
        for kept in (0.95, 0.60)
    }
    assert values["Kept 0.95"] == pytest.approx(cohorts[0.95] / 100_000 - 1, rel=1e-5)
    assert values["Kept 0.60"] == pytest.approx(cohorts[0.60] / 100_000 - 1, rel=1e-5)
    assert cohorts[0.95] > cohorts[0.60]


def test_the_cut_line_takes_in_rank_order_what_still_fits(company: Company) -> None:
    """Budget 250: 150 fits, 120 does not any more, 90 fits in what is left."""
    for title, cost, fit in (("Big", 150_000, 100), ("Misfit", 120_000, 25), ("Small", 90_000, 0)):
        company.scored(title, fit=fit, money=company.money(cost=cost, benefit=cost))
    run = company.rank()
    lines = list(run.results.order_by("position").values_list("title", "line", "p_funded"))
    assert [(title, line) for title, line, _ in lines] == [
        ("Big", "inside"),
        ("Misfit", "outside"),
        ("Small", "inside"),
    ]
    line = cut_line(run)
    assert (line.spent, line.left, line.inside) == (Decimal(240_000), Decimal(10_000), 2)
    assert line.first_out == 2


def test_costs_that_fill_the_budget_to_the_cent_are_inside(company: Company) -> None:
    """0.10 + 0.20 is a little over 0.30 in binary; draws let it pass, and so does the line."""
    Cycle.objects.update(budget="0.30")
    for title, cost, fit in (("Ten", "0.10", 100), ("Twenty", "0.20", 25)):
        kinds = MoneyLine.Kind
        money = [
            MoneyLine(kind=kinds.ONE_OFF_COST, low=cost, likely=cost, high=cost),
            MoneyLine(kind=kinds.ENRICHMENT, low=1, likely=1, high=1),
        ]
        company.scored(title, fit=fit, money=money)
    rows = company.rank().results.order_by("position")
    assert list(rows.values_list("title", "line", "p_funded")) == [
        ("Ten", "inside", 1.0),
        ("Twenty", "inside", 1.0),
    ]


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (None, ""),
        (1.0, "safe"),
        (0.9, "safe"),
        (0.8999, "near the line"),
        (0.1, "near the line"),
        (0.0999, "out"),
        (0.0, "out"),
    ],
)
def test_chances_in_words(chance: float | None, word: str) -> None:
    assert certainty(chance) == word


def test_an_empty_portfolio_ranks_to_nothing(company: Company) -> None:
    run = company.rank()
    assert run.results.count() == 0
    assert (run.facts["ranked"], run.facts["incomplete"], run.facts["inside"]) == (0, 0, 0)


# ---------------------------------------------------------------- the seal


REPLAY = """
import json, sys
import django
django.setup()
from scoring.ranking.services.pipeline import compute, result_digest
job = json.load(sys.stdin)
results, _ = compute(job["snapshot"], seed=job["seed"], draws=job["draws"])
print(result_digest(results))
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TIME_ZONE": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TIME_ZONE": "America/Lima", "OPENBLAS_NUM_THREADS": "1"},
    ],
)
def test_the_same_snapshot_gives_the_same_bytes_anywhere(
    company: Company, surroundings: dict[str, str]
) -> None:
    for number in range(4):
        lines = [
            MoneyLine(kind="one_off_cost", low=1_000, likely=2_000 + number, high=9_000),
            MoneyLine(kind="retention", low=0, likely=3_000, high=4_000, starts_month=number),
        ]
        company.scored(f"Number {number}", pain=[0, 50, 100, 50][number], money=lines)
    run = company.rank()
    job = {"snapshot": load_snapshot(run), "seed": run.seed, "draws": run.draws}
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=json.dumps(job),
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split()[-1:] == [run.result_digest], done.stderr


def test_another_seed_gives_other_draws(company: Company) -> None:
    lines = [
        MoneyLine(kind="one_off_cost", low=1_000, likely=2_000, high=9_000),
        MoneyLine(kind="retention", low=0, likely=3_000, high=4_000),
    ]
    company.scored("One", money=lines)
    run = company.rank()
    results, _ = compute(load_snapshot(run), seed=run.seed + 1, draws=run.draws)
    assert result_digest(results) != run.result_digest


def test_nothing_moves_between_two_runs_without_a_cause(company: Company) -> None:
    """The runs of a cycle share their draws; another proposal does not disturb them."""
    lines = [
        MoneyLine(kind="one_off_cost", low=1_000, likely=2_000, high=9_000),
        MoneyLine(kind="retention", low=0, likely=3_000, high=4_000),
    ]
    company.scored("Unchanged", money=lines)
    first = company.rank()
    company.scored("Newcomer")
    second = company.rank()
    own = ("value", "roi", "roi_p10", "roi_p90", "contributions")
    assert first.results.values(*own).get(title="Unchanged") == second.results.values(*own).get(
        title="Unchanged"
    )


def test_replay_finds_altered_inputs_and_altered_results(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.scored("One")
    run = company.rank()
    call_command("replay_runs", "--all")
    assert "1 of 1 runs replay" in capsys.readouterr().out
    snapshot = load_snapshot(run)
    snapshot["proposals"][0]["title"] = "Forged"
    without_seal("scoring_runsnapshot")
    RunSnapshot.objects.filter(run=run).update(payload=pack(canonical(snapshot)))
    with pytest.raises(CommandError, match=f"Runs {run.pk} do not replay"):
        call_command("replay_runs", str(run.pk))


def test_replay_finds_a_result_that_its_inputs_do_not_give(company: Company) -> None:
    company.scored("One")
    run = company.rank()
    assert ranking.replay(run)
    without_seal("scoring_rankingrun")
    RankingRun.objects.filter(pk=run.pk).update(result_digest="0" * 64)
    run.refresh_from_db()
    assert not ranking.replay(run)
    with pytest.raises(CommandError, match=f"Runs {run.pk} do not replay"):
        call_command("replay_runs", "--all")


@pytest.mark.parametrize("kept", sorted(RUNS.glob("*.json")), ids=lambda path: path.stem)
def test_runs_of_earlier_engines_replay(kept: Path) -> None:
    """Sealed by the engine that names the file: what was added since leaves it alone."""
    run = json.loads(kept.read_text())
    results, _ = compute(run["snapshot"], seed=run["seed"], draws=run["draws"])
    assert len(results) == 6
    assert result_digest(results) == run["result_digest"]


def test_ten_amendments_later_an_old_run_gives_the_old_numbers(company: Company) -> None:
    from tests.scoring.framework.test_frameworks import amended

    company.scored("One", pain=100)
    old = company.rank()
    for number in range(10):
        amended(company, **{"return": str(40 - number), "impact": "30", "fit": str(30 + number)})
    company.rank()
    assert ranking.replay(RankingRun.objects.get(pk=old.pk))


@pytest.mark.parametrize("table", [RankingRun, RankedProposal, RunSnapshot])
def test_a_finished_run_cannot_be_changed(company: Company, table: Any) -> None:
    company.scored("One")
    company.rank()
    changes: dict[Any, dict[str, Any]] = {
        RankingRun: {"seed": 1},
        RankedProposal: {"value": 99.0},
        RunSnapshot: {"payload": b""},
    }
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        table.objects.update(**changes[table])


# ---------------------------------------------------------------- asking, claiming, finishing


def test_two_requests_make_one_waiting_run(company: Company) -> None:
    assert waiting(company) == waiting(company)
    assert RankingRun.objects.count() == 1
    copy = RankingRun.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_run_needs_a_cycle_and_a_framework(company: Company) -> None:
    Cycle.objects.update(is_current=False)
    with pytest.raises(Conflict, match="No cycle is current"):
        waiting(company)


def test_one_claim_wins(company: Company) -> None:
    run = waiting(company)
    first = ranking.claim(run_id=run.pk)
    assert first is not None
    assert ranking.claim(run_id=run.pk) is None
    run.refresh_from_db()
    assert (run.status, run.attempt, run.owner_token) == (Status.RUNNING, 1, first)


def test_a_lost_lease_lets_another_worker_take_over_and_shuts_the_first_out(
    company: Company,
) -> None:
    company.scored("One")
    run = waiting(company)
    zombie = ranking.claim(run_id=run.pk)
    assert zombie is not None
    snapshot = ranking._sealed_snapshot(run, zombie)
    results, facts = compute(snapshot, seed=run.seed, draws=run.draws)
    expire(run)
    assert ranking.rank_run(run_id=run.pk) is True
    with pytest.raises(leases.LostLease):
        ranking.lease_of(run, zombie).write(progress=50)
    # The database would refuse the doubled rows too; both ways nothing is written.
    with pytest.raises((leases.LostLease, DatabaseError)), transaction.atomic():
        ranking.finish(run=run, token=zombie, results=results, facts=facts)
    run.refresh_from_db()
    assert (run.status, run.attempt) == (Status.DONE, 2)
    assert RankedProposal.objects.filter(run=run).count() == 1
    assert AuditEntry.objects.filter(action="run.done").count() == 1


def test_the_inputs_are_frozen_at_the_first_try(company: Company) -> None:
    company.scored("One")
    run = waiting(company)
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    ranking._sealed_snapshot(run, token)
    sealed = RankingRun.objects.get(pk=run.pk).input_digest
    company.scored("Submitted in between")
    expire(run)
    ranking.rank_run(run_id=run.pk)
    run.refresh_from_db()
    assert run.input_digest == sealed
    assert [row.title for row in run.results.all()] == ["One"]


def test_three_lost_tries_end_in_a_message_people_can_read(company: Company) -> None:
    run = waiting(company)
    for _ in range(3):
        assert ranking.claim(run_id=run.pk) is not None
        expire(run)
    dispatch()
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.error.startswith("The ranking stopped three times before it was done.")
    assert ranking.rank_run(run_id=run.pk) is False


def test_a_crash_in_the_computation_is_tried_again_and_then_given_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.scored("One")
    run = waiting(company)
    # A snapshot that cannot be computed stands for any defect.
    token = ranking.claim(run_id=run.pk)
    assert token is not None
    broken = ranking._sealed_snapshot(run, token)
    expire(run)

    def explode(*_args: object, **_values: object) -> None:
        raise RuntimeError(broken["cycle"]["name"])

    monkeypatch.setattr(ranking, "compute", explode)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ranking.rank_run(run_id=run.pk)
        RankingRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(
            lease_until=F("lease_until") - timedelta(seconds=1)
        )
    run.refresh_from_db()
    assert (run.status, run.attempt) == (Status.FAILED, 3)
    assert "RuntimeError" in run.error
    assert run.results.count() == 0


def test_the_dispatcher_rings_again_after_ten_seconds(company: Company) -> None:
    run = waiting(company)
    assert list(unrung(RankingRun.objects.all())) == [run]
    RankingRun.objects.update(dispatched_at=Now())
    assert list(unrung(RankingRun.objects.all())) == []
    RankingRun.objects.update(dispatched_at=Now() - timedelta(seconds=11))
    assert list(unrung(RankingRun.objects.all())) == [run]
    assert oldest_due_seconds() is not None
    ranking.rank_run(run_id=run.pk)
    assert list(unrung(RankingRun.objects.all())) == []
    assert oldest_due_seconds() is None


def test_the_dispatcher_rings_at_once_for_a_run_that_a_worker_lost(company: Company) -> None:
    run = waiting(company)
    RankingRun.objects.update(dispatched_at=Now() - timedelta(seconds=2))
    ranking.claim(run_id=run.pk)
    assert list(unrung(RankingRun.objects.all())) == []
    expire(run)
    assert list(unrung(RankingRun.objects.all())) == [run]
    RankingRun.objects.update(dispatched_at=Now())
    assert list(unrung(RankingRun.objects.all())) == []


def test_a_framework_published_meanwhile_is_the_one_to_rank_by(company: Company) -> None:
    from tests.scoring.framework.test_frameworks import amended

    run = waiting(company)
    second = amended(company, **{"return": "50", "impact": "25", "fit": "25"})
    assert waiting(company) == run
    run.refresh_from_db()
    assert run.framework_version == second


# ---------------------------------------------------------------- the schedule


def at(hour: int, *, days: int = 0) -> Any:
    base = timezone.localtime() + timedelta(days=days)
    return base.replace(hour=hour, minute=30, second=0, microsecond=0)


@pytest.fixture
def by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far from the nightly hour, whenever the tests run."""
    monkeypatch.setattr(runs, "NIGHTLY_HOUR", (timezone.localtime().hour + 12) % 24)


def test_the_nightly_run_comes_once_a_night(company: Company) -> None:
    company.scored("One")
    tomorrow = at(3, days=1)
    [run] = schedule_runs(now=tomorrow)
    assert run.trigger == RankingRun.Trigger.NIGHTLY
    assert run.nightly_date == tomorrow.date()
    ranking.rank_run(run_id=run.pk)
    assert schedule_runs(now=tomorrow + timedelta(minutes=5)) == []


@pytest.mark.usefixtures("by_day")
def test_changes_are_ranked_when_they_are_over(company: Company) -> None:
    company.scored("One")
    company.rank()
    now = timezone.now()
    assert schedule_runs(now=now) == []
    company.submitted("Two")
    assert schedule_runs(now=timezone.now() + timedelta(seconds=30)) == []
    [run] = schedule_runs(now=timezone.now() + timedelta(seconds=90))
    assert run.trigger == RankingRun.Trigger.CHANGE
    ranking.rank_run(run_id=run.pk)
    assert schedule_runs(now=timezone.now() + timedelta(seconds=90)) == []


@pytest.mark.usefixtures("by_day")
def test_a_long_burst_of_changes_does_not_wait_for_ever(company: Company) -> None:
    company.scored("One")
    company.rank()
    company.submitted("Two")
    late = timezone.now() + timedelta(minutes=11)
    without_seal("scoring_scorecard")
    Scorecard.objects.update(submitted_at=late - timedelta(seconds=5))
    assert [run.trigger for run in schedule_runs(now=late)] == [RankingRun.Trigger.CHANGE]


def test_the_command_ranks_here_and_now(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.scored("One")
    call_command("rank")
    run = current_run(None)
    assert run is not None
    assert run.trigger == RankingRun.Trigger.COMMAND
    assert f"Run {run.pk}: 1 ranked, 0 incomplete" in capsys.readouterr().out


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_inputs_are_read_at_one_moment() -> None:
    """A proposal that is submitted between two of the reading queries is in none of them."""
    company = make_company()
    company.scored("There in time")
    run = waiting(company)
    late: list[str] = []

    def submit_meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not late and "scoring_frameworkversion" in sql and sql.startswith("SELECT"):
            late.append("Too late")
            worker = threading.Thread(
                target=another_connection, args=(company.submitted, "Too late")
            )
            worker.start()
            worker.join()
        return answer

    with connection.execute_wrapper(submit_meanwhile):
        snapshot = ranking._read_at_one_moment(run)
    assert late == ["Too late"]
    assert Proposal.objects.filter(title="Too late").exists()
    assert [row["title"] for row in snapshot["proposals"]] == ["There in time"]


def another_connection(act: Any, *args: Any) -> None:
    try:
        act(*args)
    finally:
        connection.close()
