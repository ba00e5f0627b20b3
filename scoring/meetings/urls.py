"""Routes of a meeting, inside the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from scoring.meetings import views

View = Callable[..., Any]


def meeting_urls(wrap: Callable[[View], View]) -> list[URLPattern]:
    """``wrap`` is the admin site's own door."""
    return [
        path("differences/", wrap(views.differences), name="differences"),
        path("meeting/", wrap(views.meeting), name="meeting"),
        path("meeting/now/", wrap(views.now), name="meeting-now"),
        path("meeting/screen/", wrap(views.screen), name="meeting-screen"),
        path("meeting/begin/", wrap(views.begin), name="meeting-begin"),
        path("meeting/put-up/", wrap(views.put_up), name="meeting-put-up"),
        path("meeting/round/", wrap(views.begin_round), name="meeting-round"),
        path("meeting/vote/", wrap(views.vote), name="meeting-vote"),
        path("meeting/reveal/", wrap(views.reveal), name="meeting-reveal"),
        path("meeting/lead/", wrap(views.hand_lead), name="meeting-lead"),
        path("meeting/end/", wrap(views.end), name="meeting-end"),
    ]
