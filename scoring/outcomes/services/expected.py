"""What leaders were told to expect by the day of a report, beside what was reported.

It is read from the sealed inputs of the run that the decision was taken on, never typed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from scoring.analysis.arrays import Floats
from scoring.analysis.by_then import by_then
from scoring.forecast import returns
from scoring.outcomes.models import Report
from scoring.outcomes.selectors import Standing, decided_on
from scoring.ranking.models import RankedProposal, RankingRun
from scoring.ranking.selectors.snapshot import load_proposals

SINGLE = 1e-6  # how exactly drawn futures keep an amount
DRAWS = 2_000  # the page of all that was greenlit makes them for each
MONTH = 365.25 / 12  # days


@dataclass(frozen=True, slots=True)
class Sum:
    """P10, P50 and P90 of a sum by a day, what its lines add up to on average, and what came.

    ``actual`` is None where nobody knows.
    """

    low: float
    likely: float
    high: float
    mean: float
    actual: float | None

    @property
    def word(self) -> str:
        if self.actual is None:
            return ""
        low, high = self.bounds
        if low <= self.actual <= high:
            return "as expected"
        return "more than expected" if self.actual > high else "less than expected"

    @property
    def bounds(self) -> tuple[float, float]:
        """P10 and P90 with room for the seventh digit, which single precision does not keep."""
        return self.low - SINGLE * abs(self.low), self.high + SINGLE * abs(self.high)


@dataclass(frozen=True, slots=True)
class Progress:
    """One greenlit proposal: what it was to cost and bring by the day, and what it did.

    ``promised`` and ``stated`` are the ROI that leaders saw; ``evidence`` is the kind that most of
    its benefits rest on; ``estimate`` what its costs add up to before any uplift.
    """

    standing: Standing
    result: RankedProposal
    months: float
    spent: Sum
    brought: Sum
    estimate: float
    promised: float | None
    stated: float | None
    evidence: str

    @property
    def report(self) -> Report | None:
        return self.standing.report

    @property
    def state(self) -> str:
        return self.report.state if self.report else ""

    @property
    def has_cost(self) -> bool:
        """Whether its costs can be held against the forecast: it is done, and they are known."""
        is_done = self.state == Report.State.DONE
        return is_done and self.spent.actual is not None and self.spent.mean > 0

    @property
    def has_return(self) -> bool:
        """Whether what it brought can be: it is over, and something was to come by now."""
        is_over = self.state in (Report.State.DONE, Report.State.STOPPED)
        return is_over and self.brought.actual is not None and self.brought.mean > 0

    @property
    def on_course(self) -> float | None:
        """The ROI it will have if it goes on as it did; of what was stopped, the one it has."""
        spent, brought = self.spent.actual, self.brought.actual
        if not self.has_return or brought is None or not spent:
            return None
        if self.state == Report.State.STOPPED:
            return brought / spent - 1
        if not self.spent.mean or self.result.benefit is None or not self.result.cost:
            return None
        benefit = self.result.benefit * brought / self.brought.mean
        return benefit / (self.result.cost * spent / self.spent.mean) - 1


def progress_of(standings: Sequence[Standing]) -> list[Progress]:
    """In the order of ``standings``; a query and a reading of sealed inputs for each run."""
    found: dict[int, Progress] = {}
    by_run = sorted(standings, key=lambda standing: standing.decision.run_id)
    for _, group in groupby(by_run, key=lambda standing: standing.decision.run_id):
        of_run = list(group)
        found |= _of_run(of_run[0].decision.run, of_run)
    return [found[standing.proposal.pk] for standing in standings]


def _of_run(run: RankingRun, standings: list[Standing]) -> dict[int, Progress]:
    wanted = {standing.proposal.pk: standing for standing in standings}
    snapshot = load_proposals(run)
    items = [item for item in snapshot["proposals"] if item["id"] in wanted]
    snapshot |= {"proposals": items}
    parameters = snapshot["framework"]["parameters"]
    months = [_months(wanted[item["id"]]) for item in items]
    lines = returns.money_lines(items, parameters)
    then = by_then(
        lines,
        returns.paid_by(items, parameters, months),
        draws=DRAWS,
        seed=run.seed,
        belief=returns.belief_of(snapshot, lines),
    )
    overrun = 1 + returns.cost_uplift(parameters)
    of_run = run.results.filter(proposal__in=wanted).select_related("run")
    results = {row.proposal_id: row for row in of_run}
    found = {}
    for place, item in enumerate(items):
        result, standing = results[item["id"]], wanted[item["id"]]
        spent, brought = float(then.spent_mean[place]), float(then.brought_mean[place])
        report = standing.report
        found[item["id"]] = Progress(
            standing=standing,
            result=result,
            months=months[place],
            spent=_sum(then.spent[place], spent, report.spent if report else None),
            brought=_sum(then.brought[place], brought, report.brought if report else None),
            estimate=spent / overrun,
            promised=result.roi,
            stated=result.roi if result.stated_roi is None else result.stated_roi,
            evidence=returns.rests_on(snapshot, item),
        )
    return found


def _sum(expected: Floats, mean: float, actual: Decimal | None) -> Sum:
    low, likely, high = expected.tolist()
    return Sum(low, likely, high, mean, None if actual is None else float(actual))


def _months(standing: Standing) -> float:
    """From the decision, which is month 0 of every forecast, to the report or to today."""
    day = standing.report.as_of if standing.report else timezone.localdate()
    return max((day - decided_on(standing.decision)).days, 0) / MONTH
