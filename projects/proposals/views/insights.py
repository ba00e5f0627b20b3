"""What is known of customers, and which numbers rest on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from projects.csv_files import csv_file
from projects.customers.requests import keeper
from projects.customers.selectors import may_keep
from projects.insights.filters import InsightFilter
from projects.insights.forms import InsightForm
from projects.insights.models import Insight
from projects.insights.selectors import current_insights, insight_named
from projects.insights.services import record_insights
from projects.people.requests import signed_in
from projects.proposals.models.effects import CustomerEffect
from projects.proposals.models.lines import MoneyLine
from projects.proposals.selectors import visible_to

PAGE, SUGGESTED = 50, 20
COLUMNS = (
    "reference",
    "finding",
    "kind",
    "source",
    "sample",
    "gathered_on",
    "stage",
    "segment",
    "persona",
    "link",
)


@require_safe
@login_required
def insights(request: HttpRequest) -> HttpResponse:
    """Newest first, without those that a better one replaced."""
    chosen = InsightFilter(request.GET, queryset=current_insights(), request=request)
    shown = {
        "filter": chosen,
        "page_obj": Paginator(chosen.qs, PAGE).get_page(request.GET.get("page")),
        "may_keep": may_keep(signed_in(request)),
    }
    return render(request, "projects/insights/insights.html", shown)


@require_safe
@login_required
def insight(request: HttpRequest, pk: int) -> HttpResponse:
    known = Insight.objects.select_related("stage", "segment", "persona", "entered_by", "replaces")
    found = get_object_or_404(known, pk=pk)
    user = signed_in(request)
    within = {"insight": found, "proposal__in": visible_to(user)}
    money = MoneyLine.objects.filter(**within).select_related("proposal")
    effects = CustomerEffect.objects.filter(**within)
    shown = {
        "insight": found,
        "better": Insight.objects.filter(replaces=found).first(),
        "money": money.order_by("-proposal", "position"),
        "effects": effects.select_related("proposal", "stage", "segment").order_by("-proposal"),
        "may_keep": may_keep(user),
    }
    return render(request, "projects/insights/insight.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A new finding; with ``replaces`` in the address, a better one in the place of another."""
    user = keeper(request)
    replaced = insight_named(request.GET.get("replaces", ""))
    form = InsightForm(request.POST or None, initial=_initial(replaced) | _worked_out(request))
    if request.method == "POST" and form.is_valid():
        form.instance.replaces = replaced
        try:
            (kept,) = record_insights(actor=user, insights=[form.instance])
        except ValidationError as error:
            form.add_error(None, [text for texts in error.message_dict.values() for text in texts])
        else:
            messages.success(request, f"{kept.reference} is kept.")
            return redirect(kept)
    shown = {"form": form, "replaced": replaced}
    status = 422 if form.errors else 200
    return render(request, "projects/insights/add.html", shown, status=status)


@require_safe
@login_required
def names(request: HttpRequest) -> HttpResponse:
    """Suggestions for what is being typed, whatever its field is called."""
    typed = next(iter(request.GET.values()), "")
    found = InsightFilter({"q": typed}, queryset=current_insights()).qs[:SUGGESTED]
    return render(request, "projects/insights/_options.html", {"insights": found})


@require_safe
@login_required
def insights_file(request: HttpRequest) -> HttpResponse:
    """What the filters show, as CSV."""
    found = InsightFilter(request.GET, queryset=current_insights()).qs
    rows = ([getattr(one, name) for name in COLUMNS] for one in found)
    return csv_file("insights", COLUMNS, rows)


def _initial(replaced: Insight | None) -> dict[str, Any]:
    if replaced is None:
        return {"gathered_on": timezone.localdate()}
    return {name: getattr(replaced, name) for name in InsightForm.Meta.fields}


def _worked_out(request: HttpRequest) -> dict[str, str]:
    """What a page that worked something out hands on."""
    names = ("finding", "kind", "sample")
    return {name: request.GET[name] for name in names if name in request.GET}
