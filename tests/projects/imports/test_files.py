"""Files as they come: delimiters, sheets, damage."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from projects.imports.services import import_proposals, read_mapping, table
from projects.models import (
    Proposal,
)
from tests.company import Company
from tests.projects.imports.rows import TITLES, csv_of, loaded, said, xlsx_of


def test_other_delimiters_and_a_byte_order_mark(bring: Callable[..., Any]) -> None:
    assert said(bring(b"\xef\xbb\xbf" + csv_of({}, delimiter=";"))) == []
    assert said(bring(csv_of({"reference": "OLD-2"}, delimiter="\t"))) == []
    assert Proposal.objects.count() == 2


def test_a_spreadsheet_is_read_by_sheet_with_values_for_formulas(company: Company) -> None:
    mapping = TITLES | {
        "sheet": "List",
        "fields": TITLES["fields"] | {"horizon_months": {"column": "months"}},
    }
    content = xlsx_of(
        ["title", "marketing_owner", "cx_owner", "months"],
        ["Plain", "marketing", "cx", 24],
        ["Counted", "marketing", "cx", "=20+4"],
    )
    read = loaded(content, "list.XLSX", sheet="List")
    assert read.rows[0]["months"] == "24"
    assert read.rows[1]["months"] == "0"  # the value stored beside the formula, never the formula
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=table.Table(columns=read.columns, rows=read.rows[:1], numbers=[2]),
        mapping=read_mapping(json.dumps(mapping)),
    )
    assert said(report) == []
    assert Proposal.objects.get().horizon_months == 24


def bomb(declared: int) -> bytes:
    """A spreadsheet with a part of zeros, which packs to a thousandth."""
    file = io.BytesIO(xlsx_of(["title"], ["x"]))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts,
        parts.open("xl/zeros.xml", "w") as part,
    ):
        for _ in range(declared // 2**20):
            part.write(bytes(2**20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"title\nx", "list.pdf", "Give a .csv, .txt, .xlsx or .ods file."),
        (b"title\nx", "list.xlsx", "The file is not a readable spreadsheet."),
        (b"PK\x03\x04 and no more", "list.xlsx", "The file is not a readable spreadsheet."),
        (bomb(201 * 2**20), "list.xlsx", "The spreadsheet unpacks to too much data."),
        (b"", "list.csv", "The first row must name the columns."),
        (b"\n\n", "list.csv", "The first row must name the columns."),
        (b"title\n", "list.csv", "The file has no row below the column names."),
        (b"title\n , \n", "list.csv", "The file has no row below the column names."),
        (b"title,title\nx,y", "list.csv", "The column “title” is there twice."),
        (b"a," * 250 + b"\nx", "list.csv", "A row has more than 200 columns."),
        (b"title\n" + b"x\n" * 20_001, "list.csv", "The file has more than 20,000 rows."),
        (bytes(20 * 2**20 + 1), "list.csv", "The file is larger than 20 MB."),
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_sentence(
    content: bytes, name: str, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        loaded(content, name)
    assert caught.value.messages == [message]


def test_a_broken_quote_is_refused() -> None:
    with pytest.raises(ValidationError, match="not readable as CSV"):
        loaded(b'title\n"x"y\n')


def test_an_unknown_sheet_names_those_there_are() -> None:
    with pytest.raises(ValidationError) as caught:
        loaded(xlsx_of(["title"], ["x"]), "list.xlsx", sheet="Lists")
    assert caught.value.messages == ["There is no sheet “Lists”. There are: Cover, List."]


def test_a_spreadsheet_without_a_sheet_is_refused() -> None:
    file = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(xlsx_of(["title"], ["x"])))
    with zipfile.ZipFile(file, "w") as parts:
        for name in whole.namelist():
            text = whole.read(name)
            book = name == "xl/workbook.xml"
            parts.writestr(name, re.sub(b"<sheet .*/>", b"", text) if book else text)
    with pytest.raises(ValidationError, match="not a readable"):
        loaded(file.getvalue(), "list.xlsx")


def test_an_entity_bomb_in_a_spreadsheet_is_refused() -> None:
    file = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(xlsx_of(["title"], ["x"])))
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l9;</x>'
    with zipfile.ZipFile(file, "w") as parts:
        for name in whole.namelist():
            sheet = name.startswith("xl/worksheets/")
            parts.writestr(name, bomb if sheet else whole.read(name))
    with pytest.raises(ValidationError):
        loaded(file.getvalue(), "list.xlsx")
