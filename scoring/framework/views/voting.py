"""The vote on a change of the framework: the chair opens it, each member casts one ballot."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from projects.people.requests import signed_in
from projects.requests import number_from
from scoring.framework.models import Ballot
from scoring.framework.selectors import (
    comments_on,
    draft_version,
    judged_cycle,
    last_vote,
    published_version,
)
from scoring.framework.services.comments import comment_on_draft
from scoring.framework.services.votes import (
    cast_ballot,
    take_back_vote,
    tally_of,
)
from scoring.framework.views.curation import Beside, Refused, open_draft, sentences
from scoring.panel.selectors import is_panelist, may_see_drafts


def vote(request: HttpRequest, *, beside: Beside) -> HttpResponse:
    """What the panel votes on: the difference to the version in force, and who has voted."""
    user = signed_in(request)
    if not may_see_drafts(user):
        raise PermissionDenied("Only the panel sees a vote.")
    draft, current = draft_version(), published_version()
    if draft is None or current is None:
        return render(request, "scoring/framework/vote_none.html", {"last": last_vote()})
    tally = tally_of(draft)
    own = next((ballot for ballot in tally.cast if ballot.member_id == user.pk), None)
    errors: list[str] = []
    if request.method == "POST":
        try:
            cast_ballot(
                actor=user,
                version=draft,
                text=number_from(request, "text"),
                choice=request.POST.get("choice", ""),
                reason=request.POST.get("reason", ""),
            )
        except Refused as error:
            errors = sentences(error)
        else:
            messages.success(request, "Your ballot is cast.")
            return redirect("admin:framework-vote")
    shown = {
        "draft": draft,
        "tally": tally,
        "own": own,
        "comments": comments_on(draft),
        "last": None if draft.is_voted_on else last_vote(),
        "judged_cycle": judged_cycle(),
        "may_vote": draft.is_voted_on and own is None and is_panelist(user),
        "choices": Ballot.Choice.choices,
        "typed": request.POST if errors else {},
        "errors": errors,
        **beside(user, draft),
    }
    status = 422 if errors else 200
    return render(request, "scoring/framework/vote.html", shown, status=status)


@require_POST
def comment(request: HttpRequest) -> HttpResponse:
    """Say something to the draft, before the vote or during it."""
    try:
        comment_on_draft(
            actor=signed_in(request),
            version=open_draft(),
            text=request.POST.get("text", ""),
            clause=request.POST.get("clause", ""),
        )
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
    else:
        messages.success(request, "Your comment is there.")
    return redirect("admin:framework-vote")


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    try:
        take_back_vote(actor=signed_in(request), version=open_draft())
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
    else:
        messages.success(request, "The vote is taken back. The draft can be changed again.")
    return redirect("admin:framework")
