"""What a proposal needs, what it goes or cannot go with, and what it becomes part of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projects.errors import Conflict
from projects.people.models import User
from projects.people.requests import signed_in
from projects.proposals.forms import LinkForm
from projects.proposals.models.links import Link
from projects.proposals.selectors import links_among, links_of, visible_to
from projects.proposals.services import agree, link_proposals, remove_link


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def links(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    if not (user.is_superuser or proposal.is_owner(user.pk)):
        raise PermissionDenied("Only the two owners say what a proposal is tied to.")
    readable = visible_to(user).filter(cycle=proposal.cycle_id)
    initial = {"other": request.GET.get("other", "")}
    form = LinkForm(request.POST or None, initial=initial, readable=readable)
    if request.method == "POST" and form.is_valid():
        try:
            made = link_proposals(actor=user, proposal=proposal, **form.cleaned_data)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name, texts)
        else:
            messages.success(request, f"Asked: {made}." if made.is_asked else f"{made}.")
            return redirect("proposal", pk=pk)
    shown = {"proposal": proposal, "form": form, "links": links_of(proposal, user)}
    status = 422 if form.errors else 200
    return render(request, "projects/proposals/links.html", shown, status=status)


@require_POST
@login_required
def yes(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a merge."""
    user = signed_in(request)
    link = get_object_or_404(links_among(user), pk=pk)
    try:
        link = agree(actor=user, link=link)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        waits = ", ".join(map(str, link.awaited))
        done = f"{link.proposal.reference} is part of {link.other.reference} now."
        messages.success(request, f"You agreed. Still asked: {waits}." if waits else done)
    return _back(link, user)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    link = get_object_or_404(links_among(user), pk=pk)
    try:
        remove_link(actor=user, link=link)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Removed: {link}.")
    return _back(link, user)


def _back(link: Link, user: User) -> HttpResponse:
    """To the one of the two that is the person's own."""
    mine = link.proposal if link.proposal.is_owner(user.pk) else link.other
    return redirect("proposal", pk=mine.pk)
