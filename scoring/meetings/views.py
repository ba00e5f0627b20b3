"""The meeting: the screen for all, the phone of each, and where the panel differs."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import qrcode
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from projects.errors import Conflict
from projects.people.models import User
from projects.proposals.models.proposals import Proposal
from projects.proposals.selectors import visible_to
from projects.requests import number_from
from scoring.framework.selectors import published_scales
from scoring.framework.views.curation import Refused, sentences
from scoring.meetings import services
from scoring.meetings.models import Meeting
from scoring.meetings.selectors.differences import differences as found_for
from scoring.meetings.selectors.meetings import current_meeting, stage_of, token_now
from scoring.panel.requests import panelist
from scoring.panel.selectors import is_curator, members

PAGE = 25
LISTED = 12
MINUTES = (1, 2, 3, 5)


@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """Proposals by criteria: how far apart the answers are, most worth talking about first."""
    user, version = panelist(request), published_scales()
    shown: dict[str, Any] = {"meeting": current_meeting(), "may_begin": is_curator(user)}
    if version is not None:
        found = found_for(user, version)
        page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
        shown |= {"found": found, "page_obj": page}
    return render(request, "scoring/meetings/differences.html", shown)


@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """What one member answers on, most of all on a phone."""
    user = panelist(request)
    shown = _answering(user, token_now(user, counts=False))
    return render(request, "scoring/meetings/meeting.html", shown)


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """What everybody in the room looks at, with what its leader does."""
    user = panelist(request)
    token, held = token_now(user, counts=True), current_meeting()
    if held is None or held.led_by_id != user.pk:
        return redirect("admin:meeting")
    address = request.build_absolute_uri(reverse("admin:meeting"))
    shown = _staging(user, held, token) | {
        "questions": _questions(user),
        "address": address,
        "code": _picture(address),
        "others": [member for member in members() if member.pk != user.pk],
    }
    return render(request, "scoring/meetings/screen.html", shown)


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """The part of either page that changes; nothing where it is what was seen last."""
    user, on_screen = panelist(request), "screen" in request.GET
    # Before what it stands for: what changes in between is then asked for again, and not missed.
    token = token_now(user, counts=on_screen)
    if request.GET.get("seen") == token:
        return HttpResponse(status=204)
    held = current_meeting()
    if on_screen and held is not None and held.led_by_id == user.pk:
        return render(request, "scoring/meetings/_stage.html", _staging(user, held, token))
    return render(request, "scoring/meetings/_answer.html", _answering(user, token))


@require_POST
def vote(request: HttpRequest) -> HttpResponse:
    """One tap: the answer in the open round."""
    user, refused = panelist(request), ""
    try:
        services.cast_vote(
            actor=user, round_id=number_from(request, "round"), level=number_from(request, "level")
        )
    except Refused as error:
        refused = " ".join(sentences(error))
    if getattr(request, "htmx", False):
        shown = _answering(user, token_now(user, counts=False)) | {"refused": refused}
        return render(request, "scoring/meetings/_answer.html", shown)
    if refused:
        messages.error(request, refused)
    return redirect("admin:meeting")


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    user = panelist(request)
    return _done(request, lambda: services.begin_meeting(actor=user))


@require_POST
def put_up(request: HttpRequest) -> HttpResponse:
    user = panelist(request)
    proposal = get_object_or_404(visible_to(user), pk=number_from(request, "proposal"))
    key = request.POST.get("criterion", "")
    return _done(
        request,
        lambda: services.put_up(actor=user, meeting=_held(), proposal=proposal, key=key),
    )


@require_POST
def begin_round(request: HttpRequest) -> HttpResponse:
    user, reason = panelist(request), request.POST.get("reason", "")
    asked = {
        name: number_from(request, name) if request.POST.get(name) else None
        for name in ("minutes", "proposed")
    }
    return _done(
        request,
        lambda: services.begin_round(actor=user, meeting=_held(), reason=reason, **asked),
    )


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    user = panelist(request)
    return _done(request, lambda: services.reveal(actor=user, meeting=_held()))


@require_POST
def hand_lead(request: HttpRequest) -> HttpResponse:
    user = panelist(request)
    to = get_object_or_404(User, pk=number_from(request, "to"))
    return _done(request, lambda: services.hand_lead(actor=user, meeting=_held(), to=to))


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    user = panelist(request)
    return _done(request, lambda: services.end_meeting(actor=user, meeting=_held()))


def _done(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    """Do it, say what was refused, and look at the screen again, or at one's own page."""
    try:
        act()
    except Refused as error:
        for sentence in sentences(error):
            messages.error(request, sentence)
    return redirect("admin:meeting-screen")


def _held() -> Meeting:
    held = current_meeting()
    if held is None:
        raise Conflict("The panel is not meeting.")
    return held


def _answering(user: User, token: str) -> dict[str, Any]:
    held = current_meeting()
    leads = held is not None and held.led_by_id == user.pk
    return {
        "meeting": held,
        "stage": stage_of(held, user) if held else None,
        "token": token,
        "leads": leads,
        "may_begin": held is None and is_curator(user),
        "may_take_lead": held is not None and not leads and is_curator(user),
    }


def _staging(user: User, held: Meeting, token: str) -> dict[str, Any]:
    stage = stage_of(held, user)
    return {"meeting": held, "stage": stage, "token": token, "minutes": MINUTES}


def _questions(user: User) -> list[tuple[Proposal, Any]]:
    version = published_scales()
    return found_for(user, version).questions[:LISTED] if version is not None else []


def _picture(address: str) -> SafeString:
    """The address as a QR code, as a part of the page.

    Safe: drawn by the library, of the address only dots are in it.
    """
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=1).save(drawn)
    return SafeString(drawn.getvalue().decode().partition("?>")[2])
