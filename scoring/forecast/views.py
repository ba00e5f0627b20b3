"""What people have counted, worked out: how a cohort stays, what a test with two groups says."""

import re
from itertools import pairwise
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.customers.models import Evidence
from projects.customers.selectors import may_keep
from projects.people.requests import signed_in
from scoring.forecast import lifts
from scoring.forecast.cohorts import Cohort, cohort_of
from scoring.forecast.forms import TwoGroupsForm

PAIR = re.compile(r"(\d+)\s*[,;\s]\s*(\d[\d.,]*\s*%?)")  # the number of a period, and who is there
MOST_PERIODS = 60
LONGEST = 4_000  # characters
WIDTH, HEIGHT = 640, 240
SOURCE = "A cohort over {years} years"
UNREADABLE = (
    "Paste one number per line, from the start on: how many are still there, in customers or in "
    "per cent. They must fall from one to the next, over at least three periods."
)


@require_safe
@login_required
def cohort(request: HttpRequest) -> HttpResponse:
    """Fit a cohort that is pasted as a column, or as a CSV whose last column counts."""
    typed = request.GET.get("kept", "")
    found, error = None, ""
    if typed:
        try:
            found = cohort_of(shares_in(typed))
        except ValueError:
            error = UNREADABLE
    shown = {
        "typed": typed,
        "error": error,
        "cohort": found,
        "curves": _curves(found) if found else {},
        "width": WIDTH,
        "height": HEIGHT,
        "source": SOURCE.format(years=len(found.periods)) if found else "",
        "may_keep": may_keep(signed_in(request)),
    }
    status = 422 if error else 200
    return render(request, "scoring/forecast/cohort.html", shown, status=status)


@require_safe
@login_required
def two_groups(request: HttpRequest) -> HttpResponse:
    """The difference between two groups of a test, and the insight that it makes."""
    form = TwoGroupsForm(request.GET or None)
    found = lifts.two_groups(*form.arms()) if form.is_valid() else None
    shown = {
        "form": form,
        "found": found,
        "insight": urlencode(_insight(found)) if found else "",
        "may_keep": may_keep(signed_in(request)),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/forecast/two_groups.html", shown, status=status)


def _insight(found: lifts.TwoGroups) -> dict[str, object]:
    """What the form of an insight begins with."""
    points = found.points
    finding = (
        f"Of those who got it {100 * found.treated.share:.2f} % did it, "
        f"{100 * found.control.share:.2f} % of the others: {points['lift']:+.2f} points "
        f"({points['low']:+.2f} to {points['high']:+.2f})."
    )
    return {"finding": finding, "kind": Evidence.TEST, "sample": found.sample}


def shares_in(text: str) -> list[float]:
    """Shares after each period, of the number at the start, which is the first of the column.

    Errors: ValueError for fewer than two numbers, or what is none.
    """
    lines = [line.strip() for line in text[:LONGEST].splitlines()]
    lines = [line for line in lines if line[:1].isdigit()]  # a head names the columns
    pairs = [PAIR.fullmatch(line) for line in lines]
    numbered = [int(pair[1]) for pair in pairs if pair]
    in_turn = [first + 1 == second for first, second in pairwise(numbered)]
    if len(numbered) == len(lines) and all(in_turn):
        lines = [pair[2] for pair in pairs if pair]
    counts = [float(line.removesuffix("%").replace(",", ".")) for line in lines]
    if not 1 < len(counts) <= MOST_PERIODS + 1 or counts[0] <= 0:
        raise ValueError("text: too few numbers, or too many")
    return [count / counts[0] for count in counts[1:]]


def _curves(cohort: Cohort) -> dict[str, str]:
    """Points of an SVG polyline for each of the three curves, from the whole cohort on."""
    step = WIDTH / len(cohort.periods)
    return {
        name: " ".join(
            f"{place * step:.1f},{HEIGHT * (1 - share):.1f}"
            for place, share in enumerate([1.0, *shares])
        )
        for name, shares in (
            ("observed", [period.observed for period in cohort.periods]),
            ("fitted", [period.fitted for period in cohort.periods]),
            ("steady", [period.steady for period in cohort.periods]),
        )
    }
