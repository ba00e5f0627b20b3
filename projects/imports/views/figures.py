"""Figures of segments: typed, or filled in from a list, looked at, then kept."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from projects.customers.forms import FigureFormSet
from projects.customers.models import Segment
from projects.customers.requests import keeper
from projects.cycles.models import Cycle
from projects.imports.forms import FiguresForm
from projects.imports.services import read_table
from projects.imports.services.figures import (
    COLUMNS,
    Customers,
    is_of_segments,
    of_customers,
    of_segments,
)
from projects.people.models import User
from projects.proposals.services import record_figures

PREFIX = "figures"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """The rows to keep; with a file, they are filled in from it and nothing is kept yet."""
    user = keeper(request)
    form, rows = FiguresForm(), FigureFormSet(initial=[_asked(request)], prefix=PREFIX)
    status = 200
    if request.method == "POST" and "read" in request.POST:
        form = FiguresForm(request.POST, request.FILES)
        found = _read(form) if form.is_valid() else []
        status = 200 if found else 422
        if found:
            rows = FigureFormSet(initial=found, prefix=PREFIX)
    elif request.method == "POST":
        rows = FigureFormSet(request.POST, prefix=PREFIX)
        if rows.is_valid() and _kept(user, rows):
            count = len(rows.forms)
            messages.success(request, f"Figures of {count} segment{'s' * (count > 1)} are kept.")
            return redirect("segments")
        status = 422
    shown = {"form": form, "rows": rows, "segments": Segment.objects.all()}
    return render(request, "projects/imports/figures.html", shown, status=status)


def _usual() -> dict[str, Any]:
    """What a row says unless somebody says otherwise."""
    cycle = Cycle.objects.filter(is_current=True).first()
    return {"as_of": timezone.localdate(), "currency": cycle.currency if cycle else ""}


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address gives for the first row, such as a segment's page does."""
    given = {
        name: request.GET[name] for name in ("name", "retention", "source") if request.GET.get(name)
    }
    return _usual() | given


def _read(form: FiguresForm) -> list[dict[str, Any]]:
    """Rows out of the file; none, with the reason at the form, where it cannot be read."""
    given = form.cleaned_data
    try:
        table = read_table(given["file"], given["file"].name, wanted=COLUMNS)
        if is_of_segments(table):
            found = of_segments(table)
        else:
            parts = ("segment", "amount", "left", "amount_months", "left_months", "margin")
            found = of_customers(table, Customers(**{name: given[name] for name in parts}))
    except ValidationError as error:
        form.add_error(None, error) if not hasattr(error, "error_dict") else _place(form, error)
        return []
    source = given["file"].name[: FiguresForm.LONGEST_SOURCE]
    return [_usual() | {"source": source} | row for row in found]


def _place(form: FiguresForm, error: ValidationError) -> None:
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def _kept(user: User, rows: Any) -> bool:
    try:
        record_figures(actor=user, figures=[form.figure() for form in rows.forms])
    except ValidationError as error:
        for texts in error.message_dict.values():
            rows.forms[0].add_error(None, texts)
        return False
    return True
