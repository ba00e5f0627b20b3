"""Bringing a list of proposals in by the browser: choose a file, match columns, mend, import."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.csv_files import csv_file
from projects.errors import Conflict
from projects.imports.forms import ListForm, OwnersForm, ReadingForm
from projects.imports.models import Batch
from projects.imports.services.batches import (
    errors_in,
    import_batch,
    is_long,
    open_batch,
    save_batch,
    sheets_of,
    table_of,
    undo_batch,
)
from projects.imports.services.guess import targets
from projects.imports.services.mapping import FIELDS, POINTS, RowError
from projects.imports.services.table import Table
from projects.people.models import User
from projects.people.requests import administrator
from projects.proposals.selectors import open_fields

SHOWN_ROWS, SAMPLES = 50, 3
SCALES = {"1": "as they stand", "1000": "in thousands", "1000000": "in millions"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lists(request: HttpRequest) -> HttpResponse:
    """Choose a file; lists of before are found again here."""
    user = administrator(request)
    posted = request.method == "POST"
    form = ListForm(request.POST, request.FILES) if posted else ListForm()
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = open_batch(
                actor=user, cycle=form.cleaned_data["cycle"], name=file.name, content=file.read()
            )
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            return redirect("import", pk=batch.pk)
    shown = {"form": form, "batches": Batch.objects.select_related("created_by").defer("content")}
    status = 422 if form.errors else 200
    return render(request, "projects/imports/lists.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """How the list is read, what is wrong in it, and the button that brings it in."""
    user, batch = administrator(request), get_object_or_404(Batch, pk=pk)
    if batch.is_active or getattr(request, "htmx", False):
        return _progress(request, batch)
    if batch.state != Batch.State.OPEN:
        return render(request, "projects/imports/done.html", {"batch": batch})
    posted, refused = request.method == "POST", list[RowError]()
    sent = request.POST if posted else None
    dialect, sheets = table_of(batch).dialect, sheets_of(batch)
    reading = ReadingForm(sent, dialect=dialect, sheets=sheets)
    owners = OwnersForm(sent, initial=batch.choices)
    if posted and owners.is_valid() and reading.is_valid():
        said = _posted(request, batch, owners.cleaned_data) | {"reading": reading.cleaned_data}
        try:
            refused = _save(request, user, batch, said)
        except (ValidationError, Conflict) as error:
            batch.refresh_from_db()  # as it was before what was refused
            for text in getattr(error, "messages", [str(error)]):
                messages.error(request, text)
        else:
            if not refused:
                return redirect("import", pk=pk)
    shown = _shown(user, batch, refused) | {"reading": reading, "owners": owners}
    status = 422 if owners.errors or reading.errors or refused else 200
    return render(request, "projects/imports/one_list.html", shown, status=status)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    user, batch = administrator(request), get_object_or_404(Batch, pk=pk)
    try:
        count = undo_batch(actor=user, batch=batch)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{count} proposals are taken back.")
    return redirect("import", pk=pk)


@require_safe
@login_required
def template_file(request: HttpRequest) -> HttpResponse:
    """A list to fill in, with our own names for its columns."""
    administrator(request)
    kinds = ("one_off_cost", "retention")
    money = [f"{kind}_{part}" for kind in kinds for part in POINTS]
    effect = ["stage", "segment", "reach", "points", "evidence"]
    return csv_file("proposals", [*FIELDS, *money, *effect], [])


def _progress(request: HttpRequest, batch: Batch) -> HttpResponse:
    """How far the worker is; while it has the list, nothing else can be done with it."""
    if not getattr(request, "htmx", False):
        status = 409 if request.method == "POST" else 200
        return render(request, "projects/imports/waiting.html", {"batch": batch}, status=status)
    if batch.is_active:
        return render(request, "projects/imports/_progress.html", {"batch": batch})
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _save(request: HttpRequest, user: User, batch: Batch, said: dict[str, Any]) -> list[RowError]:
    """Keep what was chosen and, if that was the button, import; returns what was refused."""
    wanted = Batch.Work.IMPORT if "import" in request.POST else Batch.Work.CHECK
    table = save_batch(actor=user, batch=batch, work=wanted, **said)
    if wanted == Batch.Work.CHECK or is_long(table):
        return []
    report = import_batch(actor=user, batch=batch)
    if report.created:
        messages.success(request, f"{len(report.created)} proposals are imported.")
    return report.errors


def _shown(user: User, batch: Batch, refused: list[RowError]) -> dict[str, Any]:
    table = table_of(batch)
    errors = refused or errors_in(actor=user, batch=batch, table=table)
    chosen, scales = batch.choices["targets"], batch.choices.get("scales", {})
    return {
        "batch": batch,
        "table": table,
        "groups": targets(open_fields()),
        "scales": SCALES.items(),
        "columns": [
            (column, chosen.get(column, ""), str(scales.get(column, 1)), _samples(table, column))
            for column in batch.columns
        ],
        "errors": errors,
        **_wrong(errors, table, batch.found.get("wrong", 0)),
    }


def _posted(request: HttpRequest, batch: Batch, said: dict[str, Any]) -> dict[str, Any]:
    """What the page sent: a target for each column, owners, cells typed anew, rows left out."""
    sent = request.POST
    chosen = {name: sent.get(f"target-{place}", "") for place, name in enumerate(batch.columns)}
    scales = {
        name: int(sent.get(f"scale-{place}", 1)) if sent.get(f"scale-{place}") in SCALES else 1
        for place, name in enumerate(batch.columns)
    }
    mended = {row: dict(cells) for row, cells in batch.mended.items()}
    for name, text in request.POST.items():
        kind, _, rest = name.partition("-")
        row, _, place = rest.partition("-")
        if kind == "cell" and place.isdigit() and int(place) < len(batch.columns):
            mended.setdefault(row, {})[batch.columns[int(place)]] = str(text).strip()
    left = {*batch.left_out, *(int(row) for row in request.POST.getlist("leave") if row.isdigit())}
    return {
        "choices": {"targets": chosen, "scales": scales} | said,
        "mended": mended,
        "left_out": sorted(left) if "again" not in request.POST else [],
    }


def _samples(table: Table, column: str) -> list[str]:
    """The first texts of a column, to recognise it by."""
    found = (str(row.get(column, "")) for row in table.rows)
    return [text[:80] for text in found if text and "\0" not in text][:SAMPLES]


def _wrong(errors: list[RowError], table: Table, counted: int) -> dict[str, Any]:
    """Errors of the whole list, and those of rows with the cells in which they are mended.

    A worker has ``counted`` the rows: of a long list not every error is kept.
    """
    place_of = {column: place for place, column in enumerate(table.columns)}
    rows: dict[int, list[dict[str, Any]]] = {}
    texts = dict(zip(table.numbers, table.rows, strict=True))
    for error in errors:
        if error.row in texts:
            cell: dict[str, Any] = {"column": error.column, "message": error.message}
            if error.column in place_of:
                text = str(texts[error.row].get(error.column, ""))
                cell |= {"place": place_of[error.column], "text": "" if "\0" in text else text}
            rows.setdefault(error.row, []).append(cell)
    return {
        "whole": [error for error in errors if error.row not in texts],
        "wrong_rows": sorted(rows.items())[:SHOWN_ROWS],
        "wrong_count": max(len(rows), counted),
        "more_wrong": max(len(rows), counted) - SHOWN_ROWS,
        "ready": len(table.rows) - max(len(rows), counted),
    }
