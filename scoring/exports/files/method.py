"""How the numbers came about, in words, for the files that people read."""

from typing import Any

from scoring.ranking.models import RankingRun

SOURCES = {
    "panel": "judged by the panel against worded levels",
    "expected_roi": "computed from the stated costs and benefits",
    "customer_impact": "computed from customers reached, change and evidence",
    "measure": "measured, as stated with the proposal",
}
CORRECTED = ", corrected for mild and strict panelists"
BELIEVED = ", believed as far as the evidence of the benefits supports it"
# A name and below it what it means, in the order in which a reader meets them.
NUMBERS = """
Rank
The place by value, best first; equal values share a place. It is the place in the whole backlog,
also where a filter shows only a part of it. P10 and P90 are the ends of the interval that holds
the rank in eight of ten possible futures.

Value
The weighted sum of the criteria, 0 to 100. A criterion contributes its weight times its value;
the contributions sum to the value. What is missing is left out, never counted as 0, and the
weights of the rest are raised. Where the framework ranks by value per cost, the score is that
quotient.

Coverage
The share of the weight that is scored. Below the framework's limit a proposal is listed as
incomplete and has no rank.

Expected ROI
Expected benefit minus cost, divided by cost, all as present values: 0.5 returns half of the cost
on top of it. P10 to P90 holds eight of ten possible futures. P(loss) is the share of futures that
do not earn the cost back. Where the framework believes returns by their evidence, these are the
believed figures: the return without evidence, plus the believed share of the way from there to the
return as it is stated, which stands beside it.

Customer impact
Customers reached, times the change for each of them, times the confidence that the evidence
deserves, times the weight of the journey stage; in impact points.

Budget line
The list is walked from the top, and whatever still fits the budget is inside. P(funded) is the
share of {draws} possible futures in which the proposal is.

Alike, and P(top)
Alike from and to are the places between which proposals cannot be told apart: each beats the others
in too few futures. P(top) is the share of futures in which a proposal is among the best; how many
those are stands on the page of the run.

Two lenses
The ranks that ROI alone and customer impact alone would give. Best trade-off: no ranked proposal
is better in both.

Possible futures
Money is drawn between its stated low and high, scores within the spread of the panel. The draws
follow a stored seed, so the same inputs give the same numbers.
"""
CHECKS = """
Seal
Each row carries its number and a digest of its cells; the file carries digests of its columns and
of all rows, signed by the installation that wrote it.

To check
Run: manage.py verify_export FILE. It says valid or altered, and names the row and column that was
touched. Where run {run} is stored, every cell is compared with it, and the run is computed again
from its sealed inputs.
"""


def explanations(run: RankingRun) -> list[tuple[str, str]]:
    """(number, what it means)."""
    return _paragraphs(NUMBERS.format(draws=f"{run.draws:,}"))


def checking(run: RankingRun) -> list[tuple[str, str]]:
    """What the digests are, and how to check the file."""
    return _paragraphs(CHECKS.format(run=run.pk))


def source_of(criterion: dict[str, Any]) -> str:
    source = SOURCES.get(str(criterion["source"]), str(criterion["source"]))
    read = (CORRECTED if criterion.get("corrected") else "") + (
        BELIEVED if criterion.get("believed") else ""
    )
    return source + read


def _paragraphs(text: str) -> list[tuple[str, str]]:
    parts = (block.partition("\n") for block in text.strip().split("\n\n"))
    return [(name, " ".join(words.split())) for name, _, words in parts]
