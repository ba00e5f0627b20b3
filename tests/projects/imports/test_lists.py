"""Lists in the shapes that spreadsheets and their owners give them."""

import io
import time
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from projects.imports.services import import_proposals, read_mapping, read_table
from projects.imports.services.reading import UNSTORED, read_day
from projects.models import MoneyLine, Proposal
from tests.company import Company

MAPPING = """{"fields": {"title": {"column": "What"}, "marketing_owner": {"constant": "marketing"},
 "cx_owner": {"constant": "cx"}}, "money": [
 {"kind": "one_off_cost", "amount": {"column": "Price"}},
 {"kind": "cost_to_serve", "amount": {"column": "Saved"}}]}"""
HEADS = ["What", "Price", "Saved"]
GERMAN = "What;Price;Saved\r\nÄrger vermeiden;1.250.000,50;350.000,00\r\nGrüße;48,5;1.200\r\n"
AMOUNTS = [("1250000.50", "350000"), ("48.5", "1200")]


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def brought(company: Company, content: bytes, name: str = "list.csv") -> Any:
    mapping = read_mapping(MAPPING)
    table = read_table(io.BytesIO(content), name, wanted=mapping.columns())
    report = import_proposals(
        actor=company.admin, cycle=company.cycle, table=table, mapping=mapping
    )
    return table, [str(error) for error in report.errors]


def amounts() -> list[tuple[Decimal, Decimal]]:
    kinds = MoneyLine.Kind
    return [
        (
            proposal.money.get(kind=kinds.ONE_OFF_COST).likely,
            proposal.money.get(kind=kinds.COST_TO_SERVE).likely,
        )
        for proposal in Proposal.objects.order_by("pk")
    ]


EXPECTED = [(Decimal(cost), Decimal(saved)) for cost, saved in AMOUNTS]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GERMAN.encode("utf-8-sig"), "UTF-8, semicolons between columns"),
        (GERMAN.encode("cp1252"), "Windows-1252, semicolons between columns"),
        (GERMAN.replace(";", "\t").encode("utf-16"), "UTF-16, tabs between columns"),
        (("sep=;\r\n" + GERMAN).encode("utf-8-sig"), "column names in row 2"),
        (GERMAN.replace(";", "|").encode(), "bars between columns"),
        (
            b'What,Price,Saved\nA,"$1,250,000.50","350,000.00 EUR"\n,,\n , , \nB,48.5 EUR,1.2 k\n',
            "decimal sign \u201c.\u201d",
        ),
    ],
    ids=["german", "windows", "unicode text", "sep line", "bars", "signs and blank rows"],
)
def test_the_same_list_in_other_hands(company: Company, content: bytes, said: str) -> None:
    table, errors = brought(company, content)
    assert errors == []
    assert said in str(table.dialect)
    assert amounts() == EXPECTED
    assert "\ufffd" not in "".join(Proposal.objects.values_list("title", flat=True))


def test_a_sheet_behind_a_cover_with_a_title_above_and_a_total_below(company: Company) -> None:
    rows: list[list[Any]] = [["Our roadmap, as of May"], [], HEADS, ["A", 1_250_000.5, 350_000]]
    rows += [["B", 48.5, 1_200], ["Total", 1_250_049, 351_200]]
    content = workbook(("Cover", [["Roadmap"], ["Version", 3, "final"]]), ("List", rows))
    table, errors = brought(company, content, "list.xlsx")
    assert errors == []
    assert (table.dialect.sheet, table.dialect.head_row) == ("List", 3)
    assert table.left_out == [(6, "it is a row of totals")]
    assert amounts() == EXPECTED


def test_a_formula_whose_result_was_never_stored_is_refused_at_its_cell(company: Company) -> None:
    content = workbook(("List", [HEADS, ["A", "=1000*2", 5], ["B", 7, "=SUM(C2)"]]))
    _, errors = brought(company, content, "list.xlsx")
    assert errors == [f"row 2, Price: {UNSTORED}", f"row 3, Saved: {UNSTORED}"]
    assert not Proposal.objects.exists()


def test_what_is_below_zero_in_brackets_is_refused_as_a_cost(company: Company) -> None:
    _, errors = brought(company, b'What,Price,Saved\nA,"(1,200.00)",5\n')
    assert errors == ["row 2, Price: A cost cannot be negative. Enter money saved as a benefit."]


def test_a_number_that_nothing_in_the_list_decides_is_asked_back(company: Company) -> None:
    _, errors = brought(company, b"What;Price;Saved\nA;1.250;5\n")
    assert errors == [
        "row 2, Price: \u201c1.250\u201d can be read in two ways. Write 1250, or 1.25."
    ]


def test_a_title_that_begins_like_a_total_is_an_entry(company: Company) -> None:
    table, errors = brought(company, b"What,Price,Saved\nTotal recall of letters,10,5\nSum,1,2\n")
    assert (errors, table.left_out) == ([], [(3, "it is a row of totals")])


@pytest.mark.parametrize(
    ("text", "first", "day"),
    [
        ("2026-03-31", None, "2026-03-31"),
        ("31.12.2026", True, "2026-12-31"),
        ("31/12/26", True, "2026-12-31"),
        ("12/31/2026", False, "2026-12-31"),
        ("5/5/2026", None, "2026-05-05"),
    ],
)
def test_days_as_people_write_them(text: str, first: bool | None, day: str) -> None:
    assert read_day(text, days_first=first).isoformat() == day


def test_a_day_that_could_be_two_is_none() -> None:
    with pytest.raises(ValueError, match="04/05/2026"):
        read_day("04/05/2026", days_first=None)


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="Give a"):
        read_table(io.BytesIO(b"%PDF"), "list.pdf")


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (
            "Namn;Beskrivning\nSluta;Kunder får ett kort, och ringer på måndagar.\n",
            "cp1252",
            "cp1252",
        ),
        ("Titre;Coût\nRéduire;Les clients attendent même après février.\n", "cp1252", "cp1252"),
        ("Nazwa;Opis\nŁatwiejsze płatności;Klienci czekają, żeby zapłacić.\n", "cp1250", "cp1250"),
        ("Name;Notes\nFormular kürzen;Größe ändern und prüfen.\n", "mac_roman", "mac_roman"),
    ],
)
def test_letters_of_many_languages_are_read_right(text: str, encoding: str, said: str) -> None:
    table = read_table(io.BytesIO(text.encode(encoding)), "list.csv")
    assert table.dialect.encoding == said
    assert ";".join(table.columns) == text.split("\n", maxsplit=1)[0]
    assert ";".join(table.rows[0].values()) == text.split("\n")[1]


MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
 <office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>
</office:document-content>"""


def ods(sheets: str) -> io.BytesIO:
    """A spreadsheet as LibreOffice keeps it, of the parts that a reader needs."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{MANIFEST}"></manifest:manifest>',
        )
        parts.writestr("content.xml", ODS.format(sheets=sheets))
    kept.seek(0)
    return kept


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def said(text: str) -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def number(value: str) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def test_a_spreadsheet_of_libreoffice_is_read() -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="2026-02-01"/>'
    cover = f'<table:table table:name="Cover">{row(said("Our list"))}</table:table>'
    head = row(said("What"), said("Price"), said("Date"))
    body = (
        head + row(said("Grüße"), number("1250000.5"), day) + row() + row(said("Two"), number("48"))
    )
    table = read_table(ods(f'{cover}<table:table table:name="List">{body}</table:table>'), "a.ods")
    assert (table.dialect.sheet, table.columns) == ("List", ["What", "Price", "Date"])
    assert [list(found.values())[:2] for found in table.rows] == [
        ["Grüße", "1250000.5"],
        ["Two", "48"],
    ]
    assert table.rows[0]["Date"] == "2026-02-01"
    assert table.numbers == [2, 4]


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ("1", "16000", "more than 200 columns"),
        ("1000000", "100", "more than 20,000 rows"),
        ("1048576", "16384", "more than 200 columns"),
    ],
)
def test_cells_that_a_file_claims_to_repeat_are_not_made(
    rows: str, columns: str, said: str
) -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="1" '
        f'table:number-columns-repeated="{columns}"/>'
    )
    line = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    hostile = ods(f'<table:table table:name="W">{line}</table:table>')
    began = time.process_time()
    with pytest.raises(ValidationError, match=said):
        read_table(hostile, "a.ods")
    assert time.process_time() - began < 1


def test_empty_cells_that_repeat_are_harmless() -> None:
    """As LibreOffice ends every sheet."""
    rest = (
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    body = row(said("What")) + row(said("One")) + rest
    table = read_table(ods(f'<table:table table:name="L">{body}</table:table>'), "a.ods")
    assert table.rows == [{"What": "One"}]


@pytest.mark.parametrize("broken", [b"PK no", b"", b"<xml>"])
def test_what_is_no_spreadsheet_costs_a_sentence(broken: bytes) -> None:
    with pytest.raises(ValidationError, match="not a readable spreadsheet"):
        read_table(io.BytesIO(broken), "a.ods")


def test_entities_are_not_unfolded() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<office:document-content xmlns:office="o">&b;</office:document-content>'
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("content.xml", bomb)
    kept.seek(0)
    with pytest.raises(ValidationError, match="not a readable spreadsheet"):
        read_table(kept, "a.ods")
