"""Lists and frameworks from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from projects.cycles.services import make_current
from projects.models import (
    AuditEntry,
    Cycle,
    JourneyStage,
    Proposal,
    Segment,
    Team,
    User,
)
from scoring.framework.services.versions import import_framework
from scoring.models import FrameworkVersion
from tests.company import Company, framework_spec
from tests.projects.imports.rows import TITLES, csv_of


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
