from django.urls import path

from scoring.outcomes import views

urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/due/", views.due, name="reports-due"),
    path("outcomes/import/", views.bring_in, name="reports-import"),
    path("outcomes/learn/", views.learn, name="outcomes-learn"),
    path("outcomes/outcomes.csv", views.outcomes_file, name="outcomes-file"),
    path("outcomes/for-<slug:kind>.csv", views.tracker_file, name="tracker-file"),
    path("proposals/<int:pk>/progress/", views.report, name="report"),
    path("proposals/<int:pk>/progress/part/", views.part, name="report-part"),
]
