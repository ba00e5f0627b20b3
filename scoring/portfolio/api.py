"""The plan through the API: the same ways and the same rules as its page."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.people.models import User
from scoring.panel.requests import explorer
from scoring.portfolio import serializers
from scoring.portfolio.forms import PlanForm
from scoring.portfolio.services import (
    Case,
    Layout,
    Mix,
    Torn,
    adopt_plan,
    adopted_plans,
    lay_out,
    prices_of,
    ways_of,
    worth_finding_out,
)
from scoring.ranking.models import RankingRun
from scoring.what_if.api import run_to_explore
from scoring.what_if.models import Scenario
from scoring.what_if.serializers import QuestionSerializer
from scoring.what_if.services import base_of, leave_out


class PlanViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Scenario]):
    """Plans of the current cycle, the one that stands first."""

    asking_actions = ("ask", "worth")
    queryset = Scenario.objects.none()
    serializer_class = serializers.PlanSerializer

    def get_queryset(self) -> QuerySet[Scenario]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return adopted_plans(explorer(self.request)).filter(cycle__is_current=True)

    @extend_schema(request=serializers.AdoptSerializer, responses={201: serializers.PlanSerializer})
    def create(self, request: Request) -> Response:
        """Adopt what the query asks for as the plan. Leaders only."""
        user = explorer(self.request)
        body = serializers.AdoptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        run, given = run_to_explore(user), body.validated_data
        form, case = _asked(run, user, given["query"])
        made = adopt_plan(
            actor=user,
            run=run,
            name=given["name"],
            query=form.address(),
            case=case,
            way=form.way_chosen,
            seen=given["seen"],
        )
        return Response(serializers.PlanSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=QuestionSerializer, responses=serializers.WaysSerializer)
    @action(detail=False, methods=["post"])
    def ask(self, request: Request) -> Response:
        """The budget spent three ways under rules that are not kept."""
        user = explorer(self.request)
        body = QuestionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        run = run_to_explore(user)
        _, case = _asked(run, user, body.validated_data["query"])
        layout = lay_out(case)
        ways = ways_of(run, layout)
        found: dict[str, Any] = {"torn": [], "listed": None, "best": None, "sure": None}
        shares: list[tuple[int, float]] = []
        if isinstance(ways, Torn):
            found["torn"] = ways.rules
        else:
            mixes = {"listed": ways.listed, "best": ways.best, "sure": ways.sure}
            found |= {name: _mix(layout, mix) for name, mix in mixes.items() if mix}
            if ways.shares is not None:
                shares = list(zip(layout.ids(), ways.shares.tolist(), strict=True))
        found["in_futures"] = [{"proposal": pk, "share": share} for pk, share in shares]
        found["exceptions"] = [
            {
                "proposal": price.forced.proposal,
                "gain": price.gain,
                "impact": price.impact,
                "pushes_out": price.entering,
            }
            for price in prices_of(case)
            if price.forced
        ]
        return Response(serializers.WaysSerializer(found).data)

    @extend_schema(request=QuestionSerializer, responses=serializers.NumberSerializer(many=True))
    @action(detail=False, methods=["post"], pagination_class=None)
    def worth(self, request: Request) -> Response:
        """The uncertain numbers that are most worth finding out before choosing."""
        user = explorer(self.request)
        body = QuestionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        _, case = _asked(run_to_explore(user), user, body.validated_data["query"])
        return Response(serializers.NumberSerializer(worth_finding_out(case), many=True).data)


def _asked(run: RankingRun, user: User, query: str) -> tuple[PlanForm, Case]:
    """The question and its case. Errors: what is wrong with the query, in sentences."""
    base = base_of(run)
    form = PlanForm(QueryDict(query), base=base, choices=leave_out(base, user))
    case = form.case()
    if case is None:
        raise ValidationError({"query": form.problems()})
    return form, case


def _mix(layout: Layout, mix: Mix) -> dict[str, Any]:
    return asdict(mix) | {"proposals": layout.ids(mix.chosen)}
