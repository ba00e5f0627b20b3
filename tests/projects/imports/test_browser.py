"""A list comes in by the browser: guessed, mended in place, all rows or none, and taken back."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.audit.models import AuditEntry
from projects.imports.services import batches, read_mapping
from projects.imports.services.guess import guess, guess_scale
from projects.models import Batch, JourneyStage, Proposal, Segment
from projects.proposals.services import Change, update_proposal
from tests.company import Company
from tests.pages import signed_in, text
from tests.projects.imports.uploading import as_shown, upload

GERMAN = (
    "Projektname;Problembeschreibung;Kundenaufgabe;Verantwortlich Marketing;Verantwortlich CX;"
    "Kosten (EUR);Nutzen pro Jahr;Phase;Zielgruppe;Reichweite;Wirkung;Beleg\n"
    "Doppelte Angebote stoppen;Karte doppelt.;Ruhe;marketing;cx;1.250.000,50;350.000;Use;Families;"
    "80.000;12,5;user\n"
    "Formular kürzen;Zu lang.;Zeit;marketing;Niemand;48,50;abc;Use;Families;5.000;4;test\n"
)


@pytest.fixture
def admin(company: Company) -> Client:
    return signed_in(company.admin)


@pytest.mark.parametrize(
    ("columns", "targets"),
    [
        (["Summary", "Issue key", "Issue Type", "Description"], "title reference category problem"),
        (["Task ID", "Name", "Notes"], "reference title problem"),
        (["Feature name", "Description"], "title problem"),
        (["wlc_baseline_gbp_m", "project_name"], "money.one_off_cost.amount title"),
        (["title", "retention_likely", "reach"], "title money.retention.likely effect.reach"),
        (["Name", "Title", "Colour"], "title - -"),
        (["Projekttitel", "Kunden pro Jahr", "Punkte"], "title effect.reach effect.points"),
        (
            ["Bindung niedrig", "Bindung wahrscheinlich", "Cost max", "Title low"],
            "money.retention.low money.retention.likely money.one_off_cost.high -",
        ),
    ],
)
def test_columns_are_guessed_by_their_names(columns: list[str], targets: str) -> None:
    assert list(guess(columns).values()) == targets.replace("-", "").split(" ")


def test_the_size_of_amounts_is_guessed_too() -> None:
    assert guess_scale("Kosten in Mio. EUR") == 1_000_000
    assert guess_scale("forecast_gbp_m") == 1_000_000
    assert guess_scale("Cost (k)") == 1_000
    assert guess_scale("Marketing cost") == 1


def test_a_list_is_read_mended_imported_and_taken_back(admin: Client, company: Company) -> None:
    page = upload(admin, company, GERMAN)
    first = text(admin.get(page))
    assert "Windows-1252, semicolons between columns" in first
    assert "decimal sign “,”" in first
    assert "1 of 2 rows are ready" in first
    assert "There is no person “Niemand”." in first
    assert "“abc” is not an amount." in first
    assert not Proposal.objects.exists()
    refused = admin.post(page, as_shown(Batch.objects.get()) | {"import": "1"}, follow=True)
    assert "1 of 2 rows are ready" in text(refused)
    assert not Proposal.objects.exists(), "all rows or none"

    mended = as_shown(Batch.objects.get()) | {"cell-3-4": "cx", "cell-3-6": "1.200"}
    assert "All 2 rows are ready" in text(admin.post(page, mended | {"check": "1"}, follow=True))
    found_again = text(signed_in(company.admin).get(page))
    assert "All 2 rows are ready" in found_again, "a closed browser loses nothing"
    done = admin.post(page, as_shown(Batch.objects.get()) | {"import": "1"}, follow=True)
    assert "2 proposals came in as drafts; their owners sign them." in text(done)
    costs = {
        row.title: {line.kind: line.likely for line in row.money.all()}
        for row in Proposal.objects.all()
    }
    assert {title: [str(amount) for amount in row.values()] for title, row in costs.items()} == {
        "Doppelte Angebote stoppen": ["1250000.50", "350000.00"],
        "Formular kürzen": ["48.50", "1200.00"],
    }
    assert [
        effect.reach for row in Proposal.objects.order_by("pk") for effect in row.effects.all()
    ] == [
        80_000,
        5_000,
    ]
    back = admin.post(f"{page}undo/", follow=True)
    assert "2 proposals are taken back." in text(back)
    assert not Proposal.objects.exists()
    actions = [entry.action for entry in AuditEntry.objects.filter(action__startswith="import.")]
    assert actions == ["import.open", "import.done", "import.undo"]


def test_a_row_is_left_out_and_taken_in_again(admin: Client, company: Company) -> None:
    page = upload(admin, company, GERMAN)
    sent = as_shown(Batch.objects.get())
    without = text(admin.post(page, sent | {"leave": ["3"], "check": "1"}, follow=True))
    assert "The one row is ready" in without
    assert "Left out by you: row 3." in without
    again = text(admin.post(page, sent | {"again": "1"}, follow=True))
    assert "1 of 2 rows are ready" in again


def test_what_somebody_built_on_is_not_taken_back(admin: Client, company: Company) -> None:
    page = upload(admin, company, "\n".join(GERMAN.split("\n")[:2]))
    admin.post(page, as_shown(Batch.objects.get()) | {"import": "1"})
    proposal = Proposal.objects.get()
    changed = Change(fields={"marketing_part": "Stop it.", "cx_part": "Say it."})
    update_proposal(actor=company.marketing, proposal=proposal, change=changed, expected_version=1)
    refused = text(admin.post(f"{page}undo/", follow=True))
    assert (
        "Somebody has built on it: “Doppelte Angebote stoppen” was signed, changed or is gone"
        in refused
    )
    assert Proposal.objects.get() == proposal
    assert Batch.objects.get().state == "imported"


def test_signed_elsewhere_comes_in_submitted_and_says_who_vouched(
    admin: Client, company: Company
) -> None:
    page = upload(admin, company, "\n".join(GERMAN.split("\n")[:2]))
    sent = as_shown(Batch.objects.get()) | {
        "attestation": "Steering committee, 3 May",
        "marketing_part": "Stop it.",
        "cx_part": "Say it.",
    }
    done = text(admin.post(page, sent | {"import": "1"}, follow=True))
    assert "“Steering committee, 3 May”" in done
    assert Proposal.objects.get().status == "submitted"


def test_owners_for_every_row_and_places_that_are_new(admin: Client, company: Company) -> None:
    page = upload(
        admin,
        company,
        "Name;Notes;Phase;Zielgruppe;Reichweite;Wirkung;Beleg\nOne;N;Neu;Alle;1;1;test\n",
    )
    assert "Marketing owner: Choose the column that holds it, or one person." in text(
        admin.get(page)
    )
    sent = as_shown(Batch.objects.get()) | {"marketing_owner": "marketing", "cx_owner": "cx"}
    sent |= {"customer_job": "Not stated.", "marketing_part": "-", "cx_part": "-"}
    assert "There is no journey stage “Neu”." in text(admin.post(page, sent, follow=True))
    assert "The one row is ready" in text(
        admin.post(page, sent | {"new_places": "on"}, follow=True)
    )
    assert not JourneyStage.objects.filter(name="Neu").exists(), "a look makes nothing"
    admin.post(page, sent | {"new_places": "on", "import": "1"})
    assert JourneyStage.objects.filter(name="Neu").exists()
    assert Segment.objects.filter(name="Alle").exists()
    assert Proposal.objects.get().customer_job == "Not stated."


def test_the_mapping_is_kept_for_the_next_list_of_the_kind(admin: Client, company: Company) -> None:
    page = upload(admin, company, "\n".join(GERMAN.split("\n")[:2]))
    sent = as_shown(Batch.objects.get()) | {"target-6": "money.enrichment.amount", "import": "1"}
    admin.post(page, sent)
    upload(admin, company, GERMAN.replace("Doppelte", "Andere"))
    newest = Batch.objects.latest("pk")
    assert newest.choices["targets"]["Nutzen pro Jahr"] == "money.enrichment.amount"


def test_what_cannot_be_read_is_said_and_nothing_is_kept(
    admin: Client, company: Company, monkeypatch: Any
) -> None:
    for name, content, said in (
        ("a.docx", b"x", "Give a .csv, .txt, .xlsx or .ods file."),
        ("a.xlsx", b"PK\x03\x04 no", "not a readable spreadsheet"),
        ("a.csv", b"", "The first row must name the columns."),
    ):
        file = SimpleUploadedFile(name, content or b"\n")
        answer = admin.post("/import/", {"file": file, "cycle": company.cycle.pk})
        assert answer.status_code == 422
        assert said in text(answer)
    monkeypatch.setattr(batches, "MOST_ROWS", 1)
    file = SimpleUploadedFile("liste.csv", GERMAN.encode())
    answer = admin.post("/import/", {"file": file, "cycle": company.cycle.pk})
    assert "A list has up to 1 rows; this one has 2." in text(answer)
    assert not Batch.objects.exists()


def test_another_sheet_begins_anew(admin: Client, company: Company, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name, title in (("First", "One"), ("Second", "Two")):
        sheet = book.create_sheet(name)
        sheet.append(["Name", "Notes"])
        sheet.append([title, "Text"])
    del book["Sheet"]
    kept = io.BytesIO()
    book.save(kept)
    file = SimpleUploadedFile("book.xlsx", kept.getvalue())
    page = admin.post("/import/", {"file": file, "cycle": company.cycle.pk}).headers["Location"]
    batch = Batch.objects.get()
    other = "Second" if "sheet “First”" in text(admin.get(page)) else "First"
    shown = text(admin.post(page, as_shown(batch) | {"sheet": other}, follow=True))
    assert f'<option value="{other}" selected>{other}</option>' in shown
    assert ("Two" if other == "Second" else "One") in shown


def test_the_file_to_fill_in_is_read_by_its_own_names(admin: Client, company: Company) -> None:
    head = admin.get("/import/template.csv").content.decode().strip()
    assert "" not in guess(head.split(",")).values()


def test_only_administrators(company: Company) -> None:
    leader = signed_in(company.leader)
    assert leader.get("/import/").status_code == 403
    assert leader.get("/import/template.csv").status_code == 403


def test_what_was_found_out_can_be_overruled(admin: Client, company: Company) -> None:
    said = "Name;Kosten;Zahl\nEins;1.500;x\nZwei;2;y\n"
    page = upload(admin, company, f"Unsere Liste;;\n;;\n{said}", "liste.txt")
    batch = Batch.objects.get()
    assert batch.columns == ["Name", "Kosten", "Zahl"]
    owners = {"marketing_owner": "marketing", "cx_owner": "cx"}
    sent = as_shown(batch) | owners
    assert "can be read in two ways" in text(admin.post(page, sent, follow=True))
    read = {"decimal": ",", "head_row": "3", "encoding": "cp1250", "delimiter": ";"}
    shown = text(admin.post(page, sent | read, follow=True))
    assert "Windows-1250, central Europe" in shown
    assert "can be read in two ways" not in shown
    other = admin.post(page, as_shown(batch) | read | {"head_row": "4"}, follow=True)
    assert Batch.objects.get().columns == ["Eins", "1.500", "x"]
    assert other.status_code == 200
    wrong = admin.post(page, as_shown(Batch.objects.get()) | {"head_row": "99"}, follow=True)
    assert "The first row must name the columns." in text(wrong)
    unknown = admin.post(page, as_shown(Batch.objects.get()) | {"encoding": "klingon"})
    assert unknown.status_code == 422


def test_a_look_says_what_an_import_would_refuse(admin: Client, company: Company) -> None:
    page = upload(admin, company, "\n".join(GERMAN.split("\n")[:2]))
    batch = Batch.objects.get()
    for attestation, said in ((" ", "Say where and when"), ("x" * 201, "Say it in 200")):
        batch.choices["attestation"] = attestation
        found = batches.read_batch(
            actor=company.admin, batch=batch, table=batches.table_of(batch)
        ).errors
        assert said in str(found[0])
    batch.choices["attestation"] = "Steering committee"
    found = batches.read_batch(
        actor=company.admin, batch=batch, table=batches.table_of(batch)
    ).errors
    assert "Say what Marketing will do." in str(found[0])
    assert page


@pytest.mark.parametrize("part", ["x", "stage"])
def test_parts_of_a_mapping_that_nothing_reads_are_harmless(part: str) -> None:
    fields = {"title": {"column": "A"}}
    money = [{"kind": "retention", part: {"column": True}}]
    mapping = read_mapping(json.dumps({"fields": fields, "money": money}))
    assert mapping.columns() == ["A"]


def test_a_column_that_a_formula_names_is_refused(admin: Client, company: Company) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name", "=A1"])
    book.worksheets[0].append(["One", "Two"])
    kept = io.BytesIO()
    book.save(kept)
    file = SimpleUploadedFile("book.xlsx", kept.getvalue())
    answer = admin.post("/import/", {"file": file, "cycle": company.cycle.pk})
    assert "The name of a column is a formula without a stored result" in text(answer)
