from django.urls import path

from scoring.views import backlog, exports, framework, home, proposals, runs

urlpatterns = [
    path("", home.home, name="home"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/figures/", proposals.figures, name="proposal-figures"),
    path("backlog/", backlog.backlog, name="backlog"),
    path("backlog/export/<slug:kind>/", exports.export, name="backlog-export"),
    path("backlog/<int:pk>/", backlog.why, name="backlog-why"),
    path("backlog/<int:pk>/decide/", backlog.decision, name="decision"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", runs.run_new, name="run-new"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("framework/", framework.framework, name="framework"),
]
