from django.urls import path

from projects.customers import views

urlpatterns = [path("journey/usual/", views.usual_journey, name="journey-usual")]
