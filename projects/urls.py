from django.urls import include, path

urlpatterns = [
    path("", include("projects.people.urls")),
    path("", include("projects.customers.urls")),
    path("", include("projects.imports.urls")),
    path("", include("projects.tokens.urls")),
    path("", include("projects.events.urls")),
    path("", include("projects.notices.urls")),
    path("", include("projects.insights.urls")),
    path("", include("projects.proposals.urls")),
]
