"""An export that was touched is found, and the touched cell is named."""

import csv
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from scoring.exports.files import suffix_of
from scoring.exports.files.digests import Digests
from scoring.exports.files.json import SCHEMA
from scoring.exports.files.signing import public_key
from scoring.exports.files.table import Column
from scoring.exports.files.verify import read_export
from scoring.models import RankingRun
from tests.company import Company
from tests.kept import kept

KINDS = ("csv", "excel-csv", "excel-csv-comma", "json", "xlsx", "pdf", "pptx")


@pytest.fixture
def exported(company: Company, tmp_path: Path) -> Callable[[str], Path]:
    """Export two ranked and one incomplete proposal, one with a title that gets escaped."""
    kept("run to verify", partial(ranked, company))

    def write(kind: str) -> Path:
        path = tmp_path / f"list.{suffix_of(kind)}"
        call_command("export_backlog", format=kind, output=path)
        return path

    return write


def ranked(company: Company) -> RankingRun:
    company.scored("=Second", fit=25)
    company.scored("First", fit=100)
    company.scored("Incomplete", money=[])
    return company.rank()


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_file_is_valid(
    exported: Callable[[str], Path], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_export", exported(kind))
    assert "valid: 3 rows as in run" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "pdf", "pptx"])
def test_a_file_of_believed_returns_is_valid(
    company: Company, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    company.scored("First", fit=100)
    company.scored("Incomplete", money=[])
    company.amend(believes_evidence=True)
    company.rank()
    path = tmp_path / f"list.{suffix_of(kind)}"
    call_command("export_backlog", format=kind, output=path)
    if kind == "json":
        Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(path.read_text()))
    call_command("verify_export", path)
    assert "valid: 2 rows as in run" in capsys.readouterr().out


def change_csv(path: Path, key: str, value: str) -> None:
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    lines[0][key] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def change_json(path: Path, key: str, value: str) -> None:
    data = json.loads(path.read_text())
    data["proposals"][0][key] = float(value) if value[0].isdigit() else value
    path.write_text(json.dumps(data))


def change_xlsx(path: Path, key: str, value: str) -> None:
    book = openpyxl.load_workbook(path)
    place = {"title": 3, "value": 17, "rank": 1, "cost": 25}[key]
    book["Backlog"].cell(2, place).value = float(value) if value[0].isdigit() else value
    book.save(path)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("csv", change_csv),
        ("json", change_json),
        ("xlsx", change_xlsx),
    ],
)
@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("title", "Forged", "Title: “Forged” should be “First”."),
        ("value", "99.5", "Value: “99.5” should be"),
        ("rank", "2", "Rank: “2"),
        ("cost", "1", "Cost (present value): “1"),
    ],
)
def test_a_touched_cell_is_named(
    exported: Callable[[str], Path],
    kind: str,
    change: Callable[[Path, str, str], None],
    key: str,
    value: str,
    named: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = exported(kind)
    change(path, key, value)
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path)
    assert named in capsys.readouterr().err


def test_missing_added_and_doubled_rows_are_found(
    exported: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported("json")
    data = json.loads(path.read_text())
    data["proposals"][1] = data["proposals"][0]
    del data["proposals"][2]
    path.write_text(json.dumps(data))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path)
    told = capsys.readouterr().err
    assert "The seal says 3 rows, the file has 2." in told
    assert "not in the run, or there twice." in told


def test_a_forged_digest_or_run_is_found(exported: Callable[[str], Path]) -> None:
    path = exported("json")
    data = json.loads(path.read_text())
    forged = data | {"seal": data["seal"] | {"result_digest": "0" * 64}}
    path.write_text(json.dumps(forged))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path)
    forged = data | {"seal": data["seal"] | {"run": 999}}
    path.write_text(json.dumps(forged))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b"a,b\r\n1,2\r\n"),
        ("x.csv", b""),
        ("x.json", b"[]"),
        ("x.json", b"{"),
        ("x.xlsx", b"no zip"),
        ("x.pdf", b"%PDF"),
        ("x.csv", b"\xff\xfe"),
    ],
)
def test_a_foreign_file_is_refused_with_a_sentence(
    company: Company, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"seal|readable|Give a"):
        call_command("verify_export", path)


NAMED_ALONE = [
    ("title", "Forged", "Row 1 (P-"),
    ("value", "99.5", "was altered: Value."),
    ("cost", "1", "was altered: Cost (present value)."),
    ("rank", "2", "was altered: Rank."),
]


@pytest.mark.parametrize(
    ("kind", "change"), [("csv", change_csv), ("json", change_json), ("xlsx", change_xlsx)]
)
@pytest.mark.parametrize(("key", "value", "named"), NAMED_ALONE)
def test_row_and_column_are_named_without_the_database(
    exported: Callable[[str], Path],
    kind: str,
    change: Callable[[Path, str, str], None],
    key: str,
    value: str,
    named: str,
    capsys: pytest.CaptureFixture[str],
    django_assert_num_queries: Any,
) -> None:
    path = exported(kind)
    change(path, key, value)
    with django_assert_num_queries(0), pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_file_is_valid_without_the_database(
    exported: Callable[[str], Path],
    kind: str,
    capsys: pytest.CaptureFixture[str],
    django_assert_num_queries: Any,
) -> None:
    path = exported(kind)
    with django_assert_num_queries(0):
        call_command("verify_export", path, "--offline")
    said = capsys.readouterr().out
    assert "valid: 3 rows as sealed; signed by this installation." in said
    assert "The numbers were not compared with run" in said


def test_a_forger_who_computes_every_digest_anew_lacks_the_signature(
    exported: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported("json")
    data = json.loads(path.read_text())
    file = read_export(path)
    data["proposals"][0]["value"] = 99.5
    rows = [[row[column.key] for column in file.table] for row in data["proposals"]]
    digests = Digests(file.table)
    for row, mark in zip(data["proposals"], digests.take(rows).marks, strict=True):
        row["row_seal"] = mark
    data["digests"] = digests.totals()
    path.write_text(json.dumps(data))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    told = capsys.readouterr().err
    assert told == "The seal itself was altered: its signature does not fit.\n"


def test_a_file_signed_elsewhere_is_not_proven_unless_its_key_is_known(
    exported: Callable[[str], Path], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path, key = exported("csv"), public_key()
    settings.SECRET_KEY, former = "another secret key", settings.SECRET_KEY
    with pytest.raises(CommandError, match=f"not proven: .* signed with the key {key}"):
        call_command("verify_export", path, "--offline")
    call_command("verify_export", path, "--offline", "--key", key)
    assert "signed by the given key" in capsys.readouterr().out
    with pytest.raises(CommandError, match="altered or foreign"):
        call_command("verify_export", path, "--offline", "--key", "0" * 64)
    settings.SECRET_KEY_FALLBACKS = [former]
    call_command("verify_export", path)
    assert "which replays; signed by this installation" in capsys.readouterr().out


def test_rows_that_stand_in_another_order_or_are_gone_are_named(
    exported: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported("json")
    whole = json.loads(path.read_text())
    path.write_text(json.dumps(whole | {"proposals": whole["proposals"][::-1]}))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    assert "another order than they were written in." in capsys.readouterr().err
    path.write_text(json.dumps(whole | {"proposals": whole["proposals"][::2]}))
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    assert capsys.readouterr().err.splitlines() == [
        "The seal says 3 rows, the file has 2.",
        "Missing: row 2.",
    ]


def test_a_page_of_a_pdf_that_was_exchanged_is_found(
    exported: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported("pdf")
    content = path.read_bytes()
    for damaged in (
        content.replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 500", 1),
        content + b"\n% more",
        content.replace(b'"title":"First"', b'"title":"Third"'),
    ):
        assert damaged != content
        path.write_bytes(damaged)
        with pytest.raises(CommandError, match="altered"):
            call_command("verify_export", path, "--offline")
        assert "The pages, or other parts of the PDF, were altered." in capsys.readouterr().err


def test_facts_that_people_read_are_held_to_the_seal(
    exported: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported("xlsx")
    book = openpyxl.load_workbook(path)
    [budget] = [row[1] for row in book["Run"].iter_rows() if row[0].value == "Budget"]
    budget.value = "999"
    book["Contributions"]["C2"].value = "Other"
    book.save(path)
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path, "--offline")
    told = capsys.readouterr().err
    assert "Run, budget: “999” should be “250000.00”." in told
    sentence = r"Contributions, P-\d+, Title: “Other” is not what the sheet Backlog says\."
    assert re.search(sentence, told)


@pytest.mark.parametrize(
    "number", [0.1 + 0.2, 123456789.123456789, 98765432109876.54, 1e-9, -1234567.1234567, 5.0]
)
def test_numbers_survive_every_format_with_15_figures(number: float) -> None:
    table = [Column("name", "Name", "text", "x"), Column("n", "N", "number", "x")]
    digests = Digests(table)
    [row] = digests.take([["a", round(number, 9)]]).rows
    kept = row[1]
    assert kept == pytest.approx(round(number, 9), rel=2e-15)
    assert {float(f"{kept:.15g}"), float(f"{kept:.16G}")} == {kept}
    again = Digests(table)
    again.take([["a", kept]])
    assert again.totals() == digests.totals()
