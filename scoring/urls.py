"""Routes of the pages, and of the panel's and the curator's screens inside the admin."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from scoring.backlog.views import backlog, comparison, drivers, home, proposals, saved_views
from scoring.backlog.views import charts as pictures
from scoring.exports import views as exports
from scoring.framework.views import curation
from scoring.framework.views import reading as framework
from scoring.ranking import views as runs
from scoring.scorecards import views as panel
from scoring.what_if import views as what_if

View = Callable[..., Any]

urlpatterns = [
    path("", home.home, name="home"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/figures/", proposals.figures, name="proposal-figures"),
    path("backlog/", backlog.backlog, name="backlog"),
    path("backlog/picture/", pictures.moved, name="backlog-picture"),
    path("backlog/pictures/", pictures.picture, name="backlog-pictures"),
    path("backlog/pictures/<slug:kind>/", pictures.picture, name="backlog-picture-of"),
    path("backlog/pictures/<slug:kind>.svg", pictures.download, name="backlog-picture-file"),
    path("backlog/export/<slug:kind>/", exports.export, name="backlog-export"),
    path("backlog/what-if/", what_if.what_if, name="what-if"),
    path("backlog/what-if/keep/", what_if.keep, name="scenario-keep"),
    path("backlog/what-if/<int:pk>/remove/", what_if.remove, name="scenario-remove"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:pk>/", exports.export_job, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
    path("backlog/views/", saved_views.save, name="view-save"),
    path("backlog/views/<int:pk>/remove/", saved_views.remove, name="view-remove"),
    path("backlog/<int:pk>/", backlog.why, name="backlog-why"),
    path("backlog/<int:pk>/drivers.svg", drivers.download, name="backlog-drivers-file"),
    path("backlog/<int:pk>/decide/", backlog.decision, name="decision"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", runs.run_new, name="run-new"),
    path("runs/compare/", comparison.compare, name="runs-compare"),
    path("runs/compare.svg", comparison.download, name="runs-compare-file"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", runs.run_cancel, name="run-cancel"),
    path("framework/", framework.framework, name="framework"),
]


def panel_urls(wrap: Callable[[View], View]) -> list[URLPattern]:
    """The screens as routes; ``wrap`` is the admin site's own door (``admin_view``)."""
    return [
        path("score/<int:pk>/", wrap(panel.score), name="score"),
        path("score/<int:pk>/recuse/", wrap(panel.step_back), name="recuse"),
        path("framework/", wrap(curation.overview), name="framework"),
        path("framework/start/", wrap(curation.start), name="framework-start"),
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
