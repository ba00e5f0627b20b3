from django.urls import path

from projects.insights import views

urlpatterns = [
    path("research/", views.questions, name="research"),
    path("research/new/", views.ask, name="research-new"),
    path("research/known/", views.known, name="research-known"),
    path("research/<int:pk>/", views.question, name="research-request"),
    path("research/<int:pk>/plan/", views.plan, name="research-plan"),
    path("research/<int:pk>/answer/", views.answer, name="research-answer"),
]
