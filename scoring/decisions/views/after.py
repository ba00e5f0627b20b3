"""After a decision was written: its letter, its conditions, and the second leader's word."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.errors import Conflict, StaleVersion
from projects.people.requests import confirmed, signed_in
from scoring.decisions.models import Condition
from scoring.decisions.selectors import letters_for, may_second, prepared_to_see
from scoring.decisions.services import conditions_of, meet_condition, second, turn_down
from scoring.decisions.views.deciding import told


@require_safe
@login_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of a decision as its owners got it: for them, for who decided, and leaders."""
    found = get_object_or_404(letters_for(signed_in(request)), pk=pk)
    return render(request, "scoring/decisions/letter.html", {"decision": found})


@require_POST
@login_required
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a condition is met."""
    condition = get_object_or_404(Condition.objects.select_related("decision"), pk=pk)
    try:
        meet_condition(
            actor=signed_in(request), condition=condition, how=request.POST.get("how", "")
        )
    except (Conflict, ValidationError) as error:
        texts = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(texts))
    else:
        messages.success(request, "The condition is met.")
    return redirect("proposal", pk=condition.decision.proposal_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_look(request: HttpRequest, pk: int) -> HttpResponse:
    """What a leader prepared, for the one who agrees to it or turns it down."""
    user = signed_in(request)
    if not user.is_leader:
        raise PermissionDenied("Only leaders decide on the backlog.")
    waiting = get_object_or_404(prepared_to_see(user), pk=pk)
    because, errors = request.POST.get("because", ""), list[str]()
    if request.method == "POST":
        try:
            if "agree" in request.POST:
                confirmed(request)
                made = second(actor=user, waiting=waiting)
                messages.success(request, told(made))
            else:
                turn_down(actor=user, waiting=waiting, because=because)
                messages.success(request, "Turned down. Nothing is decided.")
            return redirect("proposal", pk=waiting.proposal_id)
        except ValidationError as error:
            errors = error.messages
        except (Conflict, StaleVersion) as error:
            errors = [str(error)]
    shown = {
        "waiting": waiting,
        "conditions": conditions_of(waiting),
        "result": waiting.run.results.filter(proposal=waiting.proposal_id).first(),
        "may_agree": may_second(user, waiting),
        "because": because,
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "scoring/decisions/second.html", shown, status=status)
