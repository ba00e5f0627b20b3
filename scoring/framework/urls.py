from django.urls import path

from scoring.framework.views import reading

urlpatterns = [
    path("framework/", reading.framework, name="framework"),
]
