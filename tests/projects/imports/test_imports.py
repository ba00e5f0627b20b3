"""Bringing an existing list in: all rows or none, and what is wrong by row and column."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from projects.cycles.services import make_current
from projects.imports.services import import_proposals, read_mapping, read_table, table
from projects.imports.services.mapping import OWNERS
from projects.models import (
    AuditEntry,
    Cycle,
    JourneyStage,
    Proposal,
    Segment,
    Signature,
    Team,
    User,
)
from scoring.framework.services.versions import import_framework
from scoring.models import FrameworkVersion
from tests.company import TEXTS, Company, framework_spec

COLUMNS = [
    "reference",
    "title",
    "marketing_owner",
    "cx_owner",
    *TEXTS,
    "one_off_cost_low",
    "one_off_cost_likely",
    "one_off_cost_high",
    "acquisition_likely",
    "acquisition_kept_per_year",
    "stage",
    "segment",
    "reach",
    "points",
    "evidence",
    "evidence_date",
]
ROW = {
    "reference": "OLD-1",
    "title": "Stop the double offer",
    "marketing_owner": "marketing",
    "cx_owner": "cx",
    **TEXTS,
    "one_off_cost_low": "1,000",
    "one_off_cost_likely": "2,000.50",
    "one_off_cost_high": "3e3",
    "acquisition_likely": "500",
    "acquisition_kept_per_year": "0.8",
    "stage": "Use",
    "segment": "Families",
    "reach": "1000",
    "points": "−5",
    "evidence": "user",
    "evidence_date": "2025-03-31",
}
TITLES = {"fields": {name: {"column": name} for name in ("title", "marketing_owner", "cx_owner")}}

WRITE = "Write it like 11,500,000 or 11.5 M."


def csv_of(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    lines = [COLUMNS, *([(ROW | row)[name] for name in COLUMNS] for row in rows)]
    return "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()


def xlsx_of(*lines: list[Any], sheet: str = "List") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Cover")
        page = book.add_worksheet(sheet)
        for number, line in enumerate(lines):
            for place, cell in enumerate(line):
                page.write(number, place, cell)
    return file.getvalue()


def loaded(content: bytes, name: str = "list.csv", sheet: str = "") -> table.Table:
    return read_table(io.BytesIO(content), name, sheet=sheet)


@pytest.fixture
def bring(company: Company) -> Callable[..., Any]:
    def bring(content: bytes, **options: Any) -> Any:
        return import_proposals(
            actor=company.admin, cycle=company.cycle, table=loaded(content), **options
        )

    return bring


def said(report: Any) -> list[str]:
    return [str(error) for error in report.errors]


# ---------------------------------------------------------------- rows


def test_a_row_becomes_a_draft(bring: Callable[..., Any], company: Company) -> None:
    assert said(bring(csv_of({}))) == []
    proposal = Proposal.objects.get()
    assert (proposal.reference, proposal.status, proposal.cycle) == (
        "OLD-1",
        "draft",
        company.cycle,
    )
    assert proposal.owners == (company.marketing, company.cx)
    cost, won = proposal.money.all()
    assert [cost.low, cost.likely, cost.high] == [1000, Decimal("2000.50"), 3000]
    assert [won.low, won.likely, won.high, won.yearly_retention] == [500, 500, 500, Decimal("0.8")]
    effect = proposal.effects.get()
    assert [effect.reach, effect.points, effect.evidence] == [1000, -5, "user"]
    assert effect.evidence_date == date(2025, 3, 31)


def test_what_the_list_does_not_state_is_missing_and_not_zero(bring: Callable[..., Any]) -> None:
    blank = dict.fromkeys(
        ("one_off_cost_low", "one_off_cost_likely", "one_off_cost_high", "acquisition_likely"), ""
    )
    report = bring(csv_of(blank | {"reach": "", "points": "", "acquisition_kept_per_year": ""}))
    assert said(report) == []
    proposal = Proposal.objects.get()
    assert (proposal.money.count(), proposal.effects.count()) == (0, 0)


def test_one_wrong_cell_keeps_every_row_out(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}, {"reference": "OLD-2", "reach": "many"}))
    assert said(report) == [f"row 3, reach: “many” is not an amount. {WRITE}"]
    assert report.created == []
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": ""}, "title: This field cannot be blank."),
        (
            {"title": "x" * 121},
            "title: Ensure this value has at most 120 characters (it has 121).",
        ),
        ({"marketing_owner": "nobody"}, "marketing_owner: There is no person “nobody”."),
        ({"cx_owner": ""}, "cx_owner: The person is missing."),
        ({"cx_owner": "other-marketing"}, "cx_owner: Choose an active person from a CX team."),
        ({"stage": "Nowhere"}, "stage: There is no journey stage “Nowhere”."),
        ({"segment": ""}, "segment: The segment is missing."),
        ({"reach": "1,5"}, f"reach: “1,5” is not an amount. {WRITE}"),
        (
            {"reach": "12,34"},
            f"reach: “12,34” is not an amount. {WRITE}",
        ),
        (
            {"reach": "Infinity"},
            f"reach: “Infinity” is not an amount. {WRITE}",
        ),
        ({"reach": "NaN"}, f"reach: “NaN” is not an amount. {WRITE}"),
        ({"reach": "0x10"}, f"reach: “0x10” is not an amount. {WRITE}"),
        ({"reach": "=1+1"}, f"reach: “=1+1” is not an amount. {WRITE}"),
        ({"reach": ""}, "reach: A number is missing."),
        ({"reach": "1.5"}, "reach: “1.5” is not a whole number."),
        (
            {"reach": "1e999"},
            f"reach: “1e999” is not an amount. {WRITE}",
        ),
        ({"one_off_cost_likely": ""}, "one_off_cost_likely: The likely amount is missing."),
        ({"one_off_cost_low": "5000"}, "one_off_cost_likely: Likely must not be below low."),
        (
            {"evidence_date": "2999-01-01"},
            "evidence_date: This day is still to come. Give the day of the evidence.",
        ),
        ({"evidence": "rumour"}, "evidence: Value 'rumour' is not a valid choice."),
        (
            {"points": "101"},
            "points: Ensure this value is less than or equal to 100.",
        ),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    bring: Callable[..., Any], wrong: dict[str, str], message: str
) -> None:
    assert said(bring(csv_of(wrong))) == [f"row 2, {message}"]
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "cell",
    ["1e999999999", "1e-99", "9" * 40, "1e40", "-1", "1.5"],
)
@pytest.mark.parametrize(
    "column", ["reach", "points", "one_off_cost_likely", "acquisition_kept_per_year"]
)
def test_numbers_of_any_size_never_break_the_import(
    bring: Callable[..., Any], column: str, cell: str
) -> None:
    """Each is kept as it is or refused by its column."""
    report = bring(csv_of({column: cell}))
    assert all(f"row 2, {column[:7]}" in text for text in said(report))
    assert Proposal.objects.count() == (0 if report.errors else 1)


def test_rows_that_are_there_already_or_twice_are_refused(bring: Callable[..., Any]) -> None:
    twice = bring(csv_of({}, {"title": "Other"}))
    assert said(twice) == ["row 3, reference: “OLD-1” is already in Prioritizer."]
    assert said(bring(csv_of({}))) == []
    assert said(bring(csv_of({}))) == ["row 2, reference: “OLD-1” is already in Prioritizer."]
    assert Proposal.objects.count() == 1


def test_a_dry_run_checks_all_and_keeps_nothing(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}, {"reference": "OLD-2"}), dry_run=True)
    assert (len(report.drafts), report.created, said(report)) == (2, [], [])
    assert not Proposal.objects.exists()


def test_vouched_rows_are_signed_and_submitted(bring: Callable[..., Any]) -> None:
    assert said(bring(csv_of({}), attestation="Board minutes of 3 May")) == []
    assert Proposal.objects.get().status == "submitted"
    vouched = Signature.objects.values_list("function", "attestation", "signer__username")
    assert sorted(vouched) == [
        ("cx", "Board minutes of 3 May", "admin"),
        ("marketing", "Board minutes of 3 May", "admin"),
    ]


def test_a_vouched_row_must_be_whole(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({"problem": ""}), attestation="Board minutes of 3 May")
    assert said(report) == ["row 2, problem: Say what goes wrong for customers today."]


def test_too_long_a_reference_is_refused_by_row(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({"reference": "x" * 41}))
    assert [str(error) for error in report.errors] == [
        "row 2, reference: Ensure this value has at most 40 characters (it has 41)."
    ]


def test_a_nul_in_a_mapping_is_left_out() -> None:
    mapping = read_mapping(json.dumps({"fields": {"title": {"constant": "Stop\0 it"}}}))
    assert mapping.fields["title"] == {"constant": "Stop it"}


def test_too_long_a_voucher_is_refused_by_row(bring: Callable[..., Any]) -> None:
    report = bring(csv_of({}), attestation="x" * 201)
    assert said(report) == ["row 2, attestation: Say it in 200 characters."]


def test_only_administrators_import(company: Company) -> None:
    with pytest.raises(PermissionDenied):
        import_proposals(actor=company.leader, cycle=company.cycle, table=loaded(csv_of({})))


# ---------------------------------------------------------------- files


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


# ---------------------------------------------------------------- mapping


def test_a_mapping_translates_scales_and_fills_in(company: Company) -> None:
    mapping = {
        "fields": {
            "title": {"column": "Name"},
            "category": {"column": "Type", "values": {"A": "alpha"}},
            "problem": {"column": "Why", "default": "Not stated."},
            "marketing_owner": {"constant": "marketing"},
            "cx_owner": {"constant": "cx"},
        },
        "money": [
            {"kind": "one_off_cost", "label": "Price", "amount": {"column": "M", "scale": 1000000}}
        ],
        "measures": {"speed": {"column": "Speed"}},
    }
    content = b"Name,Type,Why,M,Speed\nFirst,A,,1.5,7\nSecond,,Because,,\n"
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(content),
        mapping=read_mapping(json.dumps(mapping)),
    )
    assert said(report) == []
    first, second = Proposal.objects.order_by("id")
    assert (first.category, first.problem, first.reference) == (
        "alpha",
        "Not stated.",
        f"P-{first.pk}",
    )
    assert first.money.get().likely == 1_500_000
    assert first.measures.get().value == 7
    assert (second.problem, second.money.count(), second.measures.count()) == ("Because", 0, 0)
    unknown = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name,Type,Why,M\nThird,B,,x\n"),
        mapping=read_mapping(json.dumps(mapping | {"measures": {}})),
    )
    assert said(unknown) == [
        "row 2, Type: “B” is not in the mapping's values.",
        "row 2, M: “x” is not an amount. Write it like 11,500,000 or 11.5 M.",
    ]


@pytest.mark.parametrize(
    ("source", "cell", "title"),
    [
        ({"prefix": "A-"}, "7", "A-7"),
        ({"prefix": "A-", "values": {"7": "seven"}}, "7", "A-seven"),
        ({"prefix": "A-", "default": "none"}, "", "A-none"),
        ({"longest": 9}, "one two 3", "one two 3"),
        ({"longest": 8}, "one two 3", "one two…"),
        ({"longest": 7}, "one two 3", "one…"),
        ({"longest": 5}, "one two 3", "one…"),
        ({"longest": 4}, "one two 3", "one…"),
        ({"longest": 3}, "one two 3", "on…"),
        ({"longest": 1}, "one two 3", "…"),
        ({"longest": 6, "prefix": "A-"}, "7 trees", "A-7…"),
    ],
)
def test_a_text_gets_a_prefix_and_is_shortened_at_a_word(
    company: Company, source: dict[str, Any], cell: str, title: str
) -> None:
    fields = {"title": {"column": "Name"} | source}
    fields |= {name: {"constant": name.removesuffix("_owner")} for name in OWNERS}
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(f"Name,Other\n{cell},x\n".encode()),
        mapping=read_mapping(json.dumps({"fields": fields})),
    )
    assert said(report) == []
    assert Proposal.objects.get().title == title


def test_nothing_gets_a_prefix_where_nothing_is(company: Company) -> None:
    fields = {"title": {"column": "Name"}, "problem": {"column": "Why", "prefix": "Because "}}
    fields |= {name: {"constant": name.removesuffix("_owner")} for name in OWNERS}
    import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name,Why\nFirst,\n"),
        mapping=read_mapping(json.dumps({"fields": fields})),
    )
    assert Proposal.objects.get().problem == ""


def test_a_column_that_is_not_there_is_named_once(company: Company) -> None:
    report = import_proposals(
        actor=company.admin,
        cycle=company.cycle,
        table=loaded(b"Name\nx\ny\n"),
        mapping=read_mapping(json.dumps(TITLES)),
    )
    assert said(report) == [
        f"row 1, {name}: The file has no such column, but the mapping reads it."
        for name in ("cx_owner", "marketing_owner", "title")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"fields": {}, "extra": 1}',
        '{"fields": {"status": {"constant": "greenlit"}}}',
        '{"fields": {"title": {}}}',
        '{"fields": {"title": "Name"}}',
        '{"fields": ["title"]}',
        '{"fields": {}, "money": {"kind": "one_off_cost"}}',
        '{"fields": {}, "money": [{"amount": {"column": "x"}}]}',
        '{"fields": {}, "money": ["x"]}',
        '{"fields": {}, "effects": [1]}',
        '{"fields": {}, "measures": ["x"]}',
        '{"fields": {}, "setup": []}',
        '{"fields": {"title": {"column": 1}}}',
        '{"fields": {"title": {"column": "x", "values": ["y"]}}}',
        '{"fields": {}, "measures": {"x": {"column": "x", "scale": "many"}}}',
        '{"fields": {}, "sheet": 1}',
        '{"fields": {"title": {"column": "x", "prefix": 1}}}',
        '{"fields": {"title": {"column": "x", "longest": "9"}}}',
        '{"fields": {"title": {"column": "x", "longest": 0}}}',
    ],
)
def test_a_wrong_mapping_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_mapping(text)
    assert list(caught.value.message_dict) == ["mapping"]


# ---------------------------------------------------------------- commands


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_the_command_imports(company: Company, file: Callable[..., Path], capsys) -> None:
    call_command("import_proposals", file("list.csv", csv_of({})), "--dry-run")
    out = capsys.readouterr().out
    assert out.startswith("Read as: UTF-8, commas between columns, column names in row 1")
    assert out.endswith("\n1 proposals would be imported into This year as drafts.\n")
    assert not Proposal.objects.exists()
    call_command(
        "import_proposals", file("list.csv", csv_of({})), attest="Minutes", username="admin"
    )
    assert capsys.readouterr().out.endswith("\n1 proposals imported into This year as submitted.\n")


def test_the_command_says_what_is_wrong(
    company: Company, file: Callable[..., Path], capsys
) -> None:
    path = file("list.csv", csv_of({"title": ""}, {"reference": "OLD-2", "stage": "x"}))
    with pytest.raises(CommandError, match=r"Nothing was imported: 2 errors\."):
        call_command("import_proposals", path)
    assert capsys.readouterr().err.splitlines() == [
        "row 2, title: This field cannot be blank.",
        "row 3, stage: There is no journey stage “x”.",
    ]
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_proposals", path.with_name("none.csv"))
    with pytest.raises(CommandError, match="There is no cycle “Next”"):
        call_command("import_proposals", path, cycle="Next")
    with pytest.raises(CommandError, match="There is no active administrator “leader”"):
        call_command("import_proposals", path, username="leader")
    with pytest.raises(CommandError, match="The mapping is not JSON"):
        call_command("import_proposals", path, mapping=file("m.json", b"{"))


def test_missing_people_come_from_the_setup(company: Company, file: Callable[..., Path]) -> None:
    setup = {
        "cycle": {
            "name": "Old list",
            "intake_opens": "2020-01-01",
            "intake_closes": "2020-12-31",
            "budget": "1000",
        },
        "teams": [{"name": "Old team", "function": "marketing"}],
        "people": [{"username": "old", "team": "Old team"}],
        "stages": ["Use", "Leave"],
        "segments": ["Old customers"],
    }
    fields = TITLES["fields"] | {"marketing_owner": {"constant": "old"}}
    mapping = file("m.json", json.dumps({"fields": fields, "setup": setup}).encode())
    path = file("list.csv", csv_of({}))
    with pytest.raises(CommandError):
        call_command("import_proposals", path, mapping=mapping)
    call_command("import_proposals", path, "--create-missing", "--dry-run", mapping=mapping)
    assert not User.objects.filter(username="old").exists()
    call_command("import_proposals", path, "--create-missing", mapping=mapping)
    proposal = Proposal.objects.get()
    assert (str(proposal.cycle), proposal.marketing_owner.username) == ("Old list", "old")
    assert not proposal.marketing_owner.has_usable_password()
    assert not proposal.cycle.is_current
    assert Segment.objects.filter(name="Old customers").exists()
    assert list(JourneyStage.objects.values_list("name", "position")) == [("Use", 1), ("Leave", 2)]


def test_the_command_makes_the_cycle_current(
    company: Company, file: Callable[..., Path], capsys
) -> None:
    dates = {"intake_opens": "2020-01-01", "intake_closes": "2020-12-31", "budget": "1000"}
    mapping = {"fields": TITLES["fields"], "setup": {"cycle": {"name": "Old list"} | dates}}
    given = {
        "mapping": file("m.json", json.dumps(mapping).encode()),
        "create_missing": True,
    }
    path = file("list.csv", csv_of({}))
    call_command("import_proposals", path, **given)
    assert capsys.readouterr().out.endswith(
        "1 proposals imported into Old list as drafts.\n"
        "Old list is not the current cycle, so rank leaves it out. Import with --current, "
        "or change the current cycle in the administration.\n"
    )
    call_command("import_proposals", path, "--current", "--dry-run", **given)
    assert Cycle.objects.get(is_current=True) == company.cycle
    capsys.readouterr()
    call_command("import_proposals", path, "--current", **given)
    assert capsys.readouterr().out.endswith("\n1 proposals imported into Old list as drafts.\n")
    now = Cycle.objects.get(is_current=True)
    assert now.name == "Old list"
    entry = AuditEntry.objects.get(action="cycle.current")
    assert (entry.actor, entry.subject, entry.data) == (
        company.admin,
        f"cycle:{now.pk}",
        {"name": "Old list"},
    )
    make_current(actor=company.admin, cycle=now)
    assert AuditEntry.objects.filter(action="cycle.current").count() == 1


def test_only_administrators_change_the_current_cycle(company: Company) -> None:
    with pytest.raises(PermissionDenied):
        make_current(actor=company.leader, cycle=company.cycle)


@pytest.mark.parametrize(
    "setup",
    [
        {"teams": [{"name": "No function"}]},
        {"teams": [{"name": "Wrong", "function": "magic"}]},
        {"teams": "all"},
        {"people": [{"username": "x", "team": "Nowhere"}]},
        {"cycle": {"name": "No dates"}},
        {"cycle": {"name": "X", "size": 1}},
        {"stages": ["x" * 100]},
        {"segments": [1]},
    ],
)
def test_a_wrong_setup_creates_nothing(
    company: Company, file: Callable[..., Path], setup: dict[str, Any]
) -> None:
    before = (Team.objects.count(), User.objects.count(), Cycle.objects.count())
    mapping = file("m.json", json.dumps(TITLES | {"setup": setup}).encode())
    with pytest.raises(CommandError):
        call_command(
            "import_proposals", file("l.csv", csv_of({})), "--create-missing", mapping=mapping
        )
    assert (Team.objects.count(), User.objects.count(), Cycle.objects.count()) == before


@pytest.fixture
def nobody_else(db: None) -> User:
    """An empty installation with its administrator."""
    return User.objects.create_superuser("admin")


@pytest.mark.usefixtures("nobody_else")
def test_a_framework_comes_from_a_file(file: Callable[..., Path], capsys) -> None:
    spec = framework_spec() | {"name": "Other", "summary": "Ours."}
    path = file("framework.json", json.dumps(spec).encode())
    call_command("import_framework", path)
    assert capsys.readouterr().out == "Other v1: draft.\n"
    with pytest.raises(CommandError, match="A draft is open already"):
        call_command("import_framework", path)
    FrameworkVersion.objects.filter(status="draft").delete()
    call_command("import_framework", path, "--publish")
    assert capsys.readouterr().out == "Other v1: published.\n"
    assert FrameworkVersion.objects.get(status="published").framework.name == "Other"
    with pytest.raises(CommandError, match="The panel votes on a change"):
        call_command("import_framework", path, "--publish")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON"),
        (b"[]", "Give an object with named parts."),
        (b"{}", "This is missing."),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_wrong_framework_file_is_refused(
    company: Company, file: Callable[..., Path], content: bytes, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_framework", file("framework.json", content))
    assert FrameworkVersion.objects.count() == 1


def test_publishing_from_a_file_is_all_or_nothing(
    nobody_else: User, file: Callable[..., Path]
) -> None:
    path = file("framework.json", json.dumps(framework_spec() | {"summary": ""}).encode())
    with pytest.raises(CommandError, match="Say in one sentence what this version changes"):
        call_command("import_framework", path, "--publish")
    assert not FrameworkVersion.objects.exists()
    import_framework(actor=nobody_else, spec=framework_spec())
