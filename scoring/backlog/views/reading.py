"""Why a value is what it is, in a sentence or two."""

from collections.abc import Sequence

from projects.templatetags.figures import one
from scoring.backlog.selectors.backlog import Term

NAMED = 2
NOTHING = 0.05  # points that round to 0.0 on the page


def reading(terms: Sequence[Term]) -> str:
    """Where most of the value comes from, and where most of what was possible is missing.

    A criterion can bring as many points as its counted weight in per cent. Empty where nothing
    is scored.
    """
    scored = [
        (term.name, term.contribution, term.counted - term.contribution)
        for term in terms
        if term.contribution is not None and term.counted is not None
    ]
    best = sorted(scored, key=lambda row: -row[1])[:NAMED]
    if not best or best[0][1] < NOTHING:
        return ""
    most = " and ".join(f"“{name}” ({one(points)} points)" for name, points, _ in best)
    text = f"Most of its value comes from {most}."
    name, points, lost = max(scored, key=lambda row: row[2])
    if lost >= NOTHING:
        text += f" It loses most on “{name}”: {one(lost)} of {one(points + lost)} points."
    return text
