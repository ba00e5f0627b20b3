from django.urls import path

from scoring.portfolio import views

urlpatterns = [
    path("backlog/plan/", views.plan, name="plan"),
    path("backlog/plan/costs/", views.costs, name="plan-costs"),
    path("backlog/plan/adopt/", views.adopt, name="plan-adopt"),
]
