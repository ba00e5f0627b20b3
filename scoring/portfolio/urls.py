from django.urls import path

from scoring.portfolio.views import compare, plan

urlpatterns = [
    path("backlog/plan/", plan.plan, name="plan"),
    path("backlog/plan/costs/", plan.costs, name="plan-costs"),
    path("backlog/plan/adopt/", plan.adopt, name="plan-adopt"),
    path("backlog/plan/compare/", compare.compare, name="plan-compare"),
]
