"""Saved views of the backlog: a name for a filter, reachable by its address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from projects.people.requests import signed_in
from scoring.backlog.filters import view_address
from scoring.backlog.models import SavedView
from scoring.backlog.services.saved_views import remove_view, save_view


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    query = view_address(QueryDict(request.POST.get("query", "")))
    try:
        view = save_view(actor=signed_in(request), name=request.POST.get("name", ""), query=query)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{view}” is kept. Its address can be shared.")
    return redirect(f"{reverse('backlog')}?{query}")


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    view = get_object_or_404(SavedView, pk=pk, owner=user)
    remove_view(actor=user, view=view)
    messages.success(request, f"The view “{view}” is removed.")
    return redirect("backlog")
