from django.urls import path

from scoring.backlog.views import backlog, charts, comparison, drivers, home, proposals, saved_views

urlpatterns = [
    path("", home.home, name="home"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/figures/", proposals.figures, name="proposal-figures"),
    path("backlog/", backlog.backlog, name="backlog"),
    path("backlog/picture/", charts.moved, name="backlog-picture"),
    path("backlog/pictures/", charts.picture, name="backlog-pictures"),
    path("backlog/pictures/<slug:kind>/", charts.picture, name="backlog-picture-of"),
    path("backlog/pictures/<slug:kind>.svg", charts.download, name="backlog-picture-file"),
    path("backlog/views/", saved_views.save, name="view-save"),
    path("backlog/views/<int:pk>/remove/", saved_views.remove, name="view-remove"),
    path("backlog/<int:pk>/", backlog.why, name="backlog-why"),
    path("backlog/<int:pk>/drivers.svg", drivers.download, name="backlog-drivers-file"),
    path("runs/compare/", comparison.compare, name="runs-compare"),
    path("runs/compare.svg", comparison.download, name="runs-compare-file"),
]
