from django.urls import path

from scoring.forecast import views

urlpatterns = [
    path("segments/cohort/", views.cohort, name="cohort"),
    path("insights/test/", views.two_groups, name="insight-test"),
]
