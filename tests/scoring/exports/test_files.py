"""Exports: the same list in three forms, sealed, and harmless in a spreadsheet."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader

from projects.spreadsheet_text import RISKY, escaped, unescaped
from scoring.exports.files.digests import Digests
from scoring.exports.files.table import Column, Row
from scoring.models import RankingRun
from tests.company import Company
from tests.pages import come_in


def download(company: Company, kind: str, who: str = "leader", query: str = "") -> bytes:
    client = Client()
    come_in(client, getattr(company, who))
    response = client.get(f"/backlog/export/{kind}/{query}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_three_forms_say_the_same(company: Company, run: RankingRun) -> None:
    lines = list(csv.DictReader(io.StringIO(download(company, "csv").decode())))
    data = json.loads(download(company, "json"))
    book = openpyxl.load_workbook(io.BytesIO(download(company, "xlsx")))
    sheet = [[cell.value for cell in row] for row in book["Backlog"].iter_rows()]
    assert [line["title"] for line in lines] == ["First", "Second", "Incomplete"]
    assert [row["title"] for row in data["proposals"]] == ["First", "Second", "Incomplete"]
    assert [row[2] for row in sheet[1:]] == ["First", "Second", "Incomplete"]
    assert sheet[0][24] == "Cost (present value), EUR"
    for line, row, cells, result in zip(
        lines, data["proposals"], sheet[1:], run.results.order_by("position"), strict=True
    ):
        for name, place in (("value", 16), ("roi", 18), ("cost", 24), ("rank", 0)):
            stored = getattr(result, name)
            assert row[name] == stored
            assert line[name] == ("" if stored is None else str(stored))
            assert cells[place] == pytest.approx(stored) if stored is not None else not cells[place]


def test_every_form_carries_the_seal(company: Company, run: RankingRun) -> None:
    lines = list(csv.DictReader(io.StringIO(download(company, "csv").decode())))
    assert {(line["run"], line["framework_version"], line["result_digest"]) for line in lines} == {
        (str(run.pk), "1", run.result_digest)
    }
    seal = json.loads(download(company, "json"))["seal"]
    assert seal["framework_vote"] == "provisional, without a vote of the panel"
    assert (seal["run"], seal["result_digest"], seal["input_digest"], seal["filter"]) == (
        run.pk,
        run.result_digest,
        run.input_digest,
        "none",
    )
    book = openpyxl.load_workbook(io.BytesIO(download(company, "xlsx")))
    facts = {row[0].value: row[1].value for row in book["Run"].iter_rows()}
    assert (facts["Run"], facts["Result digest"]) == (run.pk, run.result_digest)


def test_a_filtered_export_keeps_global_ranks_and_names_its_filter(
    company: Company, run: RankingRun
) -> None:
    data = json.loads(download(company, "json", query="?q=Second"))
    assert [(row["rank"], row["title"]) for row in data["proposals"]] == [(2, "Second")]
    assert data["seal"]["filter"] == "q=Second"
    assert data["seal"]["rows"] == 1


@pytest.mark.parametrize("start", RISKY)
def test_escaping_covers_every_risky_start_and_can_be_undone(start: str) -> None:
    assert escaped(start + "x") == "'" + start + "x"
    assert unescaped(escaped(start + "x")) == start + "x"
    assert escaped("plain = text") == "plain = text"


def test_the_command_writes_the_whole_list(
    company: Company, run: RankingRun, tmp_path: Path
) -> None:
    for kind in ("csv", "xlsx", "json", "pdf", "pptx"):
        call_command("export_backlog", format=kind, output=tmp_path / f"list.{kind}")
        assert (tmp_path / f"list.{kind}").stat().st_size > 500
    assert json.loads((tmp_path / "list.json").read_bytes())["seal"]["rows"] == 3


def test_the_command_says_what_is_wrong(company: Company, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing is ranked yet"):
        call_command("export_backlog", format="csv", output=tmp_path / "x.csv")
    company.scored("One")
    company.rank()
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("export_backlog", format="csv", output=tmp_path / "no" / "x.csv")


def test_an_unknown_form_and_an_empty_backlog_are_not_found(company: Company) -> None:
    client = Client()
    come_in(client, company.leader)
    assert client.get("/backlog/export/csv/").status_code == 404
    company.scored("One")
    company.rank()
    assert client.get("/backlog/export/exe/").status_code == 404


@pytest.mark.parametrize(
    "bad", ["\0", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\ufffe", "\ud800"]
)
@pytest.mark.parametrize("place", [0, 1])
def test_what_no_file_can_carry_is_replaced_wherever_it_stands(bad: str, place: int) -> None:
    table = [
        Column("title", "Title", "text", "title"),
        Column("value", "Value", "number", "value"),
        Column("team", "Team", "text", "team"),
    ]
    rows: list[Row] = [["One", 1.0, "Brand"], ["Two\ttabs\r\n", 2.0, "é€"]]
    rows[place][2] = f"A{bad}b"
    chunk = Digests(table).take([list(row) for row in rows])
    rows[place][2] = "A\ufffdb"
    assert chunk.rows == rows


def test_numbers_have_the_figures_that_every_program_keeps() -> None:
    table = [
        Column("id", "Number", "whole", "id"),
        Column("cost", "Cost", "money", "cost"),
        Column("value", "Value", "number", "value"),
        Column("title", "Title", "text", "title"),
    ]
    row: Row = [9_007_199_254_740_991, 1_234_567.123456789, 7_654_321.987654321, "One"]
    chunk = Digests(table).take([row])
    assert chunk.rows == [[9_007_199_254_740_991, 1_234_567.12345679, 7_654_321.98765432, "One"]]


def test_files_name_the_vote_on_the_framework(company: Company) -> None:
    company.amend(weight_spread=0)
    company.scored("One")
    company.rank()
    said = "ratified by the panel: 2 yes, 0 no, 0 abstained"
    assert json.loads(download(company, "json"))["seal"]["framework_vote"] == said
    paper = PdfReader(io.BytesIO(download(company, "pdf"))).pages[0].extract_text()
    assert said in " ".join(paper.split())
