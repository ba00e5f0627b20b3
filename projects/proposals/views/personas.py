"""Who customers are, and what is known of and done for the segments they stand for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.customers.forms import PersonaForm
from projects.customers.models import Persona
from projects.customers.requests import keeper
from projects.customers.selectors import current_personas, may_keep
from projects.customers.services import keep_persona
from projects.insights.selectors import known_of
from projects.people.requests import signed_in
from projects.proposals.selectors import visible_to
from projects.requests import whole_number

SHOWN = 10


@require_safe
@login_required
def personas(request: HttpRequest) -> HttpResponse:
    shown = {"personas": current_personas(), "may_keep": may_keep(signed_in(request))}
    return render(request, "projects/personas/personas.html", shown)


@require_safe
@login_required
def persona(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(
        Persona.objects.select_related("entered_by", "replaces").prefetch_related("segments"), pk=pk
    )
    segments = found.segments.all()
    proposals = visible_to(user).filter(effects__segment__in=segments)
    shown = {
        "persona": found,
        "newer": Persona.objects.filter(replaces=found).first(),
        "insights": known_of(found)[:SHOWN],
        "proposals": proposals.distinct().order_by("-pk")[:SHOWN],
        "may_keep": may_keep(user),
    }
    return render(request, "projects/personas/persona.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A new portrait; with ``replaces`` in the address, a newer one of the same persona."""
    user = keeper(request)
    replaced = current_personas().filter(pk=whole_number(request.GET.get("replaces", ""))).first()
    form = PersonaForm(request.POST or None, initial=_initial(replaced))
    if request.method == "POST" and form.is_valid():
        form.instance.replaces = replaced
        segments = form.cleaned_data["segments"]
        try:
            kept = keep_persona(actor=user, persona=form.instance, segments=segments)
        except ValidationError as error:
            form.add_error(None, [text for texts in error.message_dict.values() for text in texts])
        else:
            messages.success(request, f"“{kept}” is kept.")
            return redirect("persona", pk=kept.pk)
    shown = {"form": form, "replaced": replaced}
    status = 422 if form.errors else 200
    return render(request, "projects/personas/add.html", shown, status=status)


def _initial(replaced: Persona | None) -> dict[str, Any]:
    if replaced is None:
        return {}
    said = {name: getattr(replaced, name) for name in ("name", *Persona.TOLD, "buyer_facts")}
    return said | {"segments": replaced.segments.all()}
