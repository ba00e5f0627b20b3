from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.insights import serializers
from projects.insights.filters import InsightFilter
from projects.insights.models import Insight, ResearchRequest
from projects.insights.selectors import current_insights, research
from projects.insights.services import (
    answer_research,
    ask_research,
    plan_research,
    record_insights,
)
from projects.people.requests import signed_in


class InsightViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Insight]
):
    """What is known of customers. The list leaves out what a better insight replaced."""

    queryset = Insight.objects.all()
    serializer_class = serializers.InsightSerializer
    filterset_class = InsightFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Insight]:
        return current_insights() if self.action == "list" else super().get_queryset()

    @extend_schema(responses={201: serializers.InsightSerializer})
    def create(self, request: Request) -> Response:
        """Keep a finding for good."""
        body = serializers.InsightSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        insight = Insight(**body.validated_data)
        (kept,) = record_insights(actor=signed_in(request), insights=[insight])
        return Response(serializers.InsightSerializer(kept).data, status=status.HTTP_201_CREATED)


class ResearchViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ResearchRequest]
):
    """What somebody wants to know of customers, so that they are asked once."""

    queryset = research()
    serializer_class = serializers.ResearchSerializer
    filterset_fields = ("stage", "segment")
    lookup_value_converter = "int"

    @extend_schema(responses={201: serializers.ResearchSerializer})
    def create(self, request: Request) -> Response:
        """Put a question into the register."""
        body = serializers.ResearchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = ResearchRequest(**body.validated_data)
        made = ask_research(actor=signed_in(request), asked=asked)
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.ResearchPlanSerializer, responses=serializers.ResearchSerializer
    )
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: int) -> Response:
        """Say who asks customers, and from when on."""
        body = serializers.ResearchPlanSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked, given = self.get_object(), body.validated_data
        return self._answer(plan_research(actor=signed_in(request), asked=asked, **given))

    @extend_schema(
        request=serializers.ResearchAnswerSerializer, responses=serializers.ResearchSerializer
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        """Name the insight that answers it."""
        body = serializers.ResearchAnswerSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked, given = self.get_object(), body.validated_data
        return self._answer(answer_research(actor=signed_in(request), asked=asked, **given))

    def _answer(self, asked: ResearchRequest, *, code: int = status.HTTP_200_OK) -> Response:
        return Response(serializers.ResearchSerializer(asked).data, status=code)
