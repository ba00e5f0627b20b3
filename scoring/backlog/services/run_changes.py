"""Which inputs changed between two runs, read from their two sealed snapshots.

Pure: two snapshots in, sentences' parts out. Scores are counted by criterion and never shown by
panelist.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from projects.customers.models import Evidence
from projects.formats import reader_formats
from projects.people.models import Function
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.streams import stream_of
from projects.templatetags.figures import exact
from scoring.forecast.matrix import evidence_day
from scoring.framework.models import Gate

Snapshot = dict[str, Any]
PARAMETERS = {
    "discount_rate": "Discount rate a year",
    "coverage_limit": "Least weight that must be scored",
    "single_rater_spread": "Assumed spread of a score",
    "corrects_severity": "Correction for mild and strict panelists",
    "believes_evidence": "Belief by evidence",
    "prior_roi": "ROI without evidence",
    "prior_spread": "Spread of ROI without evidence",
    "evidence_half_life": "Half-life of evidence in years",
    "most_unbacked": "Most that evidence without an insight supports",
    "cost_uplift": "Costs run over by",
    "weight_spread": "How firm the weights are",
    "draws": "Possible futures",
    "cost_unit": "Value per cost of",
}
# What runs of before do not say.
UNSAID = {
    "corrects_severity": False,
    "believes_evidence": False,
    "most_unbacked": "1",
    "cost_uplift": "0",
}
# What says nothing while returns are taken as they are stated.
OF_BELIEF = ("prior_roi", "prior_spread", "evidence_half_life", "most_unbacked")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing with what it was and what it is, in words; None is not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ProposalChange:
    """A proposal of both runs, with what its text says otherwise now."""

    proposal: int
    title: str
    settings: list[Setting]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """How many scores on one criterion came, went or are another level now."""

    criterion: str
    added: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class InputChanges:
    """``added`` and ``withdrawn`` are (id, title)."""

    rules: list[Setting]
    added: list[tuple[int, str]]
    withdrawn: list[tuple[int, str]]
    changed: list[ProposalChange]
    scores: list[ScoreChange]

    @property
    def nothing(self) -> bool:
        return not (self.rules or self.added or self.withdrawn or self.changed or self.scores)


NO_CHANGES = InputChanges(rules=[], added=[], withdrawn=[], changed=[], scores=[])


def input_changes(before: Snapshot, after: Snapshot) -> InputChanges:
    then = {item["id"]: item for item in before["proposals"]}
    now = {item["id"]: item for item in after["proposals"]}
    changed = [
        ProposalChange(pk, item["title"], _told(_proposal(then[pk]), _proposal(item)))
        for pk, item in now.items()
        if pk in then and then[pk] != item
    ]
    return InputChanges(
        rules=_told(_rules(before), _rules(after)),
        added=[(pk, item["title"]) for pk, item in now.items() if pk not in then],
        withdrawn=[(pk, item["title"]) for pk, item in then.items() if pk not in now],
        changed=[found for found in changed if found.settings],
        scores=_scores(before, after),
    )


def _told(before: dict[str, str], after: dict[str, str]) -> list[Setting]:
    """What differs, in the order of now, then what is gone."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        Setting(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _rules(snapshot: Snapshot) -> dict[str, str]:
    """Budget, framework and shared scales, each by a name that says what it is."""
    cycle, framework = snapshot["cycle"], snapshot["framework"]
    found = {
        "Cycle": cycle["name"],
        "Budget": f"{_number(cycle['budget'])} {cycle['currency']}",
        "Framework": f"{framework['name']} v{framework['number']}",
    }
    found |= _framework(framework)
    for stage, weight in snapshot["stages"].items():
        found[f"Weight of the stage {stage}"] = _number(weight)
    for level, share in snapshot["confidence"].items():
        found[f"Confidence of {_evidence(level)}"] = _number(share)
    return found


def framework_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Setting]:
    """What differs between two specifications of the framework, each by its name."""
    return _told(_framework(before) | _charter(before), _framework(after) | _charter(after))


def _charter(framework: dict[str, Any]) -> dict[str, str]:
    """How the panel decides. It moves no rank, so two runs do not differ by it."""
    charter = framework["charter"]
    functions = [Function(name).label for name in charter["must_agree"]]
    above = charter.get("second_above")
    gates = [Gate(key).label for key in charter.get("gates", [])]
    needed = [
        f"{key}: {' or '.join(passing) or 'any'}"
        for key, passing in charter.get("needed_answers", {}).items()
    ]
    return {
        "Seats that have to vote": f"more than {charter['quorum']} %",
        "Yes that it takes": f"more than {charter['majority']} %",
        "Functions that must agree": ", ".join(functions) or "none",
        "What stops a greenlight": "; ".join(gates) or "nothing",
        "Answers that a greenlight needs": "; ".join(needed) or "none",
        "Two leaders greenlight above": f"{_number(above)}" if above else "no amount",
    }


def _framework(framework: dict[str, Any]) -> dict[str, str]:
    found = {}
    parameters = UNSAID | framework["parameters"]
    if not parameters["believes_evidence"]:
        parameters = {key: value for key, value in parameters.items() if key not in OF_BELIEF}
    for key, value in parameters.items():
        name = PARAMETERS.get(key, key.replace("_", " ").capitalize())
        if value is None or isinstance(value, bool):
            found[name] = "yes" if value else "none"
        else:
            found[name] = _number(value)
    for dimension in framework["dimensions"]:
        found |= _dimension(dimension, framework["profiles"])
    return found


def _dimension(dimension: dict[str, Any], profiles: list[dict[str, str]]) -> dict[str, str]:
    found = {}
    for profile in profiles:
        where = f" for {profile['name']}" if len(profiles) > 1 else ""
        weight = _number(dimension["weights"][profile["key"]])
        found[f"Weight of {dimension['name']}{where}"] = f"{weight} %"
    for item in dimension["criteria"]:
        name = item["name"]
        weight = _number(item["weight"])
        found[f"Weight of {name} within {dimension['name']}"] = f"{weight} %"
        found[f"Source of {name}"] = item["source"].replace("_", " ")
        if item["knots"]:
            found[f"Value function of {name}"] = ", ".join(
                f"{_number(x)} is worth {_number(y)}" for x, y in item["knots"]
            )
        for level in item["levels"]:
            worth = f"Level {_number(level['value'])} of {name}"
            found[worth] = f"{level['label']}: {level['wording']}"
        if item.get("judged_by"):
            functions = [Function(function).label for function in item["judged_by"]]
            found[f"Judges of {name}"] = ", ".join(functions)
        if item["question"]:
            found[f"Question of {name}"] = item["question"]
    return found


def _proposal(item: dict[str, Any]) -> dict[str, str]:
    """What a proposal states that a ranking reads, and which text it is."""
    return {
        "Signed text": f"revision {item['revision']}",
        "Title": item["title"],
        "Marketing team": item["marketing_team"],
        "CX team": item["cx_team"],
        **_numbers(item),
    }


def number_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Setting]:
    """What two texts of a proposal state otherwise beside their words, each by its name."""
    return _told(_numbers(before), _numbers(after))


def _numbers(item: dict[str, Any]) -> dict[str, str]:
    found = {
        "Type": item["category"] or "none",
        "Horizon": f"{item['horizon_months']} months",
    }
    labels: Counter[str] = Counter()
    for line in item["money"]:
        kind = MoneyLine.Kind(line["kind"]).label
        label = line["label"] or kind
        labels[label] += 1
        nth = f" ({labels[label]})" if labels[label] > 1 else ""
        found[f"Money: {label}{nth}"] = _money(line, kind)
    for effect in item["effects"]:
        found[f"Effect: {effect['stage']}, {effect['segment']}"] = _effect(effect)
    for row in item.get("commitments", ()):
        said = f"{_number(row['baseline'])} to {_number(row['target'])} by {row['due']}"
        found[f"KPI: {row['kpi']}"] = f"{said}, {row['answers']} answers"
    for row in item.get("efforts", ()):
        days = " / ".join(_number(row[name]) for name in ("low", "likely", "high"))
        found[f"Days: {row['team']}, {row['quarter']}"] = days
    for row in item.get("answers", ()):
        found[f"Answer: {row['field']}"] = row["value"]
    for name, digest in item.get("files", {}).items():
        found[f"File: {name}"] = digest[:12]
    for key, value in item["measures"].items():
        found[f"Measured: {key}"] = _number(value)
    return found


def _money(line: dict[str, Any], kind: str) -> str:
    points = " / ".join(_number(line[name]) for name in ("low", "likely", "high"))
    text = f"{kind}: {points}"
    if line["starts_month"]:
        text += f", after {line['starts_month']} months"
    if "ramp_months" in line:
        text += f", growing over {line['ramp_months']} months"
    if "ends_month" in line:
        text += f", until month {line['ends_month']}"
    if line["yearly_retention"] is not None:
        text += f", {_number(line['yearly_retention'])} kept a year"
    if stream := stream_of(line):
        likely = stream.shares[1]
        text += f", {_number(stream.reached)} reached, likely {likely:.2%} change, figures of "
        text += f"{stream.segment}, {reader_formats().date(stream.as_of)}"
    if "evidence" in line:
        text += f", {_evidence(line['evidence'])}{_gathered(line)}"
    return text


def _effect(effect: dict[str, Any]) -> str:
    reach, points = _number(effect["reach"]), _number(effect["points"])
    known = f"{_evidence(effect['evidence'])}{_gathered(effect)}"
    return f"{reach} customers, {points} points, {known}"


def _gathered(row: dict[str, Any]) -> str:
    day = evidence_day(row)
    return "" if day is None else f" of {reader_formats().date(day)}"


def _scores(before: Snapshot, after: Snapshot) -> list[ScoreChange]:
    """Count by criterion; of a criterion that is gone, all scores are withdrawn."""
    if before["scores"] == after["scores"]:
        return []
    rows_then, rows_now = (set(map(tuple, side["scores"])) for side in (before, after))
    then, now = _by_cell(rows_then - rows_now), _by_cell(rows_now - rows_then)
    added = Counter(cell[1] for cell in now.keys() - then.keys())
    withdrawn = Counter(cell[1] for cell in then.keys() - now.keys())
    changed = Counter(cell[1] for cell in now.keys() & then.keys())
    names = {**_names(before), **_names(after)}
    return [
        ScoreChange(name, added[key], changed[key], withdrawn[key])
        for key, name in names.items()
        if added[key] or changed[key] or withdrawn[key]
    ]


def _by_cell(scores: Iterable[Any]) -> dict[tuple[int, str, int], str]:
    return {(proposal, key, panelist): value for proposal, key, panelist, value in scores}


def _names(snapshot: Snapshot) -> dict[str, str]:
    return {
        item["key"]: item["name"]
        for dimension in snapshot["framework"]["dimensions"]
        for item in dimension["criteria"]
    }


def _number(value: float | str) -> str:
    return exact(float(value))


def _evidence(level: str) -> str:
    return Evidence(level).label
