from django.urls import path

from scoring.decisions import views

urlpatterns = [
    path("backlog/plan/decide/", views.together, name="decide-together"),
    path("decisions/<int:pk>/letter/", views.letter, name="decision-letter"),
    path("decisions/conditions/<int:pk>/meet/", views.meet, name="condition-meet"),
    path("backlog/<int:pk>/decide/", views.decision, name="decision"),
]
