"""Damaged lists through the import: an answer in words, and all rows or none."""

import io
import json
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fuzz import damage
from projects.imports.services import (
    Report,
    create_missing,
    import_proposals,
    read_mapping,
    read_table,
)
from projects.imports.services.batches import (
    import_batch,
    open_batch,
    read_batch,
    save_batch,
    table_of,
    undo_batch,
)
from projects.models import Cycle, JourneyStage, Proposal, Segment, User

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 20
MOST_SHOWN = 20
LEAST_SHARE = 0.02  # of files that come in, that are refused by row, and that are refused whole
Importer = Callable[["Upload"], Report]


@dataclass(frozen=True)
class Upload:
    kind: str
    name: str
    content: bytes
    mapping: str | None = None
    attestation: str = ""


def fuzz_imports(files: int, seed: int) -> list[str]:
    random = Random(seed)
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    slowest = 0.0
    for _ in range(files):
        upload = some_upload(random)
        began = time.monotonic()
        outcome, problem = examine(upload)
        slowest = max(slowest, time.monotonic() - began)
        outcomes[upload.kind, outcome] += 1
        if problem:
            wrong.append(problem)
    print(f"{files:,} damaged lists imported; the slowest took {slowest:.1f} s")
    for kind in KINDS:
        found = {name: count for (of, name), count in sorted(outcomes.items()) if of == kind}
        print(f"  {kind:24}", ", ".join(f"{count:,} {name}" for name, count in found.items()))
    for outcome in ("imported", "refused by row", "refused as a whole"):
        share = sum(n for (_, name), n in outcomes.items() if name == outcome) / files
        if share < LEAST_SHARE:
            wrong.append(f"only {share:.1%} of the files were {outcome}")
    distinct = sorted(set(wrong))
    print(f"  {len(wrong)} wrong answers, {len(distinct)} different ones")
    return distinct[:MOST_SHOWN] + unnoticed_faults(random)


def examine(upload: Upload, importer: Importer | None = None) -> tuple[str, str]:
    """(what became of the file, what was wrong with that); nothing stays in the database."""
    problem = ""
    with transaction.atomic():
        before = Proposal.objects.count()
        try:
            with time_limit():
                report = (importer or bring_in)(upload)
        except ValidationError as error:
            outcome, expected = "refused as a whole", 0
            if not any(error.messages):
                problem = "refused without a word"
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            transaction.set_rollback(True)
            return "crashed", f"{error!r:.120} in {place_of(error)}"
        else:
            outcome = "refused by row" if report.errors else "imported"
            expected = 0 if report.errors else len(report.created)
            if report.errors and not all(str(row) for row in report.errors):
                problem = "a row was refused without a word"
        kept = Proposal.objects.count() - before
        if kept != expected:
            problem = f"{outcome}, and {kept} rows were kept instead of {expected}"
        transaction.set_rollback(True)
    return outcome, problem


def place_of(error: BaseException) -> str:
    """The last line of the product that the error came through."""
    places = [
        f"{frame.name}, {Path(frame.filename).relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    return places[-1] if places else "a library"


def bring_in(upload: Upload) -> Report:
    """As ``manage.py import_proposals`` does, and every third list as the browser does."""
    admin = User.objects.get(username="admin")
    if upload.mapping is None and len(upload.content) % 3 == 0:
        return by_browser(admin, upload)
    mapping = read_mapping(upload.mapping) if upload.mapping is not None else None
    table = read_table(
        io.BytesIO(upload.content), upload.name, sheet=mapping.sheet if mapping else ""
    )
    with transaction.atomic():
        made = create_missing(actor=admin, setup=mapping.setup) if mapping else None
        return import_proposals(
            actor=admin,
            cycle=made or Cycle.objects.get(is_current=True),
            table=table,
            mapping=mapping,
            attestation=upload.attestation,
        )


def by_browser(admin: User, upload: Upload) -> Report:
    """A look and an import must agree: nobody is told “ready” of what is then refused."""
    cycle = Cycle.objects.get(is_current=True)
    batch = open_batch(actor=admin, cycle=cycle, name=upload.name, content=upload.content)
    batch.choices["attestation"] = upload.attestation
    save_batch(actor=admin, batch=batch)
    looked = read_batch(actor=admin, batch=batch, table=table_of(batch)).errors
    report = import_batch(actor=admin, batch=batch)
    if bool(looked) != bool(report.errors):
        said = (looked or report.errors)[0]
        raise AssertionError(f"a look and an import disagree: {said}")
    if report.created:
        kept = Proposal.objects.count()
        touched = not upload.attestation and undo_batch(actor=admin, batch=batch)
        assert Proposal.objects.count() == kept - int(touched)
        if touched:
            report.created = []
    return report


@contextmanager
def time_limit() -> Iterator[None]:
    def give_up(*_: Any) -> None:
        raise TimeoutError(f"no answer within {LONGEST_SECONDS} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


# ---------------------------------------------------------------- files

COLUMNS = ["reference", "title", "category", "problem", "customer_job", "marketing_part", "cx_part"]
COLUMNS += ["horizon_months", "marketing_owner", "cx_owner", "one_off_cost_low"]
COLUMNS += ["one_off_cost_likely", "one_off_cost_high", "retention_low", "retention_likely"]
COLUMNS += ["retention_high", "stage", "segment", "reach", "points", "evidence"]


def good_rows(random: Random) -> list[list[Any]]:
    stage = JourneyStage.objects.values_list("name", flat=True)[0]
    segment = Segment.objects.values_list("name", flat=True)[0]
    rest = ["A problem", "A job", "Our part", "Their part", "36", "marketing", "cx", "1000"]
    rest += ["2,000", "3e3", "10.5", "20", "30", stage, segment, "500", "7.5", "user"]
    count = random.randint(1, 4)
    return [COLUMNS, *([f"F-{n}", f"Proposal {n}", "", *rest] for n in range(count))]


def good_mapping(random: Random) -> dict[str, Any]:
    def column(name: str, **more: Any) -> dict[str, Any]:
        return {"column": name, **more}

    fields = {name: column(name) for name in COLUMNS[:10]}
    amounts = {
        point: column(f"retention_{point}", scale=1000) for point in ("low", "likely", "high")
    }
    return {
        "fields": fields | {"category": {"constant": ""}},
        "money": [
            {"kind": "one_off_cost", "label": "Once", "amount": column("one_off_cost_likely")},
            {"kind": "retention", "starts_month": random.randint(0, 12), **amounts},
        ],
        "effects": [
            {name: column(name) for name in ("stage", "segment", "reach", "points", "evidence")}
        ],
        "measures": {"fit": column("points", values={"7.5": 3, "": 0}, default="7.5")},
        "setup": {
            "cycle": {
                "name": "Fuzz",
                "intake_opens": "2026-01-01",
                "intake_closes": "2026-12-31",
                "budget": "1000000",
            },
            "teams": [{"name": "Fuzz team", "function": "marketing"}],
            "people": [{"username": "fuzz", "team": "Fuzz team"}],
            "stages": ["Fuzz stage"],
            "segments": ["Fuzz segment"],
        },
    }


def some_upload(random: Random) -> Upload:
    kind = random.choice(list(KINDS))
    attestation = random.choice(["", "", "Agreed in the meeting.", " ", "x" * 3000])
    name, content, mapping = KINDS[kind](random)
    return Upload(kind, name, content, mapping, attestation)


def plain_csv(rows: list[list[Any]]) -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()


def csv_with_nasty_cells(random: Random) -> tuple[str, bytes, None]:
    rows = damage.damaged_rows(good_rows(random), damage.NASTY_TEXT, random)
    return "list.csv", plain_csv(rows), None


def csv_otherwise_written(random: Random) -> tuple[str, bytes, None]:
    return "list.csv", damage.csv_bytes(good_rows(random), random), None


def csv_with_broken_bytes(random: Random) -> tuple[str, bytes, None]:
    return "list.csv", damage.damaged_bytes(plain_csv(good_rows(random)), random), None


def xlsx_with_nasty_cells(random: Random) -> tuple[str, bytes, None]:
    nasty = damage.NASTY_CELLS + damage.NASTY_TEXT
    return (
        "list.xlsx",
        damage.xlsx_bytes(damage.damaged_rows(good_rows(random), nasty, random)),
        None,
    )


def xlsx_with_broken_part(random: Random) -> tuple[str, bytes, None]:
    return "list.xlsx", damage.damaged_part(damage.xlsx_bytes(good_rows(random)), random), None


def xlsx_with_broken_bytes(random: Random) -> tuple[str, bytes, None]:
    return "list.xlsx", damage.damaged_bytes(damage.xlsx_bytes(good_rows(random)), random), None


def ods_with_nasty_cells(random: Random) -> tuple[str, bytes, None]:
    nasty = damage.NASTY_CELLS + damage.NASTY_TEXT
    rows = damage.damaged_rows(good_rows(random), nasty, random)
    return "list.ods", damage.ods_bytes(rows, random), None


def ods_with_broken_part(random: Random) -> tuple[str, bytes, None]:
    content = damage.ods_bytes(good_rows(random), random)
    return "list.ods", damage.damaged_part(content, random), None


def damaged_mapping(random: Random) -> tuple[str, bytes, str]:
    mapping = damage.damaged_json(good_mapping(random), random)
    return "list.csv", plain_csv(good_rows(random)), mapping


def mapping_and_nasty_cells(random: Random) -> tuple[str, bytes, str]:
    _, content, _ = csv_with_nasty_cells(random)
    return "list.csv", content, json.dumps(good_mapping(random))


KINDS: dict[str, Callable[[Random], tuple[str, bytes, str | None]]] = {
    making.__name__.replace("_", " "): making
    for making in (
        csv_with_nasty_cells,
        csv_otherwise_written,
        csv_with_broken_bytes,
        xlsx_with_nasty_cells,
        xlsx_with_broken_part,
        xlsx_with_broken_bytes,
        ods_with_nasty_cells,
        ods_with_broken_part,
        damaged_mapping,
        mapping_and_nasty_cells,
    )
}


# ---------------------------------------------------------------- planted faults


def crashing(_upload: Upload) -> Report:
    raise KeyError("column")


def keeping_half(upload: Upload) -> Report:
    report = bring_in(upload)
    report.errors.append(report.errors[0] if report.errors else "row 3: wrong")  # type: ignore[arg-type]
    return report


def unnoticed_faults(random: Random) -> list[str]:
    whole = Upload("whole", "list.csv", plain_csv(good_rows(random)))
    if examine(whole) != ("imported", ""):
        return [f"an undamaged list is not imported: {examine(whole)}"]
    faults = {"a crash": crashing, "rows that stay in spite of errors": keeping_half}
    found = {name: examine(whole, importer)[1] for name, importer in faults.items()}
    for name, problem in found.items():
        print(f"  planted {name}: {problem or 'NOT FOUND'}")
    return [f"{name} was not noticed" for name, problem in found.items() if not problem]
