from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from projects.kpis.models import Kpi, KpiValue
from projects.kpis.serializers import KpiSerializer, KpiValueSerializer
from projects.kpis.services import add_kpi, record_value
from projects.people.requests import signed_in


class KpiViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Kpi]):
    """The measurement programme, from the first stage of the journey to the last."""

    queryset = Kpi.objects.all()
    serializer_class = KpiSerializer
    filterset_fields = ("stage", "function")
    lookup_value_converter = "int"

    @extend_schema(responses={201: KpiSerializer})
    def create(self, request: Request) -> Response:
        """Add a number for everybody."""
        body = KpiSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = add_kpi(actor=signed_in(request), kpi=Kpi(**body.validated_data))
        return Response(KpiSerializer(made).data, status=status.HTTP_201_CREATED)


class KpiValueViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[KpiValue]):
    """What KPIs stood at. A value is kept; of one day the one entered last counts."""

    queryset = KpiValue.objects.all()
    serializer_class = KpiValueSerializer
    filterset_fields = ("kpi", "as_of")

    @extend_schema(responses={201: KpiValueSerializer})
    def create(self, request: Request) -> Response:
        """Keep what a KPI stood at; the same again is kept once."""
        body = KpiValueSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        kept = record_value(actor=signed_in(request), value=KpiValue(**body.validated_data))
        return Response(KpiValueSerializer(kept).data, status=status.HTTP_201_CREATED)
