"""People and teams come in by a list, all rows or none, and go out the same way."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from jobs.models import Message
from projects.audit.models import AuditEntry
from projects.imports.services import PeopleReport, import_people, read_table
from projects.imports.services.people import READ
from projects.models import Team, User
from tests.company import Company
from tests.pages import signed_in, text

HEADS = "email,first_name,last_name,team,function,leader,active\n"
NEO = "Neo@house.example,Neo,New,Loyalty,Marketing,no,yes\n"


def bring(company: Company, rows: str, heads: str = HEADS, **options: Any) -> PeopleReport:
    table = read_table(io.BytesIO((heads + rows).encode()), "people.csv", wanted=READ)
    return import_people(actor=company.admin, table=table, **options)


def wrong(company: Company, rows: str, heads: str = HEADS) -> list[str]:
    before = User.objects.count(), Team.objects.count(), AuditEntry.objects.count()
    report = bring(company, rows, heads)
    assert (User.objects.count(), Team.objects.count(), AuditEntry.objects.count()) == before
    return [str(error) for error in report.errors]


def test_new_people_come_with_their_team(company: Company) -> None:
    report = bring(company, NEO + "trin@house.example,Trin,Ity,Loyalty,,ja,\n")
    assert (report.created, report.teams) == (
        ["neo@house.example", "trin@house.example"],
        ["Loyalty"],
    )
    neo, trin = User.objects.filter(team__name="Loyalty").order_by("username")
    assert (neo.email, neo.function, neo.has_usable_password()) == (
        "Neo@house.example",
        "marketing",
        False,
    )
    assert (neo.is_leader, trin.is_leader, trin.is_active) == (False, True, True)
    assert Message.objects.count() == 0


def test_who_is_new_may_be_invited(company: Company) -> None:
    bring(company, NEO, invite=True)
    assert Message.objects.get().recipient == "Neo@house.example"
    bring(company, NEO, invite=True)
    assert Message.objects.count() == 1


def test_who_is_known_is_brought_up_to_date(company: Company) -> None:
    bring(company, NEO)
    assert bring(company, NEO.replace("Neo@", "neo@", 1)).changed == [
        ("neo@house.example", ["email"])
    ]
    report = bring(company, "neo@house.example,,,,,yes,no\n")
    assert report.changed == [("neo@house.example", ["is_active", "is_leader"])]
    person = User.objects.get(username="neo@house.example")
    assert (person.first_name, person.team, person.is_leader, person.is_active) == (
        "Neo",
        Team.objects.get(name="Loyalty"),
        True,
        False,
    )
    off, change = AuditEntry.objects.order_by("-number")[:2][::-1]
    assert (off.action, off.subject) == ("person.off", f"person:{person.pk}")
    assert (change.action, change.data) == (
        "person.change",
        {"fields": ["is_leader"], "is_leader": True},
    )


def test_a_dry_run_and_an_error_keep_nothing(company: Company) -> None:
    assert bring(company, NEO, dry_run=True).created == ["neo@house.example"]
    assert not User.objects.filter(username="neo@house.example").exists()
    assert wrong(company, NEO + "x@house.example,,,Nowhere,,,\n") == [
        "row 3, team: There is no team “Nowhere”. Give its function, and it is created."
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",A,B,,,,\n", "row 2, email: Name the person by e-mail address or user name."),
        ("a@b.example,,,,,maybe,\n", "row 2, leader: “maybe” is neither yes nor no."),
        (
            "a@b.example,,,New,Sales,,\n",
            "row 2, function: Use one of: marketing, cx, it, finance, other.",
        ),
        ("not an address,,,,,,\n", "row 2, email: Enter a valid email address."),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(
    company: Company, row: str, sentence: str
) -> None:
    assert sentence in wrong(company, row)


def test_unknown_columns_and_a_list_without_a_key_are_refused(company: Company) -> None:
    assert wrong(company, "Neo,yes\n", "first_name,boss\n") == [
        f"row 1, boss: There is no such column. Use: {', '.join(READ)}.",
        "row 1, email: The list needs this column, or username.",
    ]


def test_nobody_locks_the_own_door_or_makes_administrators(company: Company) -> None:
    heads = "username,active,administrator\n"
    assert wrong(company, "admin,no,yes\n", heads) == ["row 2: You cannot switch yourself off."]
    bring(company, "marketing,yes,yes\n", heads)
    assert not User.objects.get(username="marketing").is_superuser
    table = read_table(io.BytesIO((HEADS + NEO).encode()), "people.csv")
    with pytest.raises(PermissionDenied):
        import_people(actor=company.leader, table=table)


def test_the_file_of_everybody_comes_back_in_as_it_is(company: Company) -> None:
    User.objects.filter(pk=company.leader.pk).update(first_name="=1+1", last_name="Öz")
    admin = signed_in(company.admin)
    content = admin.get("/people/people.csv").content
    file = SimpleUploadedFile("people.csv", content)
    answer = admin.post("/people/import/", {"file": file}, follow=True)
    everybody = User.objects.count()
    assert f"0 new, 0 changed, {everybody} as they were." in text(answer)


def test_by_browser_one_checks_first(company: Company) -> None:
    admin = signed_in(company.admin)

    def upload(rows: str, **form: str) -> Any:
        file = SimpleUploadedFile("people.csv", (HEADS + rows).encode())
        return admin.post("/people/import/", {"file": file, **form})

    checked = upload(NEO, check="1")
    assert "1 new, 0 changed, 0 as they were; 1 new teams. Nothing is kept yet" in text(checked)
    assert not User.objects.filter(username="neo@house.example").exists()
    bad = upload("a@b.example,,,,,maybe,\n")
    assert bad.status_code == 422
    assert "row 2, leader: “maybe” is neither yes nor no." in text(bad)
    assert upload(NEO, invite="on").status_code == 302
    assert User.objects.get(username="neo@house.example").state == "invited"
    empty = admin.post("/people/import/", {"file": SimpleUploadedFile("people.csv", b"")})
    assert empty.status_code == 422


def test_the_command_does_the_same(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEADS + NEO)
    call_command("import_people", str(file), "--dry-run")
    call_command("import_people", str(file))
    assert capsys.readouterr().out.splitlines() == [
        "Would be: 1 new, 0 changed, 0 as they were, 1 new teams.",
        "1 new, 0 changed, 0 as they were, 1 new teams.",
    ]
    file.write_text(HEADS + "a@b.example,,,,,maybe,\n")
    with pytest.raises(CommandError, match="Nothing was imported: 1 errors"):
        call_command("import_people", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_people", str(tmp_path / "none.csv"))
