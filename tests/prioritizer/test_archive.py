"""Backup, wipe, restore: every table comes back as it was, sealed, and only into an empty house."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from projects.models import Proposal, User
from scoring.models import RankingRun
from tests.company import Company, make_company

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(db: None) -> Company:
    return make_company()


@pytest.fixture
def folder(tmp_path: Path, company: Company, settings: Any) -> Path:
    """A backup of a company with a ranked proposal, a file, and texts that CSV finds hard."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "card.txt").write_text("A file.", encoding="utf-8")
    company.scored("One")
    company.rank()
    hard = '\\N and \\, "quoted", a;b\nnext line, über 😀, \u2028 and =1+1'
    company.draft("Two", problem=hard, customer_job="\\N")
    call_command("backup", tmp_path / "backup", stdout=StringIO())
    return tmp_path / "backup"


def wipe(settings: Any) -> None:
    call_command("flush", interactive=False, verbosity=0)
    (settings.MEDIA_ROOT / "card.txt").unlink()
    assert not User.objects.exists()


def restored(folder: Path) -> str:
    said = StringIO()
    call_command("restore", folder, stdout=said)
    return said.getvalue()


def checksums(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "manifest.json").read_text())["sha256"]
    return found


def test_everything_comes_back_byte_for_byte(folder: Path, settings: Any) -> None:
    run = RankingRun.objects.get()
    wipe(settings)
    said = restored(folder)
    assert "the chain is whole" in said
    assert "1 of 1 runs replay." in said
    assert "The secret key is another one" not in said
    assert RankingRun.objects.get().result_digest == run.result_digest
    assert Proposal.objects.get(title="Two").customer_job == "\\N"
    assert (settings.MEDIA_ROOT / "card.txt").read_text() == "A file."
    again = folder.parent / "again"
    call_command("backup", again, stdout=StringIO())
    assert checksums(again) == checksums(folder)
    assert len(checksums(folder)) > 50


def test_what_was_sealed_is_sealed_again_and_new_rows_get_new_numbers(
    folder: Path, settings: Any, company: Company
) -> None:
    last = Proposal.objects.latest("pk").pk
    wipe(settings)
    restored(folder)
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        RankingRun.objects.update(result_digest="0" * 64)
    assert company.draft("Three").pk == last + 1


def test_it_goes_only_into_an_empty_installation(folder: Path) -> None:
    before = checksums(folder)
    with pytest.raises(CommandError, match="Somebody is here already"):
        restored(folder)
    call_command("backup", folder.parent / "again", stdout=StringIO())
    assert checksums(folder.parent / "again") == before


def test_a_file_that_was_changed_is_named_and_nothing_is_restored(
    folder: Path, settings: Any
) -> None:
    wipe(settings)
    table = folder / "tables" / "projects_team.csv"
    table.write_text(table.read_text().replace("Brand", "Bland"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"tables/projects_team\.csv is missing or was changed"):
        restored(folder)
    table.unlink()
    with pytest.raises(CommandError, match=r"tables/projects_team\.csv is missing"):
        restored(folder)
    assert not User.objects.exists()


def test_a_row_that_does_not_fit_leaves_the_house_empty(folder: Path, settings: Any) -> None:
    """Checksums that were made to fit do not help: the whole restore is one transaction."""
    wipe(settings)
    table, manifest = folder / "tables" / "projects_signature.csv", folder / "manifest.json"
    table.write_text(table.read_text().replace(",1,", ",999,", 1), encoding="utf-8")
    content = json.loads(manifest.read_text())
    del content["sha256"]["tables/projects_signature.csv"]
    manifest.write_text(json.dumps(content))
    with pytest.raises(DatabaseError):
        restored(folder)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "of another version"),
        ({"migrations": ["projects.0001_initial"]}, "of another version"),
    ],
)
def test_another_version_is_refused(
    folder: Path, settings: Any, change: dict[str, Any], said: str
) -> None:
    wipe(settings)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    with pytest.raises(CommandError, match=said):
        restored(folder)


def test_another_secret_key_is_said(folder: Path, settings: Any) -> None:
    wipe(settings)
    settings.SECRET_KEY = "another" * 10
    assert "The secret key is another one: everybody signs in anew" in restored(folder)


def test_no_secret_key_is_in_it_and_nothing_is_written_over(folder: Path, settings: Any) -> None:
    everything = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    assert settings.SECRET_KEY not in everything
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", folder)
    with pytest.raises(CommandError, match=r"has no manifest\.json"):
        call_command("restore", folder.parent)


def test_it_explains_its_columns(folder: Path) -> None:
    schema = json.loads((folder / "schema.json").read_text())
    by_name = {row["column"]: row for row in schema["projects_proposal"]}
    assert by_name["cycle_id"]["refers_to"] == "projects_cycle"
    assert by_name["submitted_at"] == {
        "column": "submitted_at",
        "type": "DateTimeField",
        "empty": True,
        "refers_to": None,
        "meaning": "submitted at",
    }
    assert set(schema) == {path.stem for path in (folder / "tables").iterdir()}, (
        f"every table of {connection.vendor}"
    )
