"""Bringing plain lists in by browser: checked, or kept, all rows or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.customers.requests import keeper
from projects.imports.forms import RowsForm
from projects.imports.services import RowError, Table, read_table
from projects.imports.services import insights as of_insights
from projects.imports.services import kpis as of_kpis
from projects.people.models import User

SHOWN_ERRORS = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """A kind of list: what is in it, the page it belongs to, its columns, and how it is read."""

    things: str
    page: str
    heading: str
    columns: Sequence[str]
    help_text: str
    bring: Callable[..., tuple[int, list[RowError]]]


INSIGHTS = Rows(
    "insight",
    "insights",
    "Insights",
    of_insights.COLUMNS,
    "CSV, XLSX or ODS. Columns: finding, kind, source, gathered_on, and where known sample, "
    "stage, segment, persona, link; or the file that “As CSV” gives.",
    of_insights.import_insights,
)
KPI_VALUES = Rows(
    "value",
    "kpis",
    "KPIs",
    of_kpis.COLUMNS,
    "CSV, XLSX or ODS. Columns: name (of a KPI that is here), as_of (2026-05-31), value; or the "
    "file that “As CSV” gives.",
    of_kpis.import_values,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def insights(request: HttpRequest) -> HttpResponse:
    return answer(request, keeper(request), INSIGHTS)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def kpi_values(request: HttpRequest) -> HttpResponse:
    return answer(request, keeper(request), KPI_VALUES)


def answer(request: HttpRequest, user: User, kind: Rows) -> HttpResponse:
    """The page of a list of this ``kind``, for a person who may bring one in."""
    posted = request.method == "POST"
    form = RowsForm(request.POST, request.FILES) if posted else RowsForm()
    form.fields["file"].help_text = kind.help_text
    checked, count = "check" in request.POST, 0
    errors: list[RowError] = []
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table: Table = read_table(file, file.name, wanted=kind.columns)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            count, errors = kind.bring(actor=user, table=table, dry_run=checked)
            if not checked and not errors:
                messages.success(request, f"Kept: {count} {kind.things}{'s' * (count != 1)}.")
                return redirect(kind.page)
    shown = {
        "kind": kind,
        "form": form,
        "count": count,
        "errors": errors[:SHOWN_ERRORS],
        "wrong": len(errors),
    }
    status = 422 if form.errors or errors else 200
    return render(request, "projects/imports/rows.html", shown, status=status)
