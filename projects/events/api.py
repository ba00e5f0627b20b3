"""Events for programs that poll."""

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from projects.events import serializers
from projects.events.selectors import KINDS, entries_after, event_of


class EventViewSet(viewsets.ViewSet):
    """What happened, in the order in which it did; the same that webhooks are told."""

    @extend_schema(parameters=[serializers.AfterSerializer], responses=serializers.EventsSerializer)
    def list(self, request: Request) -> Response:
        """Events after a number; ask on with ``next``, which stays where there are none."""
        asked = serializers.AfterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        after, limit = asked.validated_data["after"], asked.validated_data["limit"]
        entries = list(entries_after(after)[:limit])
        reached = entries[-1].number if entries else after
        return Response({"results": [event_of(entry) for entry in entries], "next": reached})

    @extend_schema(responses=serializers.EventTypeSerializer(many=True), filters=False)
    @action(detail=False)
    def types(self, _request: Request) -> Response:
        """Every type of event, with its JSON Schema."""
        return Response(
            [
                {"type": kind.type, "says": kind.says, "schema": kind.schema}
                for kind in KINDS.values()
            ]
        )
