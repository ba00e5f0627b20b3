"""A run is sealed: the same bytes anywhere, and what was touched is found."""

import json
import os
import subprocess
import sys
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
