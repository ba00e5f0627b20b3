"""The site with leaks planted in it, to prove that the policy test finds each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from prioritizer.urls import urlpatterns as real
from projects.audit.services import record
from projects.models import Proposal
from scoring.models import RankedProposal, Scorecard


@require_safe
@login_required
def ignores_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Proposal, pk=pk).problem)


@require_safe
@login_required
def lists_everything(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(Proposal.objects.values_list("title", flat=True)))


@require_safe
@login_required
def shows_standings(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(RankedProposal.objects.values_list("title", flat=True)))


@require_safe
@login_required
def shows_comments(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(Scorecard.objects.values_list("comment", flat=True)))


@require_safe
def forgets_the_door(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Come in.")


@login_required
def takes_any_method(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Yes.")


@require_safe
@login_required
def writes_when_read(request: HttpRequest) -> HttpResponse:
    record(actor=None, action="planted", subject="nothing:1")
    return HttpResponse("Done.")


def extra(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Nobody asked for this.")


urlpatterns = [
    path("proposals/<int:pk>/", ignores_visibility, name="proposal"),
    path("proposals/", lists_everything, name="proposals"),
    path("backlog/", shows_standings, name="backlog"),
    path("framework/", shows_comments, name="framework"),
    path("", forgets_the_door, name="home"),
    path("runs/", takes_any_method, name="runs"),
    path("notifications/", writes_when_read, name="notifications"),
    path("extra/", extra, name="extra"),
    *real,
]
