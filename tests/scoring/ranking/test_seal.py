"""A run is sealed: the same bytes anywhere, and what was touched is found."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from projects.models import MoneyLine
from scoring.models import RankedProposal, RankingRun, RunSnapshot
from scoring.ranking.selectors.snapshot import canonical, load_snapshot, pack
from scoring.ranking.services import ranking
from scoring.ranking.services.pipeline import compute, result_digest
from tests.company import Company, without_seal

RUNS = Path(__file__).with_name("runs")
WIDE = "FMA3 AVX2 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"


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
        # As on a processor of another kind.
        {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": WIDE},
        {"OPENBLAS_CORETYPE": "Haswell"},
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
        # Large amounts in many months: whatever moves their last bit moves a byte.
        lines += [
            MoneyLine(
                kind="acquisition",
                low=10**6 * share,
                likely=2 * 10**6 * share,
                high=9 * 10**6 * share,
                starts_month=share,
                yearly_retention=Decimal(share) / 20,
            )
            for share in range(9 + number, 17 + number)
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
    """Sealed by the engine that names the file: what was added since leaves it alone.

    Up to 1.6 each had its last digits from the processor that it ran on.
    """
    run = json.loads(kept.read_text())
    results, _ = compute(run["snapshot"], seed=run["seed"], draws=run["draws"])
    assert len(results) == 6
    assert result_digest(run["results"]) == run["result_digest"]
    assert ranking.agree(ranking.plain(results), run["results"])


def test_a_run_of_an_earlier_engine_may_differ_in_its_last_digits_alone(company: Company) -> None:
    company.scored("One", money=company.money(cost=1_234_567, benefit=2_345_678))
    run = company.rank()
    row = run.results.get()
    assert row.benefit is not None

    def replays(engine: str, **changed: object) -> bool:
        """With results that were sealed like this by this engine."""
        without_seal("scoring_rankingrun")
        without_seal("scoring_rankedproposal")
        RankedProposal.objects.filter(pk=row.pk).update(**changed)
        names = compute(load_snapshot(run), seed=run.seed, draws=run.draws)[0][0]
        sealed = result_digest(list(run.results.values(*names)))
        RankingRun.objects.filter(pk=run.pk).update(engine_version=engine, result_digest=sealed)
        return ranking.replay(RankingRun.objects.get(pk=run.pk))

    last, more = row.benefit * (1 + 1e-14), row.benefit * (1 + 1e-10)
    assert last != row.benefit
    assert replays("1.6", benefit=last)
    assert not replays("1.7", benefit=last)
    assert not replays("1.10", benefit=last)
    assert not replays("1.6", benefit=more)
    assert not replays("1.6", benefit=row.benefit, title="Two")
    RankedProposal.objects.filter(pk=row.pk).update(title="One", benefit=last)
    run.refresh_from_db()
    assert not ranking.replay(run)  # the results are not those that were sealed


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
