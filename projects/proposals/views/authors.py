"""Who writes along."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projects.errors import Conflict
from projects.people.requests import signed_in
from projects.proposals.forms import AuthorForm
from projects.proposals.selectors import authors_among, visible_to
from projects.proposals.services import add_author, end_author


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def authors(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    if not (user.is_superuser or proposal.is_owner(user.pk)):
        raise PermissionDenied("Only the two owners say who writes along.")
    form = AuthorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_author(actor=user, proposal=proposal, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.person} can write along now.")
            return redirect("proposal-authors", pk=pk)
    shown = {
        "proposal": proposal,
        "form": form,
        "authors": authors_among(user).filter(proposal=proposal),
    }
    status = 422 if form.errors else 200
    return render(request, "projects/proposals/authors.html", shown, status=status)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    author = get_object_or_404(authors_among(user), pk=pk)
    try:
        end_author(actor=user, author=author)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("proposals")
    if author.person == user:
        messages.success(request, f"You no longer write “{author.proposal.title}”.")
        return redirect("proposals")
    messages.success(request, f"{author.person} no longer writes along.")
    return redirect("proposal-authors", pk=author.proposal_id)
