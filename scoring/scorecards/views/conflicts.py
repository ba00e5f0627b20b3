"""Conflicts of interest: one's own to declare and end; the panel's for the chair to read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projects.people.models import Function, Team, User
from projects.people.requests import signed_in
from projects.requests import MOST_DIGITS
from scoring.framework.views.curation import Refused, sentences
from scoring.panel.models import DeclaredConflict
from scoring.panel.selectors import conflicts_for, is_panelist
from scoring.scorecards.services import declare_conflict, end_conflict

PROPOSING = (Function.MARKETING, Function.CX)


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    user, errors = signed_in(request), list[str]()
    ties = conflicts_for(user)
    if request.method == "POST":
        try:
            tie = declare_conflict(
                actor=user, reason=request.POST.get("reason", ""), **_subject(request)
            )
        except Refused as error:
            errors = sentences(error)
        else:
            messages.success(request, f"Your tie to {tie.subject} is declared.")
            return redirect("admin:conflicts")
    shown = {
        "own": ties.filter(user=user),
        "others": ties.exclude(user=user),
        "member": is_panelist(user),
        "choices": _choices(user),
        "typed": request.POST if errors else {},
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "scoring/scorecards/conflicts.html", shown, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    tie = get_object_or_404(DeclaredConflict, user=user, pk=pk)
    try:
        end_conflict(actor=user, tie=tie)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Your tie to {tie.subject} has ended.")
    return redirect("admin:conflicts")


def _choices(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a proposal can belong to, as (value, name) by kind."""
    people = User.objects.filter(is_active=True, team__function__in=PROPOSING).exclude(pk=user.pk)
    teams = Team.objects.filter(function__in=PROPOSING).order_by("name")
    named = people.order_by("last_name", "first_name", "pk")
    return [
        ("People", [(f"person-{person.pk}", str(person)) for person in named]),
        ("Teams", [(f"team-{team.pk}", str(team)) for team in teams]),
    ]


def _subject(request: HttpRequest) -> dict[str, Any]:
    """The person or team that was chosen, as the service takes it; nothing for what is neither."""
    kind, _, number = request.POST.get("subject", "").partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > MOST_DIGITS:
        return {}
    if kind == "person":
        return {"person": User.objects.filter(pk=number).first()}
    return {"team": Team.objects.filter(pk=number).first()} if kind == "team" else {}
