from typing import Any

from drf_spectacular.utils import extend_schema_serializer, inline_serializer
from rest_framework import serializers

from projects.events.selectors import BY_TYPE, MOST


class AfterSerializer(serializers.Serializer[Any]):
    """Where a program that polls goes on."""

    after = serializers.IntegerField(min_value=0, max_value=10**18, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=MOST)


# Built from a mapping, as a serializer's own ``data`` is something else.
EventSerializer = inline_serializer(
    "Event",
    {
        "id": serializers.CharField(),
        "type": serializers.ChoiceField(choices=list(BY_TYPE)),
        "version": serializers.IntegerField(),
        "timestamp": serializers.DateTimeField(),
        "data": serializers.DictField(help_text="The numbers of what it happened to."),
    },
    many=True,
)


@extend_schema_serializer(many=False)
class EventsSerializer(serializers.Serializer[Any]):
    """Events in the order in which they happened, and the number to ask on with."""

    results = EventSerializer
    next = serializers.IntegerField()


class EventTypeSerializer(serializers.Serializer[Any]):
    """A type of event, and the JSON Schema of one."""

    type = serializers.CharField()
    says = serializers.CharField()
    schema = serializers.DictField()
