"""All routes of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from prioritizer.views import healthz, readyz, unknown_address

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("prioritizer.api_urls")),
    re_path("^api/", unknown_address, name="api-unknown"),
    path("", include("projects.urls")),
    path("", include("scoring.urls")),
]

handler500 = "prioritizer.views.server_error"
