"""Routes of the pages, and of the panel's and the curator's screens inside the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, include, path

from scoring.framework.views import curation, voting, weighing
from scoring.meetings.urls import meeting_urls
from scoring.scorecards.views import assigning, conflicts, grid, judgements, panel
from scoring.what_if import views as what_if

View = Callable[..., Any]

urlpatterns = [
    path("", include("scoring.panel.urls")),
    path("", include("scoring.framework.urls")),
    path("", include("scoring.scorecards.urls")),
    path("", include("scoring.ranking.urls")),
    path("", include("scoring.forecast.urls")),
    path("", include("scoring.backlog.urls")),
    path("", include("scoring.what_if.urls")),
    path("", include("scoring.portfolio.urls")),
    path("", include("scoring.decisions.urls")),
    path("", include("scoring.outcomes.urls")),
    path("", include("scoring.deadlines.urls")),
    path("", include("scoring.exports.urls")),
    path("", include("scoring.figures.urls")),
]


def panel_urls(wrap: Callable[[View], View]) -> list[URLPattern]:
    """The screens as routes; ``wrap`` is the admin site's own door (``admin_view``)."""
    return [
        *meeting_urls(wrap),
        path("score/<int:pk>/", wrap(panel.score), name="score"),
        path("score/<int:pk>/recuse/", wrap(panel.step_back), name="recuse"),
        path("grid/", wrap(grid.grid), name="grid"),
        path("score/<int:pk>/ask/", wrap(panel.ask_about), name="score-ask"),
        path(
            "score/<int:pk>/questions/<int:question>/",
            wrap(panel.answer_question),
            name="score-answer",
        ),
        path("assignments/", wrap(assigning.overview), name="assignments"),
        path("assignments/spread/", wrap(assigning.spread), name="assignments-spread"),
        path("assignments/hand-over/", wrap(assigning.give_away), name="assignments-hand-over"),
        path("assignments/<int:pk>/", wrap(assigning.by_hand), name="judges"),
        path("conflicts/", wrap(conflicts.conflicts), name="conflicts"),
        path("conflicts/<int:pk>/end/", wrap(conflicts.end), name="conflict-end"),
        path("judgements/", wrap(judgements.judgements), name="judgements"),
        path("framework/", wrap(what_if.draft), name="framework"),
        path("framework/ready/", wrap(curation.ready), name="framework-ready"),
        path("framework/ready/<slug:key>/", wrap(curation.ready_one), name="framework-ready-one"),
        path("framework/start/", wrap(curation.start), name="framework-start"),
        path("framework/weights/", wrap(weighing.overview), name="framework-weights"),
        path("framework/weights/ask/", wrap(weighing.ask), name="framework-weights-ask"),
        path("framework/weights/take/", wrap(weighing.take), name="framework-weights-take"),
        path("framework/weigh/", wrap(weighing.weigh_group), name="framework-weigh"),
        path("framework/weigh/<slug:key>/", wrap(weighing.weigh_group), name="framework-weigh-in"),
        path("framework/vote/", wrap(what_if.vote), name="framework-vote"),
        path("framework/comment/", wrap(voting.comment), name="framework-comment"),
        path("framework/vote/back/", wrap(voting.take_back), name="framework-vote-back"),
        path("framework/publish/", wrap(curation.publish), name="framework-publish"),
        path("framework/discard/", wrap(curation.discard), name="framework-discard"),
        path("framework/dimension/", wrap(curation.dimension), name="framework-dimension"),
        path("framework/criterion/", wrap(curation.criterion), name="framework-new-criterion"),
        path(
            "framework/criterion/<slug:key>/",
            wrap(curation.criterion),
            name="framework-criterion",
        ),
        path(
            "framework/criterion/<slug:key>/remove/",
            wrap(curation.remove_criterion),
            name="framework-remove-criterion",
        ),
    ]
