"""Saved views and scenarios through the API."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import Conflict
from projects.people.models import User
from scoring.panel.requests import explorer
from scoring.ranking.models import RankingRun
from scoring.ranking.selectors.runs import closed_to_judges, current_run, judgements_due
from scoring.what_if import serializers
from scoring.what_if.forms import QuestionForm
from scoring.what_if.models import Scenario
from scoring.what_if.services import base_of, leave_out, outcome_of
from scoring.what_if.services.scenarios import keep_scenario, remove_scenario


class ScenarioViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Scenario]
):
    """What-ifs of the current cycle under a name; each is answered on the current run."""

    asking_actions = ("ask",)
    queryset = Scenario.objects.none()
    serializer_class = serializers.ScenarioSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Scenario]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        explorer(self.request)
        return Scenario.objects.filter(cycle__is_current=True).select_related("created_by")

    def create(self, request: Request) -> Response:
        """Keep a question: ``query`` as in the address of the what-if page."""
        body = self.get_serializer(data=request.data)
        user = explorer(self.request)
        body.is_valid(raise_exception=True)
        run = run_to_explore(user)
        form = _form(run, user, body.validated_data["query"])
        made = keep_scenario(
            actor=user, run=run, name=body.validated_data["name"], query=form.address()
        )
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: int) -> Response:
        remove_scenario(actor=explorer(self.request), scenario=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=serializers.OutcomeSerializer)
    @action(detail=True)
    def answer(self, request: Request, pk: int) -> Response:
        """The list under the scenario, beside the current run."""
        return Response(_answered(explorer(self.request), self.get_object().query))

    @extend_schema(request=serializers.QuestionSerializer, responses=serializers.OutcomeSerializer)
    @action(detail=False, methods=["post"])
    def ask(self, request: Request) -> Response:
        """The list under a question that is not kept."""
        user = explorer(self.request)
        body = serializers.QuestionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(_answered(user, body.validated_data["query"]))


def run_to_explore(user: User) -> RankingRun:
    """The current run as the person may see it."""
    run = current_run(user)
    if run is None:
        if due := judgements_due(user, None):
            raise PermissionDenied(closed_to_judges(due))
        raise Conflict("Nothing is ranked yet.")
    return run


def _form(run: RankingRun, user: User, query: str) -> QuestionForm:
    base = base_of(run)
    choices = leave_out(base, user)
    form = QuestionForm(QueryDict(query), base=base, choices=choices)
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form


def _answered(user: User, query: str) -> dict[str, Any]:
    run = run_to_explore(user)
    question = _form(run, user, query).question()
    try:
        outcome = outcome_of(base_of(run), question)
    except ValueError:
        sentence = "Leave at least one criterion with a weight in."
        raise ValidationError({"query": sentence}) from None
    return dict(serializers.OutcomeSerializer(outcome).data)
