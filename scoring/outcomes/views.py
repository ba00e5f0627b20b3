"""What has become of what was greenlit, and what that teaches."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.csv_files import csv_file
from projects.errors import Conflict
from projects.imports.views.rows import Rows, answer
from projects.kpis.selectors import courses_of
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.commitments import Commitment
from projects.proposals.models.proposals import Proposal
from scoring.analysis.calibration import ENOUGH_OUTCOMES
from scoring.decisions.selectors import held_until_now, open_conditions, prepared_for
from scoring.framework.selectors import published_version
from scoring.outcomes.forms import ReportForm
from scoring.outcomes.models import Report
from scoring.outcomes.selectors import (
    decided_on,
    greenlit,
    may_report,
    not_in_tracker,
    reports_due,
    reports_of,
    standings,
)
from scoring.outcomes.services import Progress, draft_lessons, progress_of, report_progress
from scoring.outcomes.services import record as teaching
from scoring.outcomes.services.lists import COLUMNS, SHOWN_ONLY, import_reports
from scoring.outcomes.services.trackers import TRACKERS
from scoring.panel.selectors import is_curator
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import open_to

PAGE = 50
REPORTS = Rows(
    "report",
    "outcomes",
    "Outcomes",
    COLUMNS,
    "CSV, XLSX or ODS. Columns: proposal (its reference, like P-12), as_of (2026-05-31), state, "
    "and where known spent, brought, finish, note, link; or the file that “As CSV” gives.",
    import_reports,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the KPIs that a group promised were reached, missed, or are still open."""

    who: str
    reached: int
    missed: int
    open: int


@require_safe
@login_required
def outcomes(request: HttpRequest) -> HttpResponse:
    """What was greenlit beside what came of it, how good the forecasts were, what they teach."""
    user, version = signed_in(request), published_version()
    progress = sorted(progress_of(standings(greenlit())), key=lambda one: one.report is None)
    page = Paginator(progress, PAGE).get_page(request.GET.get("page"))
    seen = _open_to(user, progress)  # where a rank or a score could be read off
    promised = _promised([one.standing.proposal for one in progress])
    groups = [
        ("By team", teaching.accuracy_by(progress, teaching.by_team)),
        ("By how we know", teaching.accuracy_by(progress, teaching.by_evidence)),
        ("By type of proposal", teaching.accuracy_by(progress, teaching.by_type)),
    ]
    shown = {
        "page_obj": page,
        "rows": [(one, promised.get(one.standing.proposal.pk, [])) for one in page],
        "states": _states(progress),
        "accuracy": teaching.accuracy(progress),
        "groups": [(name, rows) for name, rows in groups if rows[1:]],
        "departures": teaching.departures(seen),
        "departed": teaching.departed_share(seen),
        "displaced": teaching.displaced(seen),
        "kept": _kept([row for rows in promised.values() for row in rows]),
        "lessons": teaching.lessons(progress, version) if version else [],
        "steps": teaching.steps(progress, version) if version else [],
        "told": teaching.told_by_criteria(seen),
        "enough": ENOUGH_OUTCOMES,
        "may_draft": is_curator(user),
    }
    return render(request, "scoring/outcomes/outcomes.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How one greenlit proposal goes, and a further report on it."""
    user = signed_in(request)
    one = _one(pk)
    proposal = one.standing.proposal
    form = ReportForm(request.POST or None, instance=Report(proposal=proposal), initial=_last(one))
    if request.method == "POST":
        if not may_report(user, proposal):
            raise PermissionDenied("Its owners and Finance report on a greenlit proposal.")
        if form.is_valid():
            try:
                report_progress(actor=user, report=form.instance)
            except ValidationError as error:
                for name, texts in error.message_dict.items():
                    form.add_error(name, texts)
            except Conflict as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "The report is kept.")
                return redirect("report", pk=pk)
    shown = {
        "one": one,
        "proposal": proposal,
        "promised": _promised([proposal]).get(pk, []),
        "reports": reports_of(proposal),
        "form": form if may_report(user, proposal) else None,
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/outcomes/report.html", shown, status=status)


@require_safe
@login_required
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """How a greenlit proposal goes, as a part of its page."""
    one = _one(pk)
    shown = {"one": one, "may_report": may_report(signed_in(request), one.standing.proposal)}
    return render(request, "scoring/outcomes/_part.html", shown)


@require_safe
@login_required
def due(request: HttpRequest) -> HttpResponse:
    """What the person is asked after a decision, as a part of the first page."""
    user = signed_in(request)
    shown = {
        "prepared": prepared_for(user),
        "conditions": open_conditions().filter(owner=user),
        "held": held_until_now() if user.is_leader else [],
        "due": reports_due(user),
    }
    return render(request, "scoring/outcomes/_due.html", shown)


@require_POST
@login_required
def learn(request: HttpRequest) -> HttpResponse:
    """Put what outcomes teach into a draft of the framework."""
    try:
        draft_lessons(actor=signed_in(request), progress=progress_of(standings(greenlit())))
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("outcomes")
    messages.success(request, "Drafted. Look at what it would move, then let the panel vote.")
    return redirect("admin:framework")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring_in(request: HttpRequest) -> HttpResponse:
    return answer(request, signed_in(request), REPORTS)


@require_safe
@login_required
def outcomes_file(_request: HttpRequest) -> HttpResponse:
    """Every greenlit proposal with its newest report, as CSV."""
    rows = []
    for one in progress_of(standings(greenlit())):
        proposal, last = one.standing.proposal, one.report
        said = [getattr(last, name, None) for name in COLUMNS[1:]]
        shown = (proposal.title, decided_on(one.standing.decision), proposal.cycle.currency)
        rows.append([proposal.reference, *said, *shown, one.promised, one.on_course])
    return csv_file("outcomes", [*COLUMNS, *SHOWN_ONLY], rows)


@require_safe
@login_required
def tracker_file(_request: HttpRequest, kind: str) -> HttpResponse:
    """What is greenlit and in no tracker yet, with the columns that one imports."""
    if kind not in TRACKERS:
        raise Http404
    head, row = TRACKERS[kind]
    return csv_file(f"greenlit-for-{kind}", head, [row(one) for one in not_in_tracker()])


def _one(pk: int) -> Progress:
    found = standings(greenlit().filter(pk=pk))
    if not found:
        raise Http404
    return progress_of(found)[0]


def _last(one: Progress) -> dict[str, Any]:
    """What a further report begins with: the last one, as of today."""
    known = one.report
    names = ("state", "spent", "brought", "finish")
    said = {name: getattr(known, name) for name in names} if known else {}
    return said | {"as_of": timezone.localdate(), "link": one.standing.link}


def _open_to(user: User, progress: Sequence[Progress]) -> list[Progress]:
    """Those decided on a run that the person may see the scores of."""
    asked = {one.standing.decision.run_id for one in progress}
    runs = open_to(user, RankingRun.objects.filter(pk__in=asked))
    seen = set(runs.values_list("pk", flat=True))
    return [one for one in progress if one.standing.decision.run_id in seen]


def _states(progress: Sequence[Progress]) -> list[tuple[str, int]]:
    """How many stand how, in words; what nobody has reported on comes last."""
    counts = Counter(one.state for one in progress)
    found = [(str(label).lower(), counts[value]) for value, label in Report.State.choices]
    return [row for row in (*found, ("not reported yet", counts[""])) if row[1]]


def _promised(proposals: Sequence[Proposal]) -> dict[int, list[tuple[Commitment, str]]]:
    """Proposal -> the KPIs it promised to move, each with "reached", "missed" or "open"."""
    rows = list(Commitment.objects.filter(proposal__in=proposals).select_related("kpi", "proposal"))
    courses = courses_of(row.kpi for row in rows)
    found: dict[int, list[tuple[Commitment, str]]] = {}
    for row in rows:
        found.setdefault(row.proposal_id, []).append((row, row.standing(courses[row.kpi_id])))
    return found


def _kept(promised: Sequence[tuple[Commitment, str]]) -> list[Kept]:
    counts = Counter((row.answers, standing) for row, standing in promised)
    found = [
        Kept(str(label), *(counts[value, standing] for standing in ("reached", "missed", "open")))
        for value, label in Commitment.Answers.choices
    ]
    return [row for row in found if row.reached or row.missed or row.open]
