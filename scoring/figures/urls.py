from django.urls import path

from scoring.figures import views

urlpatterns = [path("figures/<str:key>/<slug:name>.csv", views.table, name="figures-file")]
