from django.urls import path

from scoring.decisions.views import after, deciding

urlpatterns = [
    path("backlog/plan/decide/", deciding.together, name="decide-together"),
    path("decisions/<int:pk>/letter/", after.letter, name="decision-letter"),
    path("decisions/prepared/<int:pk>/", after.second_look, name="decision-second"),
    path("decisions/conditions/<int:pk>/meet/", after.meet, name="condition-meet"),
    path("backlog/<int:pk>/decide/", deciding.decision, name="decision"),
]
