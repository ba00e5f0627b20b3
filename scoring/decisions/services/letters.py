"""The letter that both owners get with a decision: what, why, what would change it, what next.

It is written once, with the decision, and kept as it was sent. It names no other proposal's figures
and no person's score.
"""

from collections.abc import Sequence
from math import ceil, floor

from projects.templatetags.figures import exact, exact_money, money, one
from scoring.backlog.selectors.backlog import Term, terms_of
from scoring.decisions.models import Condition, Decision
from scoring.decisions.services.crossing import Crossing, Needed, crossing_of
from scoring.ranking.models import RankedProposal

UNITS = {"expected_roi": "×", "customer_impact": " impact points"}
MOST = 2  # criteria that are named as what carried it, and as what cost it

IS = {
    Decision.Outcome.GREENLIGHT: "is greenlit",
    Decision.Outcome.CONDITIONAL: "is greenlit with conditions",
    Decision.Outcome.HOLD: "is on hold",
    Decision.Outcome.DECLINE: "is declined",
}
NEXT = {
    Decision.Outcome.GREENLIGHT: "Work can begin. Say how it goes under “How it goes” on its page; "
    "you are asked once a quarter.",
    Decision.Outcome.CONDITIONAL: "Who sees to a condition says on its page that it is met. "
    "When all are, the leaders decide for good.",
    Decision.Outcome.HOLD: "It stays in the backlog and is ranked with every run. What changes the "
    "picture can be said in a comment on its page.",
    Decision.Outcome.DECLINE: "It leaves the backlog. Its text stays, and can be copied to a new "
    "draft while intake is open.",
}


def letter_of(
    decision: Decision, result: RankedProposal, conditions: Sequence[Condition] = ()
) -> str:
    """Paragraphs with an empty line between them; ``decision`` need not be saved."""
    proposal, outcome = decision.proposal, Decision.Outcome(decision.outcome)
    until = f" until {decision.hold_until:%Y-%m-%d}" if decision.hold_until else ""
    said = f"“{proposal.title}” ({proposal.reference}) {IS[outcome]}{until}."
    parts = [said, decision.reason]
    if conditions:
        parts.append("\n".join(["What must be true first:", *map(_condition, conditions)]))
    parts += [_standing(decision, result), *_why(result)]
    if decision.override_code:
        why = decision.get_override_code_display()
        parts.append(f"The decision departs from the ranking: {why[:1].lower()}{why[1:]}.")
    if decision.outcome not in Decision.YES:
        crossing = crossing_of(decision.run, result)
        parts += _advice(crossing, result, str(decision.run.facts["currency"])) if crossing else []
    second = f", or {decision.seconded_by}, who agreed" if decision.seconded_by else ""
    again = "The leaders look at it again on that day. " if decision.hold_until else ""
    parts += [f"{again}{NEXT[outcome]}", f"Ask {decision.decided_by}, who decided{second}."]
    return "\n\n".join(parts)


def _condition(condition: Condition) -> str:
    return f"- {condition.text} ({condition.owner}, by {condition.due:%Y-%m-%d})"


def _standing(decision: Decision, result: RankedProposal) -> str:
    run, budget = decision.run, exact_money(decision.budget, decision.run.facts["currency"])
    where = f"in run {run.pk} under {run.framework_version}"
    if result.rank is None:
        return f"It had no rank {where}: {'; '.join(result.missing)}."
    futures = ""
    if result.rank_low is not None:
        low, high = result.rank_low, result.rank_high
        futures = f", {low if low == high else f'{low} to {high}'} in 8 of 10 futures"
    inside = result.line == RankedProposal.Line.INSIDE
    return (
        f"It stood at rank {result.rank} {where}{futures}, "
        f"{'inside' if inside else 'outside'} the budget of {budget}."
    )


def _why(result: RankedProposal) -> list[str]:
    """What brought most of its value, and where most of what was possible is missing."""
    terms = [term for term in terms_of(result) if term.counted]
    known = [term for term in terms if term.contribution]
    carried = sorted(known, key=lambda term: -(term.contribution or 0.0))[:MOST]
    cost = sorted(known, key=lambda term: -_missed(term))[:MOST]
    found = []
    if carried:
        found.append(f"What carried it: {_named(carried)}.")
    if cost and _missed(cost[0]) > 0:
        found.append(f"What cost it most: {_named(cost)}.")
    return found


def _missed(term: Term) -> float:
    return (term.counted or 0.0) - (term.contribution or 0.0)


def _named(terms: Sequence[Term]) -> str:
    return ", ".join(
        f"{term.name} ({one(term.contribution)} of {one(term.counted)} points)" for term in terms
    )


def _advice(crossing: Crossing, result: RankedProposal, currency: str) -> list[str]:
    """In words what alone would have put it inside, as the run's own numbers have it."""
    if crossing.needed is None:
        found = ["No single criterion, however high, would have put it inside the budget."]
    else:
        change = f"{crossing.needed.criterion.name} at {_said(crossing.needed)}"
        found = [f"The smallest change that would have put it inside: {change}."]
    if crossing.cost is not None and result.cost is not None:
        fits, cost = money(crossing.cost, currency), money(result.cost, currency)
        found.append(
            f"At its rank it would have fitted with an expected cost of {fits} instead of {cost}."
        )
    return ["\n".join(found)]


def _said(needed: Needed) -> str:
    """What it needed and what it had, in the criterion's own unit, just beyond what is enough."""
    value, now, unit = needed.value, needed.now, " of 100"
    if needed.given is not None:
        value, now = needed.given, needed.given_now
        unit = UNITS.get(needed.criterion.source, "")
    falls = now is not None and value < now
    shown = (floor if falls else ceil)(value * 100) / 100
    before = "nothing yet" if now is None else exact(round(now, 2))
    return f"{exact(shown)}{unit} instead of {before}"
