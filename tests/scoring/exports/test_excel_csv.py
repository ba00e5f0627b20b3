"""CSV that a person's Excel opens as it is meant."""

import codecs
import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from scoring.models import RankedProposal
from tests.company import Company
from tests.pages import come_in


@pytest.fixture
def ranked(company: Company) -> Company:
    company.scored("Ärger; mit “Grüßen”", fit=25, money=company.money(cost=123_456))
    company.scored("=1+1", fit=100)
    company.rank()
    return company


def rows(content: bytes, delimiter: str) -> list[dict[str, str]]:
    assert content.startswith(codecs.BOM_UTF8)
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def download(company: Company, language: str) -> bytes:
    client = Client()
    come_in(client, company.leader)
    answer: Any = client.get("/backlog/export/excel-csv/", headers={"accept-language": language})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("language", "delimiter"),
    [
        ("de-DE,de;q=0.9,en;q=0.5", ";"),
        ("fr", ";"),
        ("en-GB,en;q=0.9,de;q=0.8", ","),
        ("ja", ","),
        ("", ","),
        ("xx,*;q=0.1", ","),
    ],
)
def test_separator_and_decimal_sign_are_the_readers(
    ranked: Company, language: str, delimiter: str
) -> None:
    listed = rows(download(ranked, language), delimiter)
    assert [row["title"] for row in listed] == ["'=1+1", "Ärger; mit “Grüßen”"]
    stored = [row.value or 0.0 for row in RankedProposal.objects.all()]
    shown = [row["value"] for row in listed]
    sign = "," if delimiter == ";" else "."
    assert all(sign in value for value in shown)
    read = sorted(float(value.replace(",", ".")) for value in shown)
    assert read == pytest.approx(sorted(stored))


@pytest.mark.parametrize(
    ("shell", "delimiter"), [("de_DE.UTF-8", ";"), ("C.UTF-8", ","), ("", ",")]
)
def test_the_command_takes_the_language_of_the_shell(
    ranked: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, delimiter: str
) -> None:
    for name in ("LC_ALL", "LC_NUMERIC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", shell)
    path = tmp_path / "list.csv"
    call_command("export_backlog", format="excel-csv", output=path)
    assert len(rows(path.read_bytes(), delimiter)) == 2
    call_command("verify_export", path)


@pytest.mark.parametrize(("kind", "delimiter"), [("excel-csv", ","), ("excel-csv-comma", ";")])
def test_a_changed_number_is_found(
    ranked: Company, tmp_path: Path, kind: str, delimiter: str
) -> None:
    path = tmp_path / "list.csv"
    call_command("export_backlog", format=kind, output=path)
    listed = rows(path.read_bytes(), delimiter)
    listed[0]["value"] = listed[0]["value"][:-1] + "9"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, listed[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(listed)
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_export", path)
