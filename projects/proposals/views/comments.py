"""Talking about a proposal."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projects.errors import Conflict
from projects.people.requests import signed_in
from projects.proposals.forms import CommentForm
from projects.proposals.models.comments import Comment
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import comments_for, visible_to
from projects.proposals.services import add_comment, reply, resolve


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment on a part of a proposal, or a question to somebody."""
    user = signed_in(request)
    proposal = get_object_or_404(visible_to(user), pk=pk)
    initial = {"part": request.GET.get("part", "")}
    form = CommentForm(request.POST or None, proposal=proposal, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_comment(actor=user, comment=form.instance)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(None if name == "__all__" else name, texts)
        else:
            return _back(made)
    is_private = proposal.status in Proposal.PRIVATE
    shown = {"proposal": proposal, "form": form, "is_private": is_private}
    status = 422 if form.errors else 200
    return render(request, "projects/proposals/comment.html", shown, status=status)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    thread = _thread(request, pk)
    try:
        reply(actor=signed_in(request), thread=thread, text=request.POST.get("text", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as error:
        messages.error(request, str(error))
    return _back(thread)


@require_POST
@login_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    thread = _thread(request, pk)
    try:
        resolve(actor=signed_in(request), thread=thread)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Resolved.")
    return _back(thread)


def _thread(request: HttpRequest, pk: int) -> Comment:
    return get_object_or_404(comments_for(signed_in(request)).filter(thread=None), pk=pk)


def _back(comment: Comment) -> HttpResponse:
    page = redirect("proposal", pk=comment.proposal_id)
    page["Location"] += f"#comment-{comment.pk}"
    return page
