"""Bringing a list of findings in by browser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.customers.requests import keeper
from projects.imports.forms import InsightsForm
from projects.imports.services import read_table
from projects.imports.services.insights import COLUMNS, import_insights
from projects.imports.services.mapping import RowError

SHOWN_ERRORS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def insights(request: HttpRequest) -> HttpResponse:
    """Check a list of findings, or keep them; all rows or none."""
    user = keeper(request)
    posted = request.method == "POST"
    form = InsightsForm(request.POST, request.FILES) if posted else InsightsForm()
    checked, count = "check" in request.POST, 0
    errors: list[RowError] = []
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_table(file, file.name, wanted=COLUMNS)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            count, errors = import_insights(actor=user, table=table, dry_run=checked)
            if not checked and not errors:
                messages.success(request, f"Kept: {count} insight{'s' * (count > 1)}.")
                return redirect("insights")
    shown = {"form": form, "count": count, "errors": errors[:SHOWN_ERRORS], "wrong": len(errors)}
    status = 422 if form.errors or errors else 200
    return render(request, "projects/imports/insights.html", shown, status=status)
