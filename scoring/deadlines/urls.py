from django.urls import path

from scoring.deadlines import views

urlpatterns = [path("calendar/<str:key>.ics", views.calendar, name="calendar-feed")]
