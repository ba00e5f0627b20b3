from django.urls import path

from scoring.decisions import views

urlpatterns = [
    path("backlog/<int:pk>/decide/", views.decision, name="decision"),
]
