"""Owners and an administrator who change the same drafts at the same moment, by form and by API."""

import random
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection

from chaos.ledger import broken_audit, lost_edits, uncounted_edits
from chaos.site import Site
from chaos.visitors import Tally, Visitor, keep_busy, proposal_body, signed_in

DRAFTS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Who changes which field, and by what. A form sends the other field of its page back as read.
EDITORS = (
    ("marketing", "problem", "api"),
    ("marketing", "customer_job", "form"),
    ("cx", "cx_part", "api"),
    ("cx", "horizon_months", "api"),
    ("admin", "marketing_part", "api"),
)


def edit_at_once(site: Site, edits: int) -> list[str]:
    """So many edits of a few drafts; returns what is lost, or answered otherwise than in words."""
    site.start_web()
    tally = Tally()
    marketing = signed_in(site.url, tally, "marketing")
    drafts = [_begun(marketing, number) for number in range(DRAFTS)]
    editors = [
        Editor(signed_in(site.url, tally, who), name, how, drafts) for who, name, how in EDITORS
    ]
    finish = keep_busy([editor.edit for editor in editors])
    while sum(editor.count for editor in editors) < edits:
        time.sleep(0.2)
    finish()
    connection.close()
    said = {place: text for editor in editors for place, text in editor.said.items()}
    kept = {pk: sum(editor.kept.get(pk, 0) for editor in editors) for pk in drafts}
    lost = lost_edits(said)
    print(f"{len(EDITORS)} editors of {DRAFTS} drafts: {tally}")
    refused = sum(editor.refused for editor in editors)
    print(f"  {sum(kept.values()):,} edits acknowledged, {refused} refused, {len(lost)} lost")
    wrong = [*lost, *uncounted_edits(kept), *broken_audit()]
    if tally.failures():
        wrong.append(f"{tally.failures()} requests failed")
    return wrong


def _begun(marketing: Visitor, number: int) -> int:
    body = proposal_body(f"Edited {number} {uuid4().hex[:8]}")
    made = marketing.api("create", "POST", "proposals/", body, Idempotency_Key=str(uuid4()))
    return int(made.json()["id"])


@dataclass
class Editor:
    """Changes one field of a draft again and again, from what it last read of the draft.

    ``said``: what was acknowledged last, by draft and field; nobody else writes that field.
    """

    visitor: Visitor
    name: str
    how: str
    drafts: list[int]
    count: int = 0
    refused: int = 0
    said: dict[tuple[int, str], str] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    read: dict[int, tuple[str, str]] = field(default_factory=dict)  # version, the other field

    def edit(self) -> None:
        for _ in range(20):
            self._once(random.choice(self.drafts))

    def _once(self, pk: int) -> None:
        self.count += 1
        number = self.name == "horizon_months"
        text = str(1 + self.count % 120) if number else f"{self.name} {self.count}"
        if self.said.get((pk, self.name)) == text:
            return  # the same again changes nothing
        version, other = self.read.pop(pk) if pk in self.read else self._looked(pk)
        if self.how == "api":
            path = f"proposals/{pk}/"
            answer = self.visitor.api(
                "edit by API", "PATCH", path, {self.name: text}, If_Match=version
            )
            done = answer.status == 200
            if done:  # the next one begins from here, whatever the others do meanwhile
                self.read[pk] = answer.version, ""
        else:
            typed = {"version": version.strip('"'), "problem": other, self.name: text, "stay": "1"}
            path = f"/proposals/{pk}/edit/problem/"
            answer = self.visitor.ask("edit by form", "POST", path, urlencode(typed), FORM)
            done = answer.status == 302 and answer.headers["Location"] == path
        if done:
            self.said[pk, self.name] = text
            self.kept[pk] = self.kept.get(pk, 0) + 1
        else:
            self.refused += 1

    def _looked(self, pk: int) -> tuple[str, str]:
        found = self.visitor.api("read", "GET", f"proposals/{pk}/")
        return found.version, found.json()["problem"]
