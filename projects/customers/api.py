from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.customers import serializers
from projects.customers.models import JourneyStage, Promise, Segment
from projects.customers.services import agree_to_deliver, hand_over_promise, make_promise
from projects.people.requests import signed_in


class JourneyStageViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[JourneyStage]):
    queryset = JourneyStage.objects.all()
    serializer_class = serializers.JourneyStageSerializer


class SegmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Segment]):
    queryset = Segment.objects.all()
    serializer_class = serializers.SegmentSerializer


class PromiseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Promise]
):
    """What the brand says to customers, and who makes it true."""

    queryset = Promise.objects.all()
    serializer_class = serializers.PromiseSerializer
    lookup_value_converter = "int"

    @extend_schema(responses={201: serializers.PromiseSerializer})
    def create(self, request: Request) -> Response:
        """Put a promise down; its deliverer is asked to agree."""
        body = serializers.PromiseSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = make_promise(actor=signed_in(request), promise=Promise(**body.validated_data))
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=serializers.PromiseSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: int) -> Response:
        """The deliverer's word."""
        return self._answer(agree_to_deliver(actor=signed_in(request), promise=self.get_object()))

    @extend_schema(request=serializers.DelivererSerializer, responses=serializers.PromiseSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: int) -> Response:
        """Name somebody else, who is asked to agree anew."""
        body = serializers.DelivererSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return self._answer(
            hand_over_promise(
                actor=signed_in(request), promise=self.get_object(), **body.validated_data
            )
        )

    def _answer(self, promise: Promise, *, code: int = status.HTTP_200_OK) -> Response:
        return Response(serializers.PromiseSerializer(promise).data, status=code)
