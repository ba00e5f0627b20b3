"""A long ranked list in an empty database, exported in every format beside the bare writers.

Run by ``bench.exports``. Ours seals, escapes and signs what it writes; the floors do nothing else
than write the same cells. Peak memory is measured in a process of its own for each format.
"""

import csv
import gc
import io
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import django

django.setup()

import orjson
import xlsxwriter
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from bench.table import Contender, compare
from projects.models import Cycle, Proposal, Team, User
from scoring.exports.files import WRITERS, Export
from scoring.exports.files.table import CHUNK, Row
from scoring.exports.services.content import export_of
from scoring.models import Framework, FrameworkVersion, RankedProposal, RankingRun

ROWS, CRITERIA, ROUNDS = 100_000, 4, 5
WRITTEN_AT_ONCE = 10_000
TABLE_COLUMNS = 20  # of the comparison with bare writers, as in docs of the floors
Write = Callable[[BinaryIO], object]


def main() -> None:
    if sys.argv[1:]:
        _peak(sys.argv[1])
        return
    call_command("migrate", verbosity=0)
    _fill()
    run = RankingRun.objects.get()
    export = export_of(run, QueryDict(), None)
    rows = [row for chunk in export.chunks for row in chunk]
    print(f"  {len(rows):,} rows of {len(export.columns)} columns")
    gc.collect()
    gc.freeze()  # the rows in memory are the benchmark's own; nobody should walk them again
    _writers(export, rows)
    _whole(run, len(export.columns))
    _memory()


def _writers(export: Export, rows: list[Row]) -> None:
    """From rows in memory, so that writer stands beside writer."""
    for kind, floor in FLOORS.items():
        compare(
            f"{kind.upper()}: rows in memory to a file, sealed and signed",
            [
                Contender(f"bare {kind} writer", _into_file(lambda file, f=floor: f(rows, file))),
                Contender("ours", _into_file(lambda file, k=kind: _ours(export, rows, k, file))),
            ],
            rounds=ROUNDS if kind != "xlsx" else 3,
        )


def _whole(run: RankingRun, width: int) -> None:
    """From the database, the reading included, beside a bare query with the bare writer."""
    for kind, floor in FLOORS.items():
        compare(
            f"{kind.upper()}: database to a file",
            [
                Contender(
                    f"bare query and bare {kind} writer",
                    _into_file(lambda file, f=floor: f(_bare_rows(run, width), file)),
                ),
                Contender(
                    "ours",
                    _into_file(
                        lambda file, k=kind: WRITERS[k](export_of(run, QueryDict(), None), file)
                    ),
                ),
            ],
            rounds=3,
        )


def _ours(export: Export, rows: list[Row], kind: str, file: BinaryIO) -> None:
    chunks = (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
    WRITERS[kind](replace(export, chunks=chunks), file)


def _into_file(write: Write) -> Callable[[], object]:
    def work() -> None:
        with tempfile.TemporaryFile() as file:
            write(file)

    return work


def _bare_csv(rows: Any, file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(row)
    text.flush()
    text.detach()


def _bare_json(rows: Any, file: BinaryIO) -> None:
    keys = None
    for row in rows:
        keys = keys or [f"column_{place}" for place in range(len(row))]
        file.write(orjson.dumps(dict(zip(keys, row, strict=True))))
        file.write(b"\n")


def _bare_xlsx(rows: Any, file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif cell is not None:
                sheet.write_number(line, place, cell)
    book.close()


FLOORS: dict[str, Callable[[Any, BinaryIO], None]] = {
    "csv": _bare_csv,
    "json": _bare_json,
    "xlsx": _bare_xlsx,
}


def _bare_rows(run: RankingRun, width: int) -> Iterator[list[Any]]:
    """The stored cells as Django gives them, made as wide as ours."""
    names = [field.attname for field in RankedProposal._meta.concrete_fields]
    for values in RankedProposal.objects.filter(run=run).order_by("position").values_list(*names):
        row = [cell for cell in values if not isinstance(cell, list)]
        yield (row + [part[0] for part in values[names.index("contributions")]] * 9)[:width]


def _memory() -> None:
    print("\nPeak memory over idle, each format in a process of its own")
    for kind in WRITERS:
        command = [sys.executable, "-m", "bench.lists", kind]
        subprocess.run(command, check=True)


def _peak(kind: str) -> None:
    """How far the process grows above what it holds after a file of one row."""
    run = RankingRun.objects.get()
    idle = peak = size = 0.0
    for query in (f"q=B-{ROWS}", ""):
        with tempfile.TemporaryFile() as file:
            WRITERS[kind](export_of(run, QueryDict(query), None), file)
            size = file.seek(0, os.SEEK_END) / 2**20
        peak = _peak_memory()
        idle = idle or peak
    print(f"  {kind:<5} {peak - idle:6.1f} MiB over {idle:.0f} MiB; file of {size:,.0f} MiB")


def _peak_memory() -> float:
    """MiB at most since the process began; what its parent held before does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def _fill() -> None:
    """One finished run with ``ROWS`` results."""
    random.seed(7)
    team = Team.objects.create(name="Acquisition", function="marketing")
    owner, partner = (
        User.objects.create(username=name, team=team) for name in ("owner", "partner")
    )
    run = _run()
    for start in range(1, ROWS + 1, WRITTEN_AT_ONCE):
        _rank(run, owner, partner, range(start, start + WRITTEN_AT_ONCE))
    # Results first: once the run is done, the database refuses to change it.
    RankingRun.objects.update(
        status=RankingRun.Status.DONE, result_digest="0" * 64, finished_at=timezone.now()
    )


def _run() -> RankingRun:
    today = timezone.localdate()
    cycle = Cycle.objects.create(
        name="Bench",
        intake_opens=today - timedelta(days=1),
        intake_closes=today,
        budget=Decimal(200_000_000),
        is_current=True,
    )
    version = FrameworkVersion.objects.create(
        framework=Framework.objects.create(name="Bench"), number=1, draws=10_000
    )
    return RankingRun.objects.create(
        cycle=cycle,
        framework_version=version,
        trigger=RankingRun.Trigger.COMMAND,
        seed=1,
        draws=10_000,
        facts=_facts(),
    )


def _facts() -> dict[str, Any]:
    criteria = [
        {"key": f"criterion-{place}", "name": f"Criterion {place}", "dimension": "All"}
        | {"source": "panel", "spread": 12.5, "spread_measured": True}
        for place in range(CRITERIA)
    ]
    return {
        "criteria": criteria,
        "currency": "EUR",
        "budget": "200000000.00",
        "inside_cost": "199000000.00",
        "inside": ROWS // 3,
        "first_out": ROWS // 3,
        "ranked": ROWS,
        "incomplete": 0,
    }


def _rank(run: RankingRun, owner: User, partner: User, places: range) -> None:
    proposals = Proposal.objects.bulk_create(
        Proposal(
            cycle=run.cycle,
            reference=f"B-{place}",
            title=f"Proposal {place} for customers who wait",
            marketing_owner=owner,
            cx_owner=partner,
            created_by=owner,
        )
        for place in places
    )
    RankedProposal.objects.bulk_create(
        [_result(run, row, place) for place, row in zip(places, proposals, strict=True)],
        batch_size=500,
    )


def _result(run: RankingRun, proposal: Proposal, place: int) -> RankedProposal:
    def drawn(top: float) -> float:
        return round(random.random() * top, 9)

    return RankedProposal(
        run=run,
        proposal=proposal,
        position=place,
        rank=place,
        rank_low=place,
        rank_high=place + 9,
        p_top=drawn(1),
        p_funded=drawn(1),
        line=RankedProposal.Line.OUTSIDE,
        score=drawn(100),
        value=drawn(100),
        coverage=1.0,
        roi=drawn(4),
        roi_p10=drawn(2),
        roi_p50=drawn(4),
        roi_p90=drawn(6),
        p_loss=drawn(1),
        benefit=drawn(9_000_000),
        cost=drawn(900_000),
        impact=drawn(90_000),
        roi_rank=place,
        impact_rank=place,
        contributions=[[25.0, drawn(100), drawn(100), drawn(25), 7] for _ in range(CRITERIA)],
        missing=[],
        flags=[],
        reference=proposal.reference,
        title=proposal.title,
        marketing_team="Acquisition",
        cx_team="Contact Centre",
    )


if __name__ == "__main__":
    main()
