"""Routes of the panel's and the curator's screens inside the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from scoring.admin import framework, scoring

View = Callable[..., Any]


def panel_urls(wrap: Callable[[View], View]) -> list[URLPattern]:
    """The screens as routes; ``wrap`` is the admin site's own door (``admin_view``)."""
    return [
        path("score/<int:pk>/", wrap(scoring.score), name="score"),
        path("score/<int:pk>/recuse/", wrap(scoring.step_back), name="recuse"),
        path("framework/", wrap(framework.overview), name="framework"),
        path("framework/start/", wrap(framework.start), name="framework-start"),
        path("framework/publish/", wrap(framework.publish), name="framework-publish"),
        path("framework/discard/", wrap(framework.discard), name="framework-discard"),
        path("framework/dimension/", wrap(framework.dimension), name="framework-dimension"),
        path("framework/criterion/new/", wrap(framework.criterion), name="framework-new-criterion"),
        path(
            "framework/criterion/<slug:key>/",
            wrap(framework.criterion),
            name="framework-criterion",
        ),
        path(
            "framework/criterion/<slug:key>/remove/",
            wrap(framework.remove_criterion),
            name="framework-remove-criterion",
        ),
    ]
