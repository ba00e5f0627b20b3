"""Decisions and their conditions through the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.http import creation_key, repeatable
from projects.people.requests import confirmed_in_api, signed_in
from scoring.decisions import serializers
from scoring.decisions.filters import DecisionFilter
from scoring.decisions.models import Condition, Decision, PreparedDecision
from scoring.decisions.selectors import has_letter, prepared_to_see
from scoring.decisions.services import (
    decide,
    meet_condition,
    refuse_unasked,
    second,
    turn_down,
)
from scoring.ranking.selectors.runs import is_open


class DecisionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Decision]
):
    """Decisions. Recorded once, never changed."""

    queryset = Decision.objects.select_related("decided_by", "seconded_by").prefetch_related(
        "conditions__met_by"
    )
    serializer_class = serializers.DecisionSerializer
    filterset_class = DecisionFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Decision]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        user = signed_in(self.request)
        return super().get_queryset().annotate(is_open=is_open(user), has_letter=has_letter(user))

    @extend_schema(
        responses={201: serializers.DecisionSerializer, 202: serializers.PreparedSerializer}
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """Decide on a proposal of the current run. Leaders only.

        202 where the charter asks for two leaders: it is prepared, and waits for the second one.
        """
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        said["override_code"] = said.get("override_code") or ""
        conditions = [Condition(**row) for row in said.pop("conditions", ())]
        refuse_unasked(said["outcome"], conditions, said.get("hold_until"))
        made = decide(
            actor=confirmed_in_api(request),
            creation_key=creation_key(request),
            conditions=conditions,
            **said,
        )
        if isinstance(made, PreparedDecision):
            waiting = serializers.PreparedSerializer(made).data
            return Response(waiting, status=status.HTTP_202_ACCEPTED)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


class ConditionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Condition]):
    """Conditions of greenlights."""

    queryset = Condition.objects.select_related("met_by", "decision")
    serializer_class = serializers.ConditionSerializer
    filterset_fields = ("decision", "owner")
    lookup_value_converter = "int"

    @extend_schema(request=serializers.MeetSerializer)
    @action(detail=True, methods=["post"])
    def meet(self, request: Request, pk: int) -> Response:
        """Say that a condition is met: who sees to it, or a leader."""
        body = serializers.MeetSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        met = meet_condition(
            actor=signed_in(request),
            condition=self.get_object(),
            how=body.validated_data.get("how", ""),
        )
        return Response(self.get_serializer(met).data)


class PreparedViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PreparedDecision]
):
    """Decisions that wait for a second leader of another function. Leaders only."""

    queryset = PreparedDecision.objects.all()
    serializer_class = serializers.PreparedSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[PreparedDecision]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return prepared_to_see(signed_in(self.request))

    @extend_schema(request=None, responses=serializers.DecisionSerializer)
    @action(detail=True, methods=["post"])
    def second(self, request: Request, pk: int) -> Response:
        """Agree: the decision is recorded as it was prepared."""
        made = second(actor=confirmed_in_api(request), waiting=self.get_object())
        return Response(serializers.DecisionSerializer(made).data)

    @extend_schema(request=serializers.TurnDownSerializer)
    @action(detail=True, methods=["post"], url_path="turn-down")
    def turn_down(self, request: Request, pk: int) -> Response:
        """End it without a decision: any leader, who prepared it too."""
        body = serializers.TurnDownSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        ended = turn_down(
            actor=signed_in(request),
            waiting=self.get_object(),
            because=body.validated_data["because"],
        )
        return Response(self.get_serializer(ended).data)
