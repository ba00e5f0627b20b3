from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.customers import serializers
from projects.customers.models import JourneyStage, Persona, Promise, Segment
from projects.customers.selectors import current_personas
from projects.customers.services import (
    agree_to_deliver,
    hand_over_promise,
    keep_persona,
    make_promise,
)
from projects.people.requests import signed_in


class JourneyStageViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[JourneyStage]):
    queryset = JourneyStage.objects.all()
    serializer_class = serializers.JourneyStageSerializer


class SegmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Segment]):
    queryset = Segment.objects.all()
    serializer_class = serializers.SegmentSerializer


class PersonaViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Persona]
):
    """Who customers are. The list leaves out what a newer portrait replaced."""

    queryset = Persona.objects.prefetch_related("segments")
    serializer_class = serializers.PersonaSerializer
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Persona]:
        return current_personas() if self.action == "list" else super().get_queryset()

    @extend_schema(responses={201: serializers.PersonaSerializer})
    def create(self, request: Request) -> Response:
        """Keep a portrait for good."""
        body = serializers.PersonaSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        segments = given.pop("segments", [])
        kept = keep_persona(actor=signed_in(request), persona=Persona(**given), segments=segments)
        return Response(serializers.PersonaSerializer(kept).data, status=status.HTTP_201_CREATED)


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
