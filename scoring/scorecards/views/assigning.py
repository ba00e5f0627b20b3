"""Who judges what: the chair spreads the work, and sees how far it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.people.models import User
from projects.people.requests import signed_in
from projects.requests import number_from, numbers_from
from scoring.framework.views.curation import Refused, sentences
from scoring.panel.selectors import conflicted, may_assign, members
from scoring.scorecards.selectors.assignments import (
    Judges,
    judges_of,
    least_judged,
    loads,
    open_proposals,
    recused,
)
from scoring.scorecards.services import hand_over, may_bring, set_judges, spread_judges
from scoring.scorecards.services.assigning import Spread

PAGE = 50
USUAL = 3
SHORT = (
    "{short} more could not be placed: nobody without a part in the proposal is left. Give "
    "somebody of another team a seat."
)
APART = (
    "The proposals fall into {groups} sets that share no judge, so mild and strict judges cannot "
    "be told from good and bad proposals."
)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Open proposals with their judges, fewest judgements first; members with their load."""
    user = _chair(request)
    page = Paginator(least_judged(open_proposals()), PAGE).get_page(request.GET.get("page"))
    shown = {
        "page_obj": page,
        "rows": judges_of(list(page)),
        "loads": loads(),
        "usual": USUAL,
        "may_bring": may_bring(user),
    }
    return render(request, "scoring/scorecards/assignments.html", shown)


@require_POST
def spread(request: HttpRequest) -> HttpResponse:
    """Find judges for what lacks some."""
    user, each = _chair(request), number_from(request, "each")
    return _told(request, lambda: spread_judges(actor=user, each=each))


@require_POST
def give_away(request: HttpRequest) -> HttpResponse:
    """Find others for what a member does not get to."""
    user = _chair(request)
    member = get_object_or_404(User, pk=number_from(request, "member"))
    return _told(request, lambda: hand_over(actor=user, member=member))


def _told(request: HttpRequest, act: Callable[[], Spread]) -> HttpResponse:
    """Do it, and say what came of it."""
    try:
        found = act()
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
        return redirect("admin:assignments")
    plural = "" if found.asked == 1 else "s"
    messages.success(request, f"{found.asked} judgement{plural} asked for.")
    if found.short:
        messages.warning(request, SHORT.format(short=found.short))
    if found.groups > 1:
        messages.warning(request, APART.format(groups=found.groups))
    return redirect("admin:assignments")


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """The judges of one proposal."""
    user = _chair(request)
    proposal = get_object_or_404(open_proposals(), pk=pk)
    [found] = judges_of([proposal])
    chosen = {judge.pk for judge, _ in found.judges} if found.assigned else set()
    errors: list[str] = []
    if request.method == "POST":
        chosen = set(numbers_from(request, "judge"))
        try:
            set_judges(actor=user, proposal=proposal, judges=chosen)
        except Refused as error:
            errors = sentences(error)
        else:
            messages.success(request, f"The judges of “{proposal.title}” are set.")
            return redirect("admin:assignments")
    shown = {
        "proposal": proposal,
        "errors": errors,
        "lines": _lines(found, chosen),
    }
    status = 422 if errors else 200
    return render(request, "scoring/scorecards/judges.html", shown, status=status)


def _lines(found: Judges, chosen: set[int]) -> list[dict[str, Any]]:
    """Every member of the panel: whether they judge it, or cannot."""
    panel = members()
    done = {judge.pk for judge, is_in in found.judges if is_in}
    closed = conflicted(panel, found.proposal) | {pk for _, pk in recused([found.proposal])}
    return [
        {
            "member": member,
            "chosen": member.pk in chosen,
            "given": member.pk in done,
            "may": member.pk not in closed,
        }
        for member in panel
    ]


def _chair(request: HttpRequest) -> User:
    user = signed_in(request)
    if not may_assign(user):
        raise PermissionDenied("Only the panel's chair says who judges what.")
    return user
