from django.urls import path

from scoring.what_if import views

urlpatterns = [
    path("backlog/what-if/", views.what_if, name="what-if"),
    path("backlog/what-if/any-weights/", views.whatever_the_weights, name="what-if-any-weights"),
    path("backlog/what-if/keep/", views.keep, name="scenario-keep"),
    path("backlog/what-if/<int:pk>/remove/", views.remove, name="scenario-remove"),
]
