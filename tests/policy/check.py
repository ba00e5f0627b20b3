"""Carry the table out: every route, method, object; statuses, writes and planted secrets."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from projects.models import AuditHead
from tests.policy import bodies
from tests.policy.rules import (
    ADMIN_ACCESS,
    ADMIN_SIGN_IN,
    NO_SUCH_METHOD,
    PANEL,
    ROLES,
    SHOWN,
    SIGN_IN,
    STRANGERS,
    UNKNOWN,
    Case,
    Expected,
)
from tests.policy.table import Door, Row
from tests.policy.world import (
    BLIND_COMMENT,
    BLIND_JUDGE,
    BLIND_REASON,
    BLIND_TITLE,
    DRAFT_TEXT,
    OPEN_COMMENT,
    STARTED_COMMENT,
    World,
    cases_of,
)

SAFE = ("GET", "HEAD", "OPTIONS")
TURNS = 4  # so each method without an entry is asked by two of the eight roles


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str


def routes(urlconf: str | None = None) -> list[Route]:
    """Every route of a URL conf; one without a name is known by its pattern."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Route]:
    for item in patterns:
        whole = prefix + str(item.pattern)
        if isinstance(item, URLPattern):
            yield Route(space + item.name if item.name else whole, whole)
        else:
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from _walk(item.url_patterns, whole, inner)


def undeclared(table: list[Row], urlconf: str | None = None) -> list[str]:
    """What keeps table and URL conf from being the same, as sentences that say what to do."""
    names, found = [row.route for row in table], [route.name for route in routes(urlconf)]
    patterns = {route.name: route.pattern for route in routes(urlconf)}
    return [
        *(
            f"The route “{name}” ({patterns[name]}) has no row. Add one to tests/policy/table/: "
            "its door, a rule for each method, and the kind of object it names."
            for name in sorted(set(found) - set(names))
        ),
        *(
            f"The row “{name}” has no route. Take it out of tests/policy/table/."
            for name in sorted(set(names) - set(found))
        ),
        *(
            f"“{name}” is there {found.count(name)} times in the URL conf and "
            f"{names.count(name)} times in the table. Give each route its own name and row."
            for name in sorted(set(found) & set(names))
            if found.count(name) != 1 or names.count(name) != 1
        ),
    ]


@dataclass(frozen=True)
class Cell:
    row: Row
    method: str
    case: Case

    def __str__(self) -> str:
        about = ", ".join(filter(None, (self.case.role, self.case.relation, self.case.state)))
        return f"{self.method} {self.row.route} ({about})"

    @property
    def expected(self) -> Expected:
        role, door, rules = self.case.role, self.row.door, self.row.rules
        rule = rules.get("GET" if self.method == "HEAD" else self.method)
        if door is Door.PAGE and rule and role in STRANGERS:
            return SIGN_IN
        if door is Door.API and role in STRANGERS:
            return UNKNOWN
        if door is Door.ADMIN and role not in ADMIN_ACCESS:
            return ADMIN_SIGN_IN
        if door is Door.API and self.method == "OPTIONS":
            return SHOWN
        return rule(self.case) if rule else NO_SUCH_METHOD


def cells(table: list[Row], role: str) -> list[Cell]:
    """Methods with an entry of every role for every object; of the others, which are the same
    to everybody, the roles take turns, and one object stands for all.
    """
    place = ROLES.index(role)
    found = []
    for number, row in enumerate(table):
        cases = cases_of(row.kind, role)
        for turn, method in enumerate(row.asked, number):
            if method in row.rules:
                found += [Cell(row, method, case) for case in cases]
            elif turn % TURNS == place % TURNS:
                found += [Cell(row, method, case) for case in cases[:1]]
    return found


def problems(world: World, cell: Cell, client: Client) -> list[str]:
    """Ask once, inside a savepoint that is rolled back, and say what is not as it must be."""
    session = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        if cell.method not in SAFE:
            cell.row.before(world, cell.case)
        before = _audit_number()
        response = _ask(world, cell, client)
        body = _text(response)
        wrote = _audit_number() != before
        transaction.set_rollback(True)
    client.cookies.clear()
    for name, value in session.items():
        client.cookies[name] = value
    return [f"{cell}: {text}" for text in (*_unlike(cell, response, wrote), *leaks(cell, body))]


def _ask(world: World, cell: Cell, client: Client) -> Any:
    row, case = cell.row, cell.case
    named = world.address(row.kind, case)
    address = _filled(row.path, named) if row.path else reverse(row.route, kwargs=named)
    if row.kind == "dimension named in the query":
        address += "?dimension=impact"
    if cell.method in SAFE:
        return client.generic(cell.method, address)
    body = row.body(world, case)
    if row.door is Door.API:
        return client.generic(
            cell.method,
            address,
            json.dumps(body),
            content_type="application/json",
            headers={"If-Match": f'"{bodies.number_sent(world, row.kind, case)}"'},
        )
    form = urlencode(body, doseq=True)
    kind = "application/x-www-form-urlencoded"
    return client.generic(cell.method, address, form, content_type=kind)


def _filled(path: str, named: dict[str, Any]) -> str:
    return path.replace("<path:object_id>", str(named.get("object_id")))


def _audit_number() -> int:
    with connection.cursor() as cursor:  # twice per cell, so without building a query
        cursor.execute(f"SELECT number FROM {AuditHead._meta.db_table} WHERE id = 1")  # noqa: S608
        return int(cursor.fetchone()[0])


def _unlike(cell: Cell, response: Any, wrote: bool) -> Iterator[str]:
    expected, status = cell.expected, response.status_code
    if status != expected.status:
        yield f"{status}, but the policy says {expected.status}"
        if expected is NO_SUCH_METHOD:
            yield f"if it should answer, add {cell.method} to its row in tests/policy/table/"
        return
    if wrote != expected.writes:
        yield "it wrote something" if wrote else "it wrote nothing"
    to = response.headers.get("Location", "")
    if expected.to and not to.startswith(expected.to):
        yield f"goes to {to}, not to {expected.to}"
    if not expected.to and to.startswith((SIGN_IN.to, ADMIN_SIGN_IN.to)):
        yield f"goes to {to}"


def _text(response: Any) -> str:
    """The body as text; the parts of sheets and slides and a PDF's pages are unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        return "".join(part.decode(errors="replace") for part in _parts(content))
    if content.startswith(b"%PDF"):
        paper = PdfReader(io.BytesIO(content))
        attached = b"".join(part for parts in paper.attachments.values() for part in parts)
        return " ".join(page.extract_text() for page in paper.pages) + attached.decode()
    return str(content.decode())


def _parts(content: bytes) -> Iterator[bytes]:
    """The parts of a package, and of those inside it, such as the workbook of a chart."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            part = package.read(name)
            yield from _parts(part) if part.startswith(b"PK") else [part]


PEOPLE = (
    "people",
    "person-invite",
    "api-person-list",
    "promise",  # anybody may be named to deliver one
    "research",  # and to ask customers
    "admin:projects_",
    "admin:scoring_",
    "admin/",
)
# Anybody may be named here too: to answer a question, to write along, to see to a condition.
NAMING = ("proposal-comment", "proposal-authors", "decision")
STANDINGS = (
    "backlog",
    "decision",
    "api-backlog",
    "export",
    "api-export",
    "admin:framework",
)


# The chair says who judges what, and reads whose judgement is in; never what it says.
WHO_JUDGES = ("admin:assignments", "admin:judges", "api-assignments")


def leaks(cell: Cell, body: str) -> list[str]:
    """Planted secrets in a body that the role may not read there."""
    role, route, case = cell.case.role, cell.row.route, cell.case
    hidden = [BLIND_COMMENT, BLIND_REASON, STARTED_COMMENT]
    if role != "admin":
        hidden.append(DRAFT_TEXT)
    if role not in PANEL:
        hidden.append(OPEN_COMMENT)
    if not route.startswith((*PEOPLE, *WHO_JUDGES)) and route not in NAMING:
        hidden.append(BLIND_JUDGE)
    if role in PANEL:
        if route.startswith(STANDINGS):
            hidden.append(BLIND_TITLE)
        hidden.append(rf"\d\. {BLIND_TITLE}")  # its rank on the home page
        if route == "proposal" and (case.relation, case.state) == ("other team", "submitted"):
            hidden += ["In the backlog", r"Rank \d"]
    return [f"shows “{text}”" for text in hidden if re.search(text, body)]
