"""No text of anybody becomes a formula, a link or an action, in any field of any format."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import orjson
import pytest
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    TextStringObject,
)

from projects.spreadsheet_text import RISKY, decoded, unescaped
from scoring.backlog.selectors.backlog import results_of
from scoring.exports.files import WRITERS, Export, sealed
from scoring.exports.files.record import PARTS
from scoring.exports.files.slides.seal import read_seal
from scoring.exports.files.table import Record
from scoring.models import RankingRun

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BODIES = ("1+1", 'HYPERLINK("http://evil.example","x")', "cmd|' /C calc'!A0", "SUM(A1:A9)")
PAYLOADS = [
    *(start + body for start in STARTS for body in BODIES),
    "http://evil.example",
    "https://evil.example/?a=1",
    "mailto:x@evil.example",
    "internal:'Run'!A1",
    "external:c:\\x.xlsx",
    "file:///etc/passwd",
    "'=1+1",
    "''=1+1",
    "{=1+1}",
    "<f>1+1</f>",
    "</t></is></c><c><f>1+1</f></c>",
    '<a href="http://evil.example">x</a>',
    '<img src="http://evil.example/x.png"/>',
    "javascript:alert(1)",
    "_x003D_1+1",
    "]]>",
    '"],["=1+1',
    "\\u003d1+1",
    "&#61;1+1",
    "=1+1\r\n=2+2",
]
ACTIONS = {
    "/URI",
    "/JS",
    "/JavaScript",
    "/Launch",
    "/GoToR",
    "/SubmitForm",
    "/ImportData",
    "/AA",
    "/A",
}


def export_with(run: RankingRun, payload: str) -> Export:
    """A list of one row with ``payload`` in every text: seal, criteria, row, record."""
    made = sealed(run, results_of(run), chosen="none")
    table = made.columns
    rows = [
        [payload if column.is_text else cell for column, cell in zip(table, row, strict=True)]
        for chunk in made.chunks
        for row in chunk[:1]
    ]
    criteria = [item | {"name": payload, "dimension": payload} for item in made.criteria]
    seal = replace(
        made.seal,
        rows=1,
        framework=payload,
        engine_version=payload,
        cycle=payload,
        currency=payload,
        filter=payload,
        exported_at=payload,
    )
    record: Record = {
        part.key: [{column.key: payload if column.is_text else 1 for column in part.columns}]
        for part in PARTS
    }
    return replace(made, seal=seal, criteria=criteria, chunks=[rows], record=record)


def texts_of(export: Export) -> int:
    return sum(column.is_text for column in export.columns)


def written(export: Export, kind: str) -> bytes:
    file = io.BytesIO()
    WRITERS[kind](export, file)
    return file.getvalue()


def xlsx_findings(content: bytes, payload: str) -> tuple[int, int, int]:
    """(formulas, links, texts that came back as they were)."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        files = {name: parts.read(name) for name in parts.namelist()}
    sheets = b"".join(part for name, part in files.items() if "worksheets/sheet" in name)
    formulas = len(re.findall(rb"<f[ >/]", sheets))
    links = len(re.findall(rb"<hyperlink", sheets))
    links += sum(b'TargetMode="External"' in part for part in files.values())
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas += sum(cell.data_type == "f" for cell in cells)
    links += sum(cell.hyperlink is not None for cell in cells)
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    formulas += sum(text.startswith(RISKY) for text in texts)
    return formulas, links, sum(unescaped(decoded(text)) == payload for text in texts)


def csv_findings(content: bytes, payload: str) -> tuple[int, int, int]:
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    cells = [cell for line in lines for cell in line]
    risky = [cell for cell in cells if cell.startswith(RISKY) and not number(cell)]
    return len(risky), 0, sum(unescaped(cell) == payload for line in lines[1:] for cell in line)


def json_findings(content: bytes, payload: str) -> tuple[int, int, int]:
    rows = orjson.loads(content)["proposals"]
    return 0, 0, sum(cell == payload for row in rows for cell in row.values())


def pdf_findings(content: bytes, payload: str) -> tuple[int, int, int]:
    paper = PdfReader(io.BytesIO(content))
    found = [name for name in names(paper.trailer["/Root"], set()) if name in ACTIONS]
    annotated = sum("/Annots" in page for page in paper.pages)
    [attached] = paper.attachments["backlog.json"]
    return len(found), annotated, json_findings(attached, payload)[2]


def pptx_findings(content: bytes, payload: str) -> tuple[int, int, int]:
    """The slides, and the workbooks that their charts keep."""
    formulas = links = 0
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        files = {name: parts.read(name) for name in parts.namelist()}
    for name, part in files.items():
        if name.endswith(".xlsx"):
            found = xlsx_findings(part, payload)
            formulas, links = formulas + found[0], links + found[1]
    links += sum(b"hlink" in part for name, part in files.items() if "slides/slide" in name)
    links += sum(b'TargetMode="External"' in part for part in files.values())
    rows = read_seal(content)["proposals"]
    return formulas, links, sum(cell == payload for row in rows for cell in row.values())


def names(thing: Any, seen: set[int]) -> Iterator[str]:
    """Every name and key in the objects that a reader reaches from the catalogue."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in seen:
            return
        seen.add(thing.idnum)
        thing = thing.get_object()
    if isinstance(thing, DictionaryObject):
        for key, value in thing.items():
            yield str(key)
            yield from names(value, seen)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from names(value, seen)
    elif isinstance(thing, str):
        yield thing


def number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell) is not None


FINDINGS: dict[str, Callable[[bytes, str], tuple[int, int, int]]] = {
    "csv": csv_findings,
    "xlsx": xlsx_findings,
    "json": json_findings,
    "pdf": pdf_findings,
    "pptx": pptx_findings,
}


@pytest.mark.parametrize("kind", FINDINGS)
def test_no_field_of_any_format_runs_or_links(
    run: RankingRun, kind: str, record_property: Callable[[str, int], None]
) -> None:
    assert len(PAYLOADS) >= 60
    tried = formulas = links = 0
    for payload in PAYLOADS:
        export = export_with(run, payload)
        found = FINDINGS[kind](written(export, kind), payload)
        assert found[:2] == (0, 0), payload
        # Each text of each row was there, and can be read back as it was.
        fields = texts_of(export) * export.seal.rows
        assert found[2] >= fields, payload
        tried += fields
        formulas += found[0]
        links += found[1]
    record_property("payloads in exported text fields", tried)
    record_property("formulas found", formulas)
    record_property("links found", links)


def test_the_detectors_find_what_is_planted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "=1+1"
    sheet["A2"].hyperlink = "http://evil.example"
    file = io.BytesIO()
    book.save(file)
    formulas, links, _ = xlsx_findings(file.getvalue(), "")
    assert (formulas > 0, links > 0) == (True, True)
    assert csv_findings(b"title\r\n=1+1\r\n", "x")[0] == 1
    planted = DictionaryObject()
    action = DictionaryObject()
    action[NameObject("/S")] = NameObject("/URI")
    action[NameObject("/URI")] = TextStringObject("http://evil.example")
    planted[NameObject("/A")] = action
    assert {"/A", "/URI"} <= set(names(planted, set()))
