"""Which column of a foreign list is probably which part of a proposal: a guess that is shown.

A target is ``title``, ``money.retention.likely``, ``effect.reach`` or ``measure``; empty: not used.
The names are those of the exports of Jira, Asana and Productboard, and what people write, in
English and German.
"""

import re
from collections.abc import Iterable, Sequence

from projects.imports.services.mapping import BACKED_BY, EFFECT_PARTS, OWNERS, POINTS
from projects.proposals.models.fields import CustomField
from projects.proposals.models.lines import MoneyLine

TEXTS = {
    "title": "Title",
    "reference": "Reference",
    "problem": "Problem",
    "customer_job": "Customer job",
    "marketing_part": "Marketing part",
    "cx_part": "CX part",
    "category": "Type of proposal",
    "horizon_months": "Horizon in months",
    "marketing_owner": "Marketing owner",
    "cx_owner": "CX owner",
}
PARTS = {"amount": "one figure", "low": "low", "likely": "likely", "high": "high"}
BACKED = dict(zip(BACKED_BY, ("how we know", "date of the evidence"), strict=True))
EFFECTS = {
    "stage": "journey stage",
    "segment": "segment",
    "reach": "customers reached per year",
    "points": "change in points",
    **BACKED,
}
MEASURE = "measure"
KNOWN = {
    "title": "summary|name|task name|feature name|project name|title|titel|vorhaben|projekt|"
    "projektname|projekttitel|bezeichnung|initiative|idea|epic name",
    "reference": "issue key|task id|project number|key|id|nr|no|number|nummer|reference|ref|"
    "kennung",
    "problem": "description|notes|problem|beschreibung|problembeschreibung|description aims|aims|"
    "objective|goal|ziel",
    "customer_job": "customer job|job|job to be done|customer need|user need|kundenaufgabe|need|"
    "aufgabe des kunden|kundenbedarf",
    "marketing_part": "marketing part|marketing|marketinganteil|beitrag marketing",
    "cx_part": "cx part|cx|service part|beitrag cx|beitrag service",
    "category": "issue type|type|category|kategorie|typ|art|project type",
    "horizon_months": "horizon|horizon months|laufzeit monate",
    "marketing_owner": "marketing owner|verantwortlich marketing|marketing lead",
    "cx_owner": "cx owner|verantwortlich cx|service owner|cx lead",
    "money.one_off_cost.amount": "cost|costs|budget|kosten|einmalkosten|one off cost|invest|"
    "investment|wlc baseline|whole life cost|baseline whole life costs|projektkosten|estimate",
    "money.running_cost.amount": "running cost|running costs|laufende kosten|opex",
    "money.retention.amount": "benefit|benefits|saving|savings|nutzen|einsparung|retention|bindung|"
    "benefits value|benefits baseline|nutzen pro jahr|saving per year",
    "money.acquisition.amount": "revenue|new revenue|umsatz|acquisition|neukunden",
    "money.enrichment.amount": "upsell|enrichment|mehrumsatz",
    "money.cost_to_serve.amount": "cost to serve|service cost saved|servicekosten",
    "effect.stage": "stage|journey stage|phase|journey phase",
    "effect.segment": "segment|customer segment|zielgruppe|kundensegment",
    "effect.reach": "reach|customers|customers reached|customers per year|reichweite|kunden|"
    "kunden pro jahr|erreichte kunden",
    "effect.points": "points|impact|impact points|wirkung|punkte",
    "effect.evidence": "evidence|how we know|beleg",
    "effect.evidence_date": "evidence date|date of evidence|beleg vom|datum des belegs",
}
POINT_WORDS = {
    "low": "low|min|minimum|niedrig",
    "likely": "likely|expected|wahrscheinlich|erwartet",
    "high": "high|max|maximum|hoch",
}
NAMES = {name: target for target, names in KNOWN.items() for name in names.split("|")}
POINT_OF = {word: point for point, words in POINT_WORDS.items() for word in words.split("|")}


def targets(asked: Iterable[CustomField] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column can become, in groups: (target, words). ``asked``: the company's own fields."""
    money = [
        (f"money.{kind.value}.{part}", f"{kind.label.partition(':')[0]}, {words}")
        for kind in MoneyLine.Kind
        for part, words in (PARTS if kind in MoneyLine.COSTS else PARTS | BACKED).items()
    ]
    return [
        ("Proposal", list(TEXTS.items())),
        ("Money", money),
        ("Effect on customers", [(f"effect.{part}", words) for part, words in EFFECTS.items()]),
        *([("Further answers", own)] if (own := [_own(field) for field in asked]) else []),
        ("Measure", [(MEASURE, "A measure of the framework, named after the column")]),
    ]


def _own(field: CustomField) -> tuple[str, str]:
    return f"answer.{field.key}", field.name


def guess(columns: Iterable[str], asked: Sequence[CustomField] = ()) -> dict[str, str]:
    """A target for each column by its name; each target once."""
    found: dict[str, str] = {}
    ours = {words_of(target): target for _, group in targets(asked) for target, _ in group}
    ours |= {words_of(field.name): f"answer.{field.key}" for field in asked}
    ours |= {words_of(name): name for name in (*TEXTS, *OWNERS)}
    ours |= {
        words_of(f"{kind}_{part}"): f"money.{kind}.{part}"
        for kind in MoneyLine.Kind
        for part in (*POINTS, *BACKED)
    }
    ours |= {words_of(part): f"effect.{part}" for part in (*EFFECT_PARTS, "evidence_date")}
    for column in columns:
        words = words_of(column)
        target = ours.get(words) or NAMES.get(words) or _point(words) or _begins(words)
        found[column] = target if target and target not in found.values() else ""
    return found


def guess_scale(column: str) -> int:
    """In what a column's amounts are by its name: units, thousands or millions."""
    words = set(words_of(column).split()) | set(re.findall(r"[a-z]+", column.lower()))
    if words & {"m", "mio", "mill", "millions", "millionen"}:
        return 1_000_000
    return 1_000 if words & {"k", "tsd", "thousands", "tausend"} else 1


def words_of(name: str) -> str:
    """A name as it is compared: lower case, without signs and what stands in brackets."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name.lower())
    return " ".join(re.sub(r"[^a-z0-9äöüßé]+", " ", bare).split())


def key_of(column: str) -> str:
    """The key of a measure that a column's name gives."""
    return re.sub(r"[^a-z0-9]+", "-", column.lower()).strip("-")[:60]


def _point(words: str) -> str:
    """Low, likely or high of an amount: a known name of one with that word after it."""
    name, _, last = words.rpartition(" ")
    target = NAMES.get(name, "")
    amount = target.endswith(".amount") and last in POINT_OF
    return f"{target.removesuffix('amount')}{POINT_OF[last]}" if amount else ""


def _begins(words: str) -> str:
    """The target of the longest known name with which the words begin, of two words or more."""
    fitting = [name for name in NAMES if " " in name and words.startswith(f"{name} ")]
    return NAMES[max(fitting, key=len)] if fitting else ""
