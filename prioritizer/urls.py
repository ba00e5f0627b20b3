"""All routes of the site."""

from django.contrib import admin
from django.urls import include, path

from prioritizer.views import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("prioritizer.api_urls")),
    path("", include("projects.urls")),
    path("", include("scoring.urls")),
]

handler500 = "prioritizer.views.server_error"
