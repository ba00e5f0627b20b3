"""One measurement programme: every KPI from the first stage on, and what is promised on it."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.csv_files import csv_file
from projects.customers.requests import keeper
from projects.customers.selectors import may_keep
from projects.kpis.forms import KpiForm, ValueForm
from projects.kpis.models import Kpi, KpiValue
from projects.kpis.selectors import courses_of
from projects.kpis.services import add_kpi, record_value
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.models.commitments import Commitment
from projects.proposals.selectors import visible_to

WIDTH, HEIGHT, MARGIN = 160, 32, 3  # of a small course
COLUMNS = ("name", "definition", "unit", "better", "stage", "function", "source", "every")


@dataclass(frozen=True, slots=True)
class Course:
    """A KPI from its first value to its newest, as a line in a box; empty where it has none."""

    values: list[KpiValue]
    line: str

    @property
    def newest(self) -> KpiValue | None:
        return self.values[-1] if self.values else None

    @property
    def moved(self) -> Decimal | None:
        """From the first to the newest value."""
        return self.values[-1].value - self.values[0].value if self.values[1:] else None

    @classmethod
    def of(cls, values: list[KpiValue]) -> "Course":
        if not values[1:]:
            return cls(values, "")
        first, last = values[0].as_of.toordinal(), values[-1].as_of.toordinal()
        numbers = [float(row.value) for row in values]
        low, spread = min(numbers), (max(numbers) - min(numbers)) or 1.0
        points = [
            (
                MARGIN + (row.as_of.toordinal() - first) / (last - first) * (WIDTH - 2 * MARGIN),
                HEIGHT - MARGIN - (float(row.value) - low) / spread * (HEIGHT - 2 * MARGIN),
            )
            for row in values
        ]
        return cls(values, " ".join(f"{x:.1f},{y:.1f}" for x, y in points))


@dataclass(frozen=True, slots=True)
class Promised:
    """What a proposal committed to, and how that stands: "reached", "missed" or "open"."""

    row: Commitment
    standing: str


@require_safe
@login_required
def kpis(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    found = list(Kpi.objects.select_related("stage__owner"))
    courses = courses_of(found)
    promised = _promised(courses, user)
    shown = {
        "rows": [(kpi, Course.of(courses[kpi.pk]), promised.get(kpi.pk, [])) for kpi in found],
        "may_keep": may_keep(user),
    }
    return render(request, "projects/kpis/kpis.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """What it counts, how it went, what is promised on it; who keeps it adds a value."""
    user = signed_in(request)
    found = get_object_or_404(Kpi.objects.select_related("stage", "created_by"), pk=pk)
    form = ValueForm(request.POST or None, instance=KpiValue(kpi=found))
    if request.method == "POST":
        actor = keeper(request)
        if form.is_valid():
            record_value(actor=actor, value=form.instance)
            messages.success(request, "The value is kept.")
            return redirect(found)
    courses = courses_of([found])
    shown = {
        "kpi": found,
        "course": Course.of(courses[pk]),
        "promised": _promised(courses, user).get(pk, []),
        "form": form if may_keep(user) else None,
    }
    return render(request, "projects/kpis/kpi.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    user = keeper(request)
    form = KpiForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_kpi(actor=user, kpi=form.instance)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name, texts)
        else:
            messages.success(request, f"“{made}” is a KPI now.")
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "projects/kpis/add.html", {"form": form}, status=status)


@require_safe
@login_required
def kpis_file(_request: HttpRequest) -> HttpResponse:
    """Every value of every KPI, as CSV."""
    found = list(Kpi.objects.select_related("stage"))
    courses = courses_of(found)
    rows = []
    for one in found:
        said = [getattr(one, name) for name in COLUMNS]
        rows += [[*said, row.as_of, row.value] for row in courses[one.pk]] or [[*said, None, None]]
    return csv_file("kpis", [*COLUMNS, "as_of", "value"], rows)


def _promised(courses: dict[int, list[KpiValue]], user: User) -> dict[int, list[Promised]]:
    """KPI -> what proposals that the person sees committed to, the first due first."""
    rows = Commitment.objects.filter(kpi__in=courses, proposal__in=visible_to(user))
    found: dict[int, list[Promised]] = {}
    for row in rows.select_related("proposal", "kpi").order_by("due", "pk"):
        standing = row.standing(courses[row.kpi_id])
        found.setdefault(row.kpi_id, []).append(Promised(row, standing))
    return found
