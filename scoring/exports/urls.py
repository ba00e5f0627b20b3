from django.urls import path

from scoring.exports import views

urlpatterns = [
    path("backlog/export/<slug:kind>/", views.export, name="backlog-export"),
    path("exports/", views.exports, name="exports"),
    path("exports/<int:pk>/", views.export_job, name="export"),
    path("exports/<int:pk>/file/", views.export_file, name="export-file"),
]
