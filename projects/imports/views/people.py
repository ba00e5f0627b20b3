"""Bringing lists in by browser."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.imports.forms import PeopleForm
from projects.imports.services import PeopleReport, import_people, read_table
from projects.imports.services.people import READ
from projects.people.requests import administrator, confirmed

SHOWN_ERRORS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Check a list of people, or bring it in; all rows or none."""
    administrator(request)
    user = confirmed(request)  # before a file is chosen, which no detour would keep
    posted = request.method == "POST"
    form = PeopleForm(request.POST, request.FILES) if posted else PeopleForm()
    checked, report = "check" in request.POST, None
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_table(file, file.name, wanted=READ)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            invite = form.cleaned_data["invite"]
            report = import_people(actor=user, table=table, invite=invite, dry_run=checked)
            if not checked and not report.errors:
                messages.success(request, _sentence(report))
                return redirect("people")
    wrong = bool(form.errors) or bool(report and report.errors)
    shown = {
        "form": form,
        "report": report,
        "sentence": _sentence(report) if report else "",
        "errors": report.errors[:SHOWN_ERRORS] if report else [],
    }
    return render(request, "projects/imports/people.html", shown, status=422 if wrong else 200)


def _sentence(report: PeopleReport) -> str:
    teams = f"; {len(report.teams)} new teams" if report.teams else ""
    return (
        f"{len(report.created)} new, {len(report.changed)} changed, {report.same} as they were"
        f"{teams}."
    )
