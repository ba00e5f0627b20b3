"""An export that was touched is found, and the touched cell is named."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.company import Company


@pytest.fixture
def exported(company: Company, tmp_path: Path) -> Callable[[str], Path]:
    """Export two ranked and one incomplete proposal, one with a title that gets escaped."""
    company.scored("=Second", fit=25)
    company.scored("First", fit=100)
    company.scored("Incomplete", money=[])
    company.rank()

    def write(kind: str) -> Path:
        path = tmp_path / f"list.{kind}"
        call_command("export_backlog", format=kind, output=path)
        return path

    return write


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "pdf"])
def test_an_untouched_file_is_valid(
    exported: Callable[[str], Path], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_export", exported(kind))
    assert "valid: 3 rows as in run" in capsys.readouterr().out


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
