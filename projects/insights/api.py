from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.insights.filters import InsightFilter
from projects.insights.models import Insight
from projects.insights.selectors import current_insights
from projects.insights.serializers import InsightSerializer
from projects.insights.services import record_insights
from projects.people.requests import signed_in


class InsightViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Insight]
):
    """What is known of customers. The list leaves out what a better insight replaced."""

    queryset = Insight.objects.all()
    serializer_class = InsightSerializer
    filterset_class = InsightFilter
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Insight]:
        return current_insights() if self.action == "list" else super().get_queryset()

    @extend_schema(responses={201: InsightSerializer})
    def create(self, request: Request) -> Response:
        """Keep a finding for good."""
        body = InsightSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        insight = Insight(**body.validated_data)
        (kept,) = record_insights(actor=signed_in(request), insights=[insight])
        return Response(InsightSerializer(kept).data, status=status.HTTP_201_CREATED)
