"""The tools: what each is for, what it takes, and what it asks of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from prioritizer.assistant.api import Answer, ask
from projects.customers.models import Evidence

MOST = 50  # proposals in one answer
Arguments = dict[str, Any]
PROPOSAL = {"type": "integer", "description": "The number of a proposal: 12 for P-12."}
WEIGHTS = {
    "type": "object",
    "additionalProperties": {"type": "number", "minimum": 0},
    "description": "Weights of the dimensions in per cent, by their keys. All of them or none.",
}
BUDGET = {"type": "number", "minimum": 0, "description": "Another budget."}


@dataclass(frozen=True, slots=True)
class Tool:
    """``run`` gets the token and the arguments; ``writes`` makes something new."""

    name: str
    says: str
    takes: dict[str, Any]
    run: Callable[[str, Arguments], Answer]
    needs: tuple[str, ...] = ()
    writes: bool = False

    @property
    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": self.takes,
            "required": list(self.needs),
            "additionalProperties": False,
        }


def _search(token: str, said: Arguments) -> Answer:
    limit = said.pop("limit", 20)
    found = ask(token, "GET", "/backlog/", said)
    if not found.is_refused:
        found.body["results"] = found.body["results"][: min(limit, MOST)]
    return found


def _plan(token: str, said: Arguments) -> Answer:
    """Exceptions are asked for without being kept, so who asked is the assistant."""
    forced = [(pk, "in") for pk in said.get("put_in", ())]
    forced += [(pk, "out") for pk in said.get("leave_out", ())]
    query = [("budget", said["budget"])] if "budget" in said else []
    for pk, side in forced:
        query += [("force", pk), ("side", side), ("why", "strategy"), ("asked", "Assistant")]
    return ask(token, "POST", "/plans/ask/", body={"query": urlencode(query)})


def _what_if(token: str, said: Arguments) -> Answer:
    query = [(f"w--{key}", weight) for key, weight in said.get("weights", {}).items()]
    query += [("budget", said["budget"])] if "budget" in said else []
    query += [("without", f"criterion:{key}") for key in said.get("without_criteria", ())]
    return ask(token, "POST", "/scenarios/ask/", body={"query": urlencode(query)})


def _scenarios(token: str, _said: Arguments) -> Answer:
    """Each with its answer, beside the others."""
    found = ask(token, "GET", "/scenarios/")
    if found.is_refused:
        return found
    rows = []
    for row in found.body["results"][:MOST]:
        answer = ask(token, "GET", f"/scenarios/{row['id']}/answer/")
        rows.append({"name": row["name"], "query": row["query"], "answer": answer.body})
    return Answer(200, {"scenarios": rows})


def _one(path: str) -> Callable[[str, Arguments], Answer]:
    return lambda token, said: ask(token, "GET", path.format(**said))


def _made(path: str) -> Callable[[str, Arguments], Answer]:
    return lambda token, said: ask(token, "POST", path, body=said)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search_backlog",
            "The shared backlog from the top: rank, value, expected ROI with its range, customer "
            "impact, cost, and whether each proposal is inside the budget.",
            {
                "q": {"type": "string", "description": "Words of the title."},
                "status": {"enum": ["submitted", "greenlit", "conditional", "on_hold", "declined"]},
                "line": {"enum": ["inside", "outside", "incomplete"]},
                "stage": {"type": "string", "description": "A journey stage by its name."},
                "segment": {"type": "string", "description": "A customer segment by its name."},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
            },
            _search,
        ),
        Tool(
            "proposal",
            "The whole text of a proposal: problem, what each side does, promise, effects, money.",
            {"proposal": PROPOSAL},
            _one("/proposals/{proposal}/"),
            ("proposal",),
        ),
        Tool(
            "explain_rank",
            "Why a proposal stands where it does: each criterion's weight, value and contribution.",
            {"proposal": PROPOSAL},
            _one("/backlog/{proposal}/"),
            ("proposal",),
        ),
        Tool(
            "why_it_moved",
            "Why a proposal's value and rank changed since the run before: causes with exact "
            "shares that sum to the whole move.",
            {"proposal": PROPOSAL},
            _one("/backlog/{proposal}/ledger/"),
            ("proposal",),
        ),
        Tool(
            "what_if",
            "The list under other weights, another budget, or without criteria. Nothing is kept.",
            {
                "weights": WEIGHTS,
                "budget": BUDGET,
                "without_criteria": {"type": "array", "items": {"type": "string"}},
            },
            _what_if,
        ),
        Tool(
            "plan",
            "What to fund with the budget: down the list, the best mix by expected return, and "
            "what holds in most futures. With proposals put in or left out it says what each such "
            "exception costs and whom it pushes out. Nothing is kept.",
            {
                "budget": BUDGET,
                "put_in": {"type": "array", "items": {"type": "integer"}},
                "leave_out": {"type": "array", "items": {"type": "integer"}},
            },
            _plan,
        ),
        Tool(
            "compare_scenarios",
            "The scenarios of the current cycle that people kept, each answered on the newest run.",
            {},
            _scenarios,
        ),
        Tool(
            "draft_proposal",
            "Begin a joint proposal. It is a draft of its two owners: they complete, sign and "
            "submit it themselves.",
            {
                "title": {"type": "string", "maxLength": 120},
                "problem": {"type": "string", "description": "What goes wrong, and how often."},
                "customer_job": {"type": "string", "description": "What they try to get done."},
                "marketing_part": {"type": "string", "description": "What Marketing will do."},
                "cx_part": {"type": "string", "description": "What CX will do."},
                "marketing_owner": {"type": "integer", "description": "A person's number."},
                "cx_owner": {"type": "integer", "description": "A person's number."},
            },
            _made("/proposals/"),
            ("title", "marketing_owner", "cx_owner"),
            writes=True,
        ),
        Tool(
            "people",
            "People by number, with their team and function, to name owners.",
            {"page": {"type": "integer", "minimum": 1}},
            lambda token, said: ask(token, "GET", "/people/", said),
        ),
        Tool(
            "record_insight",
            "Keep a finding about customers, with how it is known, its source and its day.",
            {
                "finding": {"type": "string", "maxLength": 300},
                "kind": {"enum": list(Evidence.values), "description": "How we know."},
                "source": {"type": "string", "maxLength": 200},
                "gathered_on": {"type": "string", "format": "date"},
                "sample": {"type": "integer", "minimum": 1},
            },
            _made("/insights/"),
            ("finding", "kind", "source", "gathered_on"),
            writes=True,
        ),
    )
}
