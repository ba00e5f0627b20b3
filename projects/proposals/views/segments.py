"""What is known of each segment, and which proposals rest on it."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.csv_files import csv_file
from projects.customers.models import Segment, SegmentFigure
from projects.customers.selectors import may_keep, newest_figures
from projects.people.requests import signed_in
from projects.proposals.models.lines import MoneyLine
from projects.proposals.models.streams import Stream
from projects.proposals.selectors import visible_to

COLUMNS = ("segment", "customers", "margin", "retention", "acquisition_cost", "currency", "as_of")


@dataclass(frozen=True, slots=True)
class Resting:
    """A benefit that rests on the segment, and what it would be on the newest figures."""

    line: MoneyLine
    now: Stream | None  # None where it rests on the newest ones


@require_safe
@login_required
def segments(request: HttpRequest) -> HttpResponse:
    """Every segment with the figures that count."""
    figures = {figure.segment_id: figure for figure in newest_figures()}
    rows = [(segment, figures.get(segment.pk)) for segment in Segment.objects.all()]
    user = signed_in(request)
    shown = {"rows": rows, "may_keep": may_keep(user)}
    return render(request, "projects/customers/segments.html", shown)


@require_safe
@login_required
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures of one segment, newest first, and the benefits that rest on them."""
    found = get_object_or_404(Segment, pk=pk)
    user = signed_in(request)
    figures = list(found.figures.select_related("entered_by"))
    lines = (
        MoneyLine.objects.filter(figure__segment=found, proposal__in=visible_to(user))
        .select_related("proposal__cycle", "figure__segment")
        .order_by("-proposal", "position")
    )
    shown = {
        "segment": found,
        "figures": figures,
        "resting": [_resting(line, figures[0]) for line in lines],
        "may_keep": may_keep(user),
    }
    return render(request, "projects/customers/segment.html", shown)


@require_safe
@login_required
def segments_file(_request: HttpRequest) -> HttpResponse:
    """The figures that count as CSV, in the form that can be read back."""
    names = [*COLUMNS, "source"]
    rows = ([getattr(figure, name) for name in names] for figure in newest_figures())
    return csv_file("segments", names, rows)


def _resting(line: MoneyLine, newest: SegmentFigure) -> Resting:
    if line.stream is None or line.figure_id == newest.pk:
        return Resting(line, None)
    return Resting(line, line.stream.on(newest, keep_retention=line.has_own_retention))
