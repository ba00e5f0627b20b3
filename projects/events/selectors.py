"""Events: the entries of the audit trail that programs are told of, by names that stay.

An event says what happened to which object by its number, and nothing that not every signed-in
person may read: who wants more asks the API, with the rights of its token.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from jobs.models import Message
from projects.audit.models import AuditEntry, AuditHead
from projects.events.models import Webhook
from projects.proposals.models.proposals import Proposal

VERSION = 1
MOST = 100  # events in one answer


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of event: its name, what happened, and what its data holds beside the object.

    ``data`` names keys of the audit entry with their JSON type.
    """

    type: str
    says: str
    about: str = "proposal"
    data: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of an event of this type."""
        data = {self.about: "integer", **self.data}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.type,
            "description": self.says,
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "type": {"const": self.type},
                "version": {"const": VERSION},
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {
                    "type": "object",
                    "properties": {name: {"type": kind} for name, kind in data.items()},
                    "required": list(data),
                },
            },
            "required": ["id", "type", "version", "timestamp", "data"],
        }


# By the action of the audit entry.
KINDS = {
    "proposal.submit": Kind("proposal.submitted", "A proposal was submitted"),
    "scorecard.submit": Kind("proposal.judged", "A judgement of a proposal came in"),
    "run.done": Kind("run.finished", "The backlog was ranked", about="run"),
    "decision.record": Kind(
        "decision.recorded",
        "A decision was recorded",
        data={"decision": "integer", "run": "integer", "outcome": "string"},
    ),
    "condition.meet": Kind(
        "condition.met", "A condition of a greenlight is met", data={"condition": "integer"}
    ),
    "condition.due": Kind(
        "condition.due",
        "The day of a condition has come, and it is not met",
        about="condition",
        data={"proposal": "integer"},
    ),
    "report.keep": Kind("outcome.reported", "It was reported how greenlit work goes"),
    "kpi.value": Kind("kpi.reported", "A KPI has a new value", about="kpi"),
    "promise.agree": Kind("promise.agreed", "A promise has its deliverer's word", about="promise"),
    "framework.vote": Kind(
        "amendment.opened",
        "The panel votes on a change of the framework",
        about="framework_version",
    ),
    "framework.ratify": Kind(
        "amendment.ratified", "The panel ratified a change", about="framework_version"
    ),
    "framework.publish": Kind(
        "framework.in_force",
        "A version of the framework came into force",
        about="framework_version",
    ),
}
BY_TYPE = {kind.type: (action, kind) for action, kind in KINDS.items()}
TYPES = [(kind.type, kind.says) for kind in KINDS.values()]


def event_of(entry: AuditEntry) -> dict[str, Any]:
    """The event as the API and webhooks give it."""
    kind = KINDS[entry.action]
    return {
        "id": f"evt_{entry.number}",
        "type": kind.type,
        "version": VERSION,
        "timestamp": entry.at.isoformat(),
        "data": {
            kind.about: int(entry.subject.partition(":")[2]),
            **{name: entry.data[name] for name in kind.data},
        },
    }


def entries_after(number: int, types: Collection[str] = ()) -> QuerySet[AuditEntry]:
    """Entries that are events, of these types or of all, in the order in which they happened.

    Writers of the trail queue, so an entry never appears before one with a smaller number.
    """
    actions = [BY_TYPE[name][0] for name in types] or list(KINDS)
    return AuditEntry.objects.filter(number__gt=number, action__in=actions).order_by("number")


def newest_number() -> int:
    """The number of the newest entry of the trail; 0 when there is none."""
    head = AuditHead.objects.filter(pk=1).values_list("number", flat=True).first()
    return head or 0


def sentence_of(event: dict[str, Any]) -> str:
    """The event in words, with the proposal's title, for a channel where people read.

    A text that was taken back to a draft, or withdrawn, is nobody else's any more.
    """
    says = BY_TYPE[event["type"]][1].says
    outcome = event["data"].get("outcome", "")
    public = Proposal.objects.exclude(status__in=Proposal.PRIVATE)
    proposal = public.filter(pk=event["data"].get("proposal")).first()
    about = f": {proposal.reference} {proposal.title}" if proposal else ""
    return f"{says}{about}{f' ({outcome})' if outcome else ''}"


def sent_to(hook: Webhook, *, tests: bool = False) -> QuerySet[Message]:
    """What the outbox holds for a webhook, the newest first; ``tests`` too, if asked for."""
    mine = Q(key__startswith=f"{key_of(hook)}:")
    if tests:
        mine |= Q(key__startswith=f"test-{key_of(hook)}:")
    return Message.objects.filter(mine, kind=Message.Kind.WEBHOOK).order_by("-pk")


def key_of(hook: Webhook) -> str:
    return f"webhook:{hook.pk}"


def unknown_types(types: Iterable[str]) -> list[str]:
    return [name for name in types if name not in BY_TYPE]
