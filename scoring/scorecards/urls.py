from django.urls import path

from scoring.scorecards.views import leaving

urlpatterns = [path("people/<int:pk>/off/", leaving.person_off, name="person-off")]
