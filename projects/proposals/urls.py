from django.urls import path

from projects.proposals.views import edit, insights, links, promises, proposals, room, segments

urlpatterns = [
    path("customers/", room.room, name="customers"),
    path("promises/", promises.promises, name="promises"),
    path("promises/new/", promises.add, name="promise-new"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("promises/<int:pk>/agree/", promises.agree, name="promise-agree"),
    path("promises/<int:pk>/hand-over/", promises.hand_over, name="promise-hand-over"),
    path("insights/", insights.insights, name="insights"),
    path("insights/new/", insights.add, name="insight-new"),
    path("insights/names/", insights.names, name="insight-names"),
    path("insights/insights.csv", insights.insights_file, name="insights-file"),
    path("insights/<int:pk>/", insights.insight, name="insight"),
    path("segments/", segments.segments, name="segments"),
    path("segments/<int:pk>/", segments.segment, name="segment"),
    path("segments/segments.csv", segments.segments_file, name="segments-file"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/overlaps/", proposals.overlaps, name="proposals-overlaps"),
    path("proposals/new/", edit.start, name="proposal-new"),
    path("proposals/<int:pk>/edit/<slug:step>/", edit.edit, name="proposal-edit"),
    path("proposals/<int:pk>/close/", proposals.close, name="proposal-close"),
    path("proposals/<int:pk>/links/", links.links, name="proposal-links"),
    path("proposals/links/<int:pk>/remove/", links.remove, name="link-remove"),
    path("proposals/<int:pk>/sign/", proposals.sign, name="proposal-sign"),
    path("proposals/<int:pk>/submit/", proposals.submit, name="proposal-submit"),
    path("proposals/<int:pk>/copy/", proposals.copy, name="proposal-copy"),
    path("proposals/<int:pk>/recall/", proposals.recall, name="proposal-recall"),
]
