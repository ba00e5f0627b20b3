from django.urls import path

from scoring.scorecards.views import bringing, leaving

urlpatterns = [
    path("people/<int:pk>/off/", leaving.person_off, name="person-off"),
    path("judgements/import/", bringing.judgements, name="judgements-import"),
]
