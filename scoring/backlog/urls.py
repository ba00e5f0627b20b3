from django.urls import path

from scoring.backlog.views import (
    backlog,
    charts,
    comparison,
    drivers,
    home,
    proposals,
    revisions,
    saved_views,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/figures/", proposals.figures, name="proposal-figures"),
    path("proposals/<int:pk>/revisions/", revisions.revisions, name="proposal-revisions"),
    path("backlog/", backlog.backlog, name="backlog"),
    path("backlog/charts/", charts.chart, name="backlog-charts"),
    path("backlog/charts/<slug:kind>/", charts.chart, name="backlog-chart"),
    path("backlog/charts/<slug:kind>.svg", charts.download, name="backlog-chart-file"),
    path("backlog/views/", saved_views.save, name="view-save"),
    path("backlog/views/<int:pk>/remove/", saved_views.remove, name="view-remove"),
    path("backlog/<int:pk>/", backlog.why, name="backlog-why"),
    path("backlog/<int:pk>/drivers.svg", drivers.download, name="backlog-drivers-file"),
    path("runs/compare/", comparison.compare, name="runs-compare"),
    path("runs/compare.svg", comparison.download, name="runs-compare-file"),
]
