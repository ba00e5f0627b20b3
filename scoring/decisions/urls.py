from django.urls import path

from scoring.decisions import views

urlpatterns = [
    path("backlog/plan/decide/", views.together, name="decide-together"),
    path("backlog/<int:pk>/decide/", views.decision, name="decision"),
]
