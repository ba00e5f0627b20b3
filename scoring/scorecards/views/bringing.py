"""Bringing judgements in that a panel gave elsewhere."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from projects.imports.views.rows import Rows, answer
from projects.people.requests import administrator, confirmed
from scoring.scorecards.services.bringing import COLUMNS, bring_judgements, may_bring

JUDGEMENTS = Rows(
    "judgement",
    "admin:assignments",
    "Who judges what",
    COLUMNS,
    "CSV, XLSX or ODS, a row for each panelist and proposal. Columns: proposal (P-12), panelist "
    "(user name or e-mail address), and one for each judged criterion, by its name: a level by its "
    "label or value, or “abstain:” and why; where there is one, comment. Each panelist is told.",
    bring_judgements,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def judgements(request: HttpRequest) -> HttpResponse:
    if not may_bring(administrator(request)):
        raise PermissionDenied("Only an administrator without a panel seat brings in judgements.")
    return answer(request, confirmed(request), JUDGEMENTS)
