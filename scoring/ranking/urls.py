from django.urls import path

from scoring.ranking import views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.run_new, name="run-new"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/cancel/", views.run_cancel, name="run-cancel"),
]
