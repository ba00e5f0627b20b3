from django.urls import path

from projects.imports import views

urlpatterns = [path("people/import/", views.people, name="people-import")]
