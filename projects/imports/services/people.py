"""A list of people and teams: who is new comes in, who is known is brought up to date."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.imports.services.mapping import RowError
from projects.imports.services.table import Table
from projects.people.models import Function, Team, User
from projects.people.services import invite_again, record_change
from projects.proposals.services.handover import switch_off

# Columns of the file that everybody can be saved as; those not read are shown there only.
READ = ("email", "username", "first_name", "last_name", "team", "function", "active", "leader")
SHOWN_ONLY = ("administrator", "panel", "second_factor", "state", "last_sign_in")
YES, NO = ("yes", "true", "1", "ja", "oui"), ("no", "false", "0", "nein", "non")
TEXTS = ("email", "first_name", "last_name")
FLAGS = {"active": "is_active", "leader": "is_leader"}


@dataclass(slots=True)
class PeopleReport:
    """Usernames of who came in, who changed (with the fields), and how many stayed as they were."""

    created: list[str] = field(default_factory=list)
    changed: list[tuple[str, list[str]]] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    same: int = 0
    errors: list[RowError] = field(default_factory=list)


def import_people(
    *, actor: User, table: Table, invite: bool = False, dry_run: bool = False
) -> PeopleReport:
    """Bring people in or up to date, all rows or none; people who are not in the list stay.

    A person is known by user name, or else by e-mail address. An empty cell, or a column that is
    not there, leaves things as they are. New people get no password; with ``invite`` each is
    sent a link. Administrators and panel seats are never made by a list.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only administrators import people.")
    report = PeopleReport(errors=_unknown_columns(table))
    if report.errors:
        return report
    new: list[User] = []
    with transaction.atomic():
        for number, row in zip(table.numbers, table.rows, strict=True):
            try:
                _take(actor, row, report, new)
            except ValidationError as error:
                named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
                report.errors += [
                    RowError(number, "" if name == "__all__" else name, text)
                    for name, texts in named.items()
                    for text in texts
                ]
        if invite and not report.errors:
            for person in new:
                invite_again(actor=actor, person=person)
        if report.errors or dry_run:
            transaction.set_rollback(True)
    return report


def _unknown_columns(table: Table) -> list[RowError]:
    errors = [
        RowError(table.dialect.head_row, name, f"There is no such column. Use: {', '.join(READ)}.")
        for name in table.columns
        if name not in (*READ, *SHOWN_ONLY)
    ]
    if not {"email", "username"} & set(table.columns):
        errors.append(
            RowError(table.dialect.head_row, "email", "The list needs this column, or username.")
        )
    return errors


def _take(actor: User, row: dict[str, str], report: PeopleReport, new: list[User]) -> None:
    email, username = row.get("email", ""), row.get("username", "")
    person = _known(username, email)
    values: dict[str, Any] = {name: row[name] for name in TEXTS if row.get(name)}
    values |= {name: _flag(row, column) for column, name in FLAGS.items() if row.get(column)}
    if row.get("team"):
        values["team"] = _team(row["team"], row.get("function", ""), report)
    if person is None:
        person = User(username=username or email.lower(), **values)
        person.set_unusable_password()
        person.full_clean()
        person.save(force_insert=True)
        record_change(actor=actor, person=person, fields=values, created=True)
        report.created.append(person.username)
        new.append(person)
        return
    changed = {name: value for name, value in values.items() if getattr(person, name) != value}
    if not changed:
        report.same += 1
        return
    report.changed.append((person.username, sorted(changed)))
    if changed.get("is_active") is False:
        del changed["is_active"]
        switch_off(actor=actor, person=person)
    for name, value in changed.items():
        setattr(person, name, value)
    if not changed:
        return
    person.full_clean()
    person.save(update_fields=list(changed))
    record_change(actor=actor, person=person, fields=changed, created=False)


def _known(username: str, email: str) -> User | None:
    if not username and not email:
        raise ValidationError({"email": "Name the person by e-mail address or user name."})
    found = User.objects.select_related("team")
    if username:
        return found.filter(username__iexact=username).first()
    people = list(found.filter(email__iexact=email)[:2])
    if len(people) > 1:
        raise ValidationError({"email": "Several people have this address. Give the user name."})
    return people[0] if people else found.filter(username__iexact=email).first()


def _flag(row: dict[str, str], column: str) -> bool:
    word = row[column].lower()
    if word not in YES + NO:
        raise ValidationError({column: f"“{row[column]}” is neither yes nor no."})
    return word in YES


def _team(name: str, function: str, report: PeopleReport) -> Team:
    """The team of this name; a new one where the row says its function too."""
    team = Team.objects.filter(name=name).first()
    if team is not None:
        return team
    if not function:
        raise ValidationError(
            {"team": f"There is no team “{name}”. Give its function, and it is created."}
        )
    by_word = {word.lower(): value for value, label in Function.choices for word in (value, label)}
    if function.lower() not in by_word:
        raise ValidationError({"function": f"Use one of: {', '.join(Function.values)}."})
    team = Team(name=name, function=by_word[function.lower()])
    team.full_clean()
    team.save(force_insert=True)
    report.teams.append(name)
    return team
