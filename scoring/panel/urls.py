from django.urls import path

from scoring.panel import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/people.csv", views.people_file, name="people-file"),
]
